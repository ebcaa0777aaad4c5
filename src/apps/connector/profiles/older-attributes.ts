// Attributes as the generations before the third show them (spec/connector-api.md 1.14; spec/domain.md 6.1). Pure.
import type { LocalAttribute } from "rapport";
import type { JsonObject } from "rapport/core";
import { extended, picked } from "./extended.ts";
import type { SharedCopy } from "./profile.ts";

/** The attribute as the second generation has it; what was given to a peer is an attribute of its own. */
export function olderAttribute(view: LocalAttribute, copy: SharedCopy | undefined): JsonObject {
  const deletionInfo = olderDeletionInfo(copy === undefined ? view : copy);
  if (copy !== undefined) {
    const { id, sharedAt: createdAt } = copy;
    const shareInfo = shareInfoOfCopy(view, copy);
    return extended({ id, createdAt, content: view.content }, { shareInfo, deletionInfo });
  }
  const own = picked(view, "id", "createdAt", "content", "succeeds", "succeededBy", "isDefault");
  return extended(own, { shareInfo: shareInfoOf(view), deletionInfo });
}

/** From whom it came, or with whom it exists; nothing for what is kept for oneself. */
export function shareInfoOf(view: LocalAttribute): JsonObject | undefined {
  const { peer, sourceReference = "", initialAttributePeer } = view;
  if (peer === undefined) return undefined;
  return extended({ peer, ...referenceTo(sourceReference) }, { thirdPartyAddress: initialAttributePeer });
}

/** To whom the copy went, and of what it is a copy. */
function shareInfoOfCopy({ id, peer: thirdPartyAddress }: LocalAttribute, { peer, sourceReference }: SharedCopy) {
  return extended({ peer, ...referenceTo(sourceReference), sourceAttribute: id }, { thirdPartyAddress });
}

function referenceTo(source: string): JsonObject {
  return source.startsWith("NOT") ? { notificationReference: source } : { requestReference: source };
}

const olderWords: { readonly [status: string]: string } = {
  ToBeDeletedByRecipient: "ToBeDeletedByPeer",
  DeletedByRecipient: "DeletedByPeer",
  DeletedByEmitter: "DeletedByOwner",
};

/** What becomes of it, in the words of the second generation. */
export function olderDeletionInfo({ deletionInfo }: Pick<SharedCopy, "deletionInfo">): JsonObject | undefined {
  if (deletionInfo === undefined) return undefined;
  const { deletionStatus, deletionDate } = deletionInfo;
  return { deletionStatus: olderWords[deletionStatus] ?? deletionStatus, deletionDate };
}
