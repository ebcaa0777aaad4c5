import { isGroup, itemsOf, type Request, type RequestItem } from "../model/request.ts";
import type { Validation } from "../model/validation.ts";
import type { ItemInfo } from "../ports/item-kind.ts";
import { guarded } from "./guarded.ts";
import type { ItemKinds } from "./item-kinds.ts";
import { repeatedKey } from "./key-uniqueness.ts";
import { failed, inherited, invalidItem } from "./verdicts.ts";

/** What judging a new Request takes. Without `info.peer` it is for a template, and the Relationship does not matter. */
export interface Creation {
  readonly request: Request;
  /** `requestCreatable`: the Relationship is Pending or Active. */
  readonly relationship?: {
    readonly exists: boolean;
    readonly requestCreatable: boolean;
    readonly peerDeletionStatus?: string;
  };
  readonly kinds: ItemKinds;
  readonly info: ItemInfo;
}

/** Whether the Request may be created and sent (spec/domain.md 4.4, rules 1 to 8 in order). */
export function canCreateRequest(creation: Creation): Validation {
  const failure = peerFailure(creation);
  if (failure !== undefined) return failure;
  const verdict = inherited(judgedItems(creation));
  return verdict.isSuccess ? (keyFailure(creation) ?? verdict) : verdict;
}

function peerFailure({ request, relationship, info }: Creation): Validation | undefined {
  const { self, peer, now } = info;
  if (peer === self)
    return failed("error.consumption.requests.cannotShareRequestWithYourself", "The peer is yourself. Choose another.");
  if (request.expiresAt !== undefined && Date.parse(request.expiresAt) < Date.parse(now))
    return failed(
      "error.consumption.requests.cannotCreateRequestWithExpirationDateInPast",
      `expiresAt is ${request.expiresAt}, which is over. Choose a date in the future.`,
    );
  if (peer === undefined) return undefined;
  if (relationship === undefined || !relationship.exists)
    return failed(
      "error.consumption.requests.missingRelationship",
      `There is no Relationship with ${peer}. Establish one first.`,
    );
  if (!relationship.requestCreatable)
    return failed(
      "error.consumption.requests.wrongRelationshipStatus",
      `The Relationship with ${peer} is neither Pending nor Active.`,
    );
  return deletionFailure(peer, relationship.peerDeletionStatus);
}

/** Why a peer whose identity is being or was deleted cannot be asked or answered. */
export function deletionFailure(peer: string, status: string | undefined): Validation | undefined {
  if (status === "ToBeDeleted")
    return failed(
      "error.consumption.requests.peerIsInDeletion",
      `${peer} is about to be deleted. Nothing can be sent.`,
    );
  if (status === "Deleted")
    return failed("error.consumption.requests.peerIsDeleted", `${peer} was deleted. Nothing can be sent.`);
  return undefined;
}

function judgedItems({ request, kinds, info }: Creation): readonly Validation[] {
  const judge = (item: RequestItem) => {
    const kind = kinds.get(item["@type"]);
    return kind === undefined
      ? invalidItem(`No kind knows ${item["@type"]}. Add the plugin that does.`)
      : guarded(() => kind.canCreate?.(item, info));
  };
  return request.items.map((entry) => (isGroup(entry) ? inherited(entry.items.map(judge)) : judge(entry)));
}

function keyFailure({ request, info }: Creation): Validation | undefined {
  const key = repeatedKey(
    itemsOf(request).filter((item) => item.mustBeAccepted),
    info.peer,
  );
  if (key === undefined) return undefined;
  return failed(
    "error.consumption.requests.violatedKeyUniquenessOfRelationshipAttributes",
    `Two items that must be accepted would create RelationshipAttributes with the key ${key}. Ask for one of them.`,
  );
}
