/**
 * Answers with attributes of one's own that the peer may have already, in this version or another (spec/domain.md 5.12, and
 * 5.7 for those that exist). At most one of the ResponseItems for this: new to the peer, known, or newer than known.
 */
import { invariant } from "../errors/bug.ts";
import type { IdentityAttribute } from "../model/attribute.ts";
import type { AttributeRecord } from "../model/attribute-records.ts";
import { extended } from "../model/extended.ts";
import type { JsonObject } from "../model/json.ts";
import { kept, mergedTags } from "./attribute-checks.ts";
import { forwardsIn, latestHeld, ownWithValue } from "./attribute-keys.ts";
import type { Ledger } from "./attribute-ledger.ts";

/** Whom the answer is for, and what it is when the peer has no version. */
export interface Asker {
  readonly peer: string;
  readonly sourceReference: string;
  fresh(attribute: AttributeRecord): JsonObject;
}

/** Answers with a fact about self: the one that exists, with the tags it lacks, or a new one (5.12 #1, #2). */
export function answerWithOwn(ledger: Ledger, content: IdentityAttribute, asker: Asker): JsonObject {
  const found = ownWithValue(ledger.known, content.value);
  const attribute =
    found === undefined
      ? ledger.create({ id: ledger.newId(), "@type": "OwnIdentityAttribute", content: kept(content) })
      : withTags(ledger, found, content.tags);
  return answerWithVersion(ledger, attribute, asker);
}

/** The attribute if it has these tags, else a successor that has. */
export function withTags(ledger: Ledger, attribute: AttributeRecord, tags: readonly string[] = []): AttributeRecord {
  const content = attribute.content as IdentityAttribute;
  const merged = mergedTags(content.tags, tags);
  if (merged.length === (content.tags ?? []).length) return attribute;
  const { isDefault } = attribute;
  return ledger.succeed(attribute.id, {
    id: ledger.newId(),
    "@type": attribute["@type"],
    content: extended(content, { tags: merged }),
    ...(isDefault === undefined ? {} : { isDefault }),
  });
}

/** Answers with this very version (5.12 #3). */
export function answerWithVersion(ledger: Ledger, attribute: AttributeRecord, asker: Asker): JsonObject {
  const { peer, sourceReference } = asker;
  const held = latestHeld(forwardsIn(ledger.known, attribute.root, peer));
  if (held?.attributeId === attribute.id) {
    if (held.deletionInfo?.deletionStatus === "ToBeDeletedByRecipient") ledger.markForward(attribute, peer, undefined);
    return accepted("AttributeAlreadyShared", { attributeId: attribute.id });
  }
  ledger.forward(attribute, { peer, sourceReference });
  if (held === undefined) return asker.fresh(attribute);
  invariant(held.version < attribute.version, `The peer has a newer version than ${attribute.id}.`);
  return accepted("AttributeSuccession", {
    predecessorId: held.attributeId,
    successorId: attribute.id,
    successorContent: attribute.content,
  });
}

/** The accepting ResponseItem of this name. */
export function accepted(name: string, members: JsonObject): JsonObject {
  return { "@type": `${name}AcceptResponseItem`, result: "Accepted", ...members };
}
