// New versions of own attributes, and telling peers of them (spec/domain.md 6.7).
import { accountTurn } from "../engine/change.ts";
import { type CommandTag, recordResult } from "../engine/commands.ts";
import type { Account } from "../engine/context.ts";
import { relationshipWith } from "../engine/deciding-facts.ts";
import { applyEffects } from "../engine/effects.ts";
import { gatherDocuments, type Known } from "../engine/knowledge.ts";
import { postLetter, type SealedLetter } from "../engine/outgoing-message.ts";
import { sealNotice, sendNotices } from "../engine/outgoing-notification.ts";
import { recipientsRefusal } from "../engine/recipients.ts";
import { allow, type Outcome, refuse } from "../errors/refusal.ts";
import { attributeIn, forwardsIn, latestHeld, lineNeeds } from "../items/attribute-keys.ts";
import type { Ledger } from "../items/attribute-ledger.ts";
import { judgeSuccession, type Succession, successionNeeds } from "../items/attribute-succession.ts";
import type { AttributeRecord } from "../model/attribute-records.ts";
import { extended } from "../model/extended.ts";
import { newId } from "../model/ids.ts";
import type { JsonObject } from "../model/json.ts";
import { succeededItem } from "../model/notification.ts";
import { isObject } from "../model/shape.ts";
import { trimmedValue } from "../model/trimmed.ts";
import type { Reads } from "../turn/turn.ts";
import { viewsOf } from "./attribute-lists.ts";
import type { Succeeded, SucceedInput } from "./attributes.ts";
import { collectionFor, ledgerOver } from "./attributes-creating.ts";

/** Puts the new version in its place; the partner of a RelationshipAttribute is told. */
export async function succeed(account: Account, input: SucceedInput, tag: CommandTag): Promise<Outcome<Succeeded>> {
  const tags = await collectionFor(account, input.successorContent);
  const id = newId("ATT", account.entropy);
  return carryOut(account, tag, async (reads) => {
    const wanted = (known: Known): Succession => {
      const before = attributeIn(known, input.predecessorId);
      const successor = { id, content: contentAfter(account, before, input.successorContent) };
      return { predecessorId: input.predecessorId, successor, ...(tags === undefined ? {} : { tags }) };
    };
    const known = await gatherDocuments(account, reads, (found) => successionNeeds(found, wanted(found)));
    const judged = judgeOwn(known, wanted(known));
    if (!judged.ok) return judged;
    const { "@type": type, peer } = judged.value;
    const notificationId = newId("NOT", account.entropy);
    const ledger = ledgerOver(account, known);
    const successor = ledger.succeed(input.predecessorId, {
      id,
      "@type": type,
      content: wanted(known).successor.content,
      ...(peer === undefined ? {} : { peer, sourceReference: notificationId }),
    });
    const predecessor = ledger.attribute(input.predecessorId) ?? judged.value;
    return prepare(account, reads, { ledger, predecessor, successor, peer, notificationId, tag });
  });
}

/** Gives the peer this version of an OwnIdentityAttribute of which it has an earlier one. */
export async function notifyPeer(
  account: Account,
  { attributeId, peer }: { readonly attributeId: string; readonly peer: string },
  tag: CommandTag,
): Promise<Outcome<Required<Succeeded>>> {
  const done = await carryOut(account, tag, async (reads) => {
    const known = await gatherDocuments(account, reads, (found) => [
      ...lineNeeds(found, attributeId, peer),
      ...lineNeeds(found, heldBy(found, attributeId, peer)?.attributeId ?? attributeId, peer),
    ]);
    const judged = judgeNotice(known, attributeId, peer);
    if (!judged.ok) return judged;
    const { predecessor, successor } = judged.value;
    const ledger = ledgerOver(account, known);
    const notificationId = newId("NOT", account.entropy);
    ledger.forward(successor, { peer, sourceReference: notificationId });
    return prepare(account, reads, { ledger, predecessor, successor, peer, notificationId, tag });
  });
  return done as Outcome<Required<Succeeded>>;
}

interface Prepared {
  readonly ledger: Ledger;
  readonly result: Succeeded;
  readonly letter?: SealedLetter;
}

async function carryOut(
  account: Account,
  tag: CommandTag,
  gather: (reads: Reads) => Promise<Outcome<Prepared>>,
): Promise<Outcome<Succeeded>> {
  const done = await accountTurn<Outcome<Prepared>, Prepared>(account, {
    gather,
    plan(prepared, change) {
      if (!prepared.ok) return prepared;
      const { ledger, letter, result } = prepared.value;
      applyEffects(change, ledger.effects());
      if (letter === undefined) recordResult(account, change, { tag, result: result as unknown as JsonObject });
      else postLetter(account, change, letter);
      return prepared;
    },
  });
  if (!done.ok) return done;
  const { letter, result } = done.value;
  if (letter !== undefined) await sendNotices(account, [letter.intent]);
  return allow(result);
}

