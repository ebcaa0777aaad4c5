/**
 * What an answer with an attribute does at the sender (spec/domain.md 5.6 to 5.8, "apply"). The peer chose ids and content,
 * so nothing of it is taken on trust.
 *
 * G1. An id that exists here is never written again: the same attribute of the same peer is what it was, all else is refused.
 * G2. A successor follows only what this very peer gave, and only its latest version; else it is left out.
 */
import type { AttributeContent } from "../model/attribute.ts";
import { isIdentityAttribute, isRelationshipAttribute, valueTypeOf } from "../model/attribute.ts";
import type { AttributeRecord } from "../model/attribute-records.ts";
import { isId } from "../model/ids.ts";
import type { JsonObject } from "../model/json.ts";
import { isSameJson } from "../model/same-json.ts";
import type { Validation } from "../model/validation.ts";
import type { ItemEffects, ItemInfo, ItemMoment } from "../ports/item-kind.ts";
import { peerOf } from "./attribute-checks.ts";
import { attributeIn, attributeKey, indexKeyOf } from "./attribute-keys.ts";
import { createLedger, type NewAttribute } from "./attribute-ledger.ts";
import { lengthRefusal } from "./attribute-succession.ts";
import { failed, fine } from "./verdicts.ts";

/** What `judge` is asked about. */
export interface Judged extends Given {
  readonly isSuccessor?: true;
}

/** How a kind reads the answers that its plain type gives. */
export interface Application {
  /** The type of ResponseItem that brings an attribute the sender does not have in any version. */
  readonly fresh: string;
  /** What it brings; the content of the item itself where the answer has only the id. */
  given(response: JsonObject, item: JsonObject, info: ItemInfo): Given;
  /** Whether this is an answer to the item; `isSuccessor` is said of what follows a version given before. */
  judge(given: Judged, item: JsonObject, info: ItemInfo): Validation;
}

/** The content of an answer, and whom a third-party one exists with. */
export interface Given {
  readonly content: AttributeContent;
  readonly initialAttributePeer?: string;
}

/** The sender's half of a kind. */
export function createApplication(application: Application) {
  const { fresh, judge } = application;
  return {
    needs(item: JsonObject, { info, response = {} }: ItemMoment): readonly string[] {
      const keys = ["attributeId", "predecessorId", "successorId"].flatMap((member) => {
        const id = response[member];
        return isId(id, "ATT") ? [attributeKey(id)] : [];
      });
      if (response["@type"] !== fresh) return keys;
      const index = indexKeyOf(draftOf(application.given(response, item, info), { response, info }));
      return index === undefined ? keys : [...keys, index];
    },
    canApply(response: JsonObject, item: JsonObject, info: ItemInfo): Validation {
      if (response["@type"] === succession) {
        const content = response["successorContent"] as AttributeContent;
        const before = predecessorOf(response, info);
        const third = before?.initialAttributePeer;
        const given = {
          content,
          isSuccessor: true as const,
          ...(third === undefined ? {} : { initialAttributePeer: third }),
        };
        const verdict = judge(given, item, info);
        return verdict.isSuccess && before !== undefined ? nextVerdict(before, response, info) : verdict;
      }
      if (response["@type"] !== fresh) return fine;
      const given = application.given(response, item, info);
      const verdict = judge(given, item, info);
      return verdict.isSuccess ? idVerdict(draftOf(given, { response, info }), info) : verdict;
    },
    apply(response: JsonObject, item: JsonObject, info: ItemInfo): ItemEffects {
      if (response["@type"] === succession) return succeeded(response, info);
      if (response["@type"] === alreadyShared) return renewed(String(response["attributeId"]), info);
      if (response["@type"] !== fresh) return {};
      return received(draftOf(application.given(response, item, info), { response, info }), info);
    },
  };
}

const succession = "AttributeSuccessionAcceptResponseItem";
const alreadyShared = "AttributeAlreadySharedAcceptResponseItem";

/** Stores what a peer gave, unless it is here already; `idVerdict` allowed it. */
export function received(draft: NewAttribute, info: ItemInfo): ItemEffects {
  if (attributeIn(info.known, draft.id) !== undefined) return {};
  const ledger = createLedger(info);
  ledger.create(draft);
  return ledger.effects();
}