interface Preparing {
  readonly ledger: Ledger;
  readonly predecessor: AttributeRecord;
  readonly successor: AttributeRecord;
  /** Who is told, and how. */
  readonly peer: string | undefined;
  readonly notificationId: string;
  readonly tag: CommandTag;
}

async function prepare(account: Account, reads: Reads, preparing: Preparing): Promise<Outcome<Prepared>> {
  const { ledger, predecessor, successor, peer, notificationId, tag } = preparing;
  const [before, after] = await viewsOf(account, [predecessor, successor]);
  if (before === undefined || after === undefined) return refuse("error.runtime.unknown", "There are no two versions.");
  const isForwarded = peer !== undefined && successor["@type"] === "OwnIdentityAttribute";
  const numberOfForwards = (after.numberOfForwards ?? 0) + (isForwarded ? 1 : 0);
  const pair = { predecessor: before, successor: extended(after, { numberOfForwards }) };
  if (peer === undefined) return allow({ ledger, result: pair });
  const result = { ...pair, notificationId };
  const relationship = await relationshipWith(account, reads, peer);
  const refusal = recipientsRefusal([[peer, relationship]], true);
  if (refusal !== undefined || relationship === undefined)
    return refusal === undefined ? refuse("error.runtime.unknown", `${peer} is a stranger.`) : { ok: false, refusal };
  const { id: successorId, content: successorContent } = successor;
  const item = { "@type": succeededItem, predecessorId: predecessor.id, successorId, successorContent };
  const notice = { id: notificationId, item, relationship, result: result as unknown as JsonObject, tag };
  const letter = await sealNotice(account, reads, notice);
  return letter.ok ? allow({ ledger, result, letter: letter.value }) : letter;
}

/** What was given, completed by what stays as it was. */
function contentAfter(account: Account, before: AttributeRecord | undefined, given: JsonObject): JsonObject {
  if (before === undefined) return given;
  if (before["@type"] !== "OwnIdentityAttribute") return { ...before.content, ...given };
  const { value } = given;
  const trimmed = isObject(value) ? { value: trimmedValue(value) } : {};
  return { "@type": "IdentityAttribute", owner: account.self, ...given, ...trimmed };
}

function judgeOwn(known: Known, wanted: Succession): Outcome<AttributeRecord> {
  const { predecessorId: id } = wanted;
  const before = attributeIn(known, id);
  if (before === undefined) return refuse("error.runtime.recordNotFound", `There is no attribute ${id}. Check the id.`);
  if (before["@type"] !== "OwnIdentityAttribute" && before["@type"] !== "OwnRelationshipAttribute")
    return refuse("error.consumption.attributes.wrongOwnerOfAttribute", `${id} is ${before.peer}'s to succeed.`);
  return judgeSuccession(known, wanted);
}

function heldBy(known: Known, attributeId: string, peer: string) {
  const attribute = attributeIn(known, attributeId);
  return attribute === undefined ? undefined : latestHeld(forwardsIn(known, attribute.root, peer));
}

const prefix = "error.runtime.attributes";

function judgeNotice(
  known: Known,
  id: string,
  peer: string,
): Outcome<{ readonly predecessor: AttributeRecord; readonly successor: AttributeRecord }> {
  const successor = attributeIn(known, id);
  if (successor === undefined) return refuse("error.runtime.recordNotFound", `There is no attribute ${id}.`);
  if (successor["@type"] !== "OwnIdentityAttribute")
    return refuse(`${prefix}.isNotOwnIdentityAttribute`, `${id} is an ${successor["@type"]}.`);
  const held = heldBy(known, id, peer);
  const predecessor = held === undefined ? undefined : attributeIn(known, held.attributeId);
  if (held === undefined || predecessor === undefined)
    return refuse(`${prefix}.peerHasNoPreviousVersionOfAttribute`, `${peer} has no version of ${id}.`);
  if (held.version === successor.version)
    return refuse(`${prefix}.ownIdentityAttributeHasAlreadyBeenSharedWithPeer`, `${peer} has ${id}.`);
  if (held.version > successor.version) {
    const code = `${prefix}.successorOfOwnIdentityAttributeHasAlreadyBeenSharedWithPeer` as const;
    return refuse(code, `${peer} has ${held.attributeId}, which came after ${id}.`);
  }
  return allow({ predecessor, successor });
}