/** Takes back that something the peer gave is to be deleted, or that the peer had withdrawn it: it was given again. */
export function renewed(id: string, info: ItemInfo): ItemEffects {
  const attribute = attributeIn(info.known, id);
  const status = attribute?.deletionInfo?.deletionStatus;
  const isMarked = status === "ToBeDeleted" || status === "DeletedByEmitter";
  if (!isMarked || attribute?.peer !== info.peer) return {};
  const ledger = createLedger(info);
  ledger.mark(id, undefined);
  return ledger.effects();
}

/** Whether what a peer gave may be stored under its id (G1). */
export function idVerdict(draft: NewAttribute, { known }: Pick<ItemInfo, "known">): Validation {
  const existing = attributeIn(known, draft.id);
  if (existing === undefined || isSameGift(existing, draft)) return fine;
  return failed(
    "error.consumption.attributes.wrongTypeOfAttribute",
    `The id ${draft.id} is that of another attribute here. The peer must choose a new one.`,
  );
}

/** True when a peer gives what it gave before. */
export function isSameGift(existing: AttributeRecord, draft: NewAttribute): boolean {
  return (
    existing["@type"] === draft["@type"] &&
    existing.peer === draft.peer &&
    existing.initialAttributePeer === draft.initialAttributePeer &&
    isSameJson(existing.content, draft.content)
  );
}

function nextVerdict(before: AttributeRecord, { successorId }: JsonObject, { known }: ItemInfo): Validation {
  const long = lengthRefusal(before);
  if (long !== undefined) return failed(long.code, long.message);
  const id = String(successorId);
  if (attributeIn(known, id) === undefined) return fine;
  return failed(
    "error.consumption.attributes.successorMustNotYetExist",
    `The id ${id} is that of another attribute here. The peer must choose a new one.`,
  );
}

function draftOf(
  { content, initialAttributePeer }: Given,
  { response, info }: { readonly response: JsonObject; readonly info: ItemInfo },
): NewAttribute {
  const third = initialAttributePeer === undefined ? {} : { initialAttributePeer };
  return {
    id: String(response["attributeId"]),
    "@type": typeOf({ content, ...third }, info),
    content,
    peer: peerOf(info),
    sourceReference: info.requestId ?? "",
    ...third,
  };
}

/** What the content is for somebody who gets it from a peer. */
function typeOf({ content, initialAttributePeer }: Given, { self }: ItemInfo): AttributeRecord["@type"] {
  if (isIdentityAttribute(content)) return "PeerIdentityAttribute";
  if (initialAttributePeer !== undefined) return "ThirdPartyRelationshipAttribute";
  return content.owner === self ? "OwnRelationshipAttribute" : "PeerRelationshipAttribute";
}

/** What the answer's successor follows, if it may. */
function predecessorOf(response: JsonObject, { known, peer }: ItemInfo): AttributeRecord | undefined {
  const before = attributeIn(known, String(response["predecessorId"]));
  const after = response["successorContent"] as AttributeContent;
  if (before === undefined || before.peer !== peer || before.succeededBy !== undefined) return undefined;
  if (before["@type"] !== "PeerIdentityAttribute" && before["@type"] !== "ThirdPartyRelationshipAttribute")
    return undefined;
  return isSameSubject(before.content as AttributeContent, after) ? before : undefined;
}

function isSameSubject(before: AttributeContent, after: AttributeContent): boolean {
  if (before["@type"] !== after["@type"] || before.owner !== after.owner) return false;
  if (valueTypeOf(before) !== valueTypeOf(after)) return false;
  return !isRelationshipAttribute(before) || before.key === after["key"];
}

function succeeded(response: JsonObject, info: ItemInfo): ItemEffects {
  const before = predecessorOf(response, info);
  if (before === undefined) return {};
  const { initialAttributePeer } = before;
  const ledger = createLedger(info);
  ledger.succeed(before.id, {
    id: String(response["successorId"]),
    "@type": before["@type"],
    content: response["successorContent"] as AttributeContent,
    peer: peerOf(info),
    sourceReference: info.requestId ?? "",
    ...(initialAttributePeer === undefined ? {} : { initialAttributePeer }),
  });
  return ledger.effects();
}
