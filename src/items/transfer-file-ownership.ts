/**
 * Asks the recipient to become the owner of a File (spec/domain.md 5.11).
 *
 * T1. A token is tried by its File's owner alone: a wrong one, tried by anybody else, locks the File. So the sender asks
 *     whether it is right while the relay says that the File is its own, and the recipient claims at once.
 * T2. What was claimed stays so: after it, nothing but the metadata is asked for any more.
 */
import { invariant } from "../errors/bug.ts";
import type { IdentityAttribute } from "../model/attribute.ts";
import { isIdentityAttribute, valueTypeOf } from "../model/attribute.ts";
import { extended } from "../model/extended.ts";
import type { FileRecord, FileSecret } from "../model/file-record.ts";
import { isId } from "../model/ids.ts";
import type { JsonObject } from "../model/json.ts";
import { isObject, textProblem } from "../model/shape.ts";
import type { Validation } from "../model/validation.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { ItemInfo, ItemKind, ItemMoment, RelayCall } from "../ports/item-kind.ts";
import { type Reference, readReference, writeReference } from "../sealed/reference.ts";
import { createApplication } from "./attribute-application.ts";
import { keptFlaw, peerOf, tagLooks, tagsFlaw, unionFlaw } from "./attribute-checks.ts";
import { ownWithValue, valueNeeds } from "./attribute-keys.ts";
import { createLedger, type Ledger } from "./attribute-ledger.ts";
import { given, givenIn } from "./attribute-responses.ts";
import { fileRecord } from "./file-records.ts";
import { isOver, lookFor, type SeenFile, seenFile, tokenAnswer, tokenLook } from "./file-sightings.ts";
import { accepted, withTags } from "./own-identity-answer.ts";
import { fine, invalidItem } from "./verdicts.ts";

const fresh = "TransferFileOwnershipAcceptResponseItem";

/** The kind; opening what Files say about themselves takes the suite. */
export function createTransferFileOwnershipItem(crypto: Crypto): ItemKind {
  const application = createApplication({
    fresh,
    given: (response) => givenIn(response),
    judge: ({ content }, item, info) => (isReferenceOf(content, item, info) ? fine : wrongAnswer),
  });
  const see = (item: JsonObject, info: ItemInfo) => seenFile(crypto, referenceIn(item), info);
  return Object.freeze<ItemKind>({
    type: "TransferFileOwnershipRequestItem",
    parse,
    responses: { [fresh]: given },
    redacted: ["fileReference", "ownershipToken"],
    needs: (item, moment) => (moment.response === undefined ? needs(item, moment) : application.needs(item, moment)),
    looks(item, moment) {
      const { info, decision, response } = moment;
      if (response !== undefined || decision?.accept === false || info.isAnswered) return [];
      const seen = see(item, info);
      if (typeof seen === "string") return [lookFor(referenceIn(item).id)];
      const isAsked = decision === undefined && seen.wire.owner === info.self;
      const token = isAsked ? [tokenLook(referenceIn(item).id, String(item["ownershipToken"]))] : [];
      return [...tagLooks(seen.properties.tags), ...token];
    },
    canCreate: (item, info) => (info.isAnswered ? fine : verdictOf(creationFlaw(item, info, see(item, info)))),
    canAccept: (item, _decision, info) => verdictOf(acceptanceFlaw(item, info, see(item, info))),
    claims: (item) => [claimOf(item)],
    accept(item, _decision, info) {
      const seen = see(item, info);
      invariant(typeof seen !== "string", "What may be accepted was seen.");
      return accept(item, info, seen);
    },
    canApply: application.canApply,
    apply: application.apply,
  });
}

const tokenRule = { min: 1, max: 20, required: true } as const;

function parse(item: JsonObject): string | undefined {
  const { fileReference } = item;
  const read = typeof fileReference === "string" ? readReference(fileReference) : undefined;
  if (read?.ok !== true || !isId(read.value.id, "FIL")) return "fileReference must be the reference of a File";
  return textProblem(item, "ownershipToken", tokenRule);
}

function referenceIn(item: JsonObject): Reference {
  const read = readReference(String(item["fileReference"]));
  return read.ok ? read.value : { id: "", secretKey: "" };
}

const fileKey = (id: string) => `files/${id}`;
const claimKey = (id: string) => `relay/claim/${id}`;

function claimOf(item: JsonObject): RelayCall {
  const { id } = referenceIn(item);
  const body = { ownershipToken: String(item["ownershipToken"]) };
  return { key: claimKey(id), operation: "claimFileOwnership", params: { id }, body };
}

function needs(item: JsonObject, { info, decision }: ItemMoment): readonly string[] {
  if (decision?.accept === false || info.isAnswered) return [];
  const key = fileKey(referenceIn(item).id);
  return decision === undefined ? [key] : [key, ...valueNeeds(info.known, referenceValue(item), info.peer)];
}

/** The bound of spec/domain.md 6.3; the address of the relay is left out where it would be too long. */
const valueCharsMax = 150;

function referenceValue(item: JsonObject): IdentityAttribute["value"] {
  const { id, secretKey, backboneBaseUrl } = referenceIn(item);
  const whole = writeReference({ id, secretKey, ...(backboneBaseUrl === undefined ? {} : { backboneBaseUrl }) });
  const value = whole.length <= valueCharsMax ? whole : writeReference({ id, secretKey });
  return { "@type": valueType, value };
}

const valueType = "IdentityFileReference";

function verdictOf(flaw: string | undefined): Validation {
  return flaw === undefined ? fine : invalidItem(flaw);
}

type Sight = SeenFile | string;

// The rows of 5.11, in order; the last are what the relay says today.
function creationFlaw(item: JsonObject, info: ItemInfo, seen: Sight): string | undefined {
  const { id } = referenceIn(item);
  const file = info.known.get(fileKey(id)) as FileRecord | undefined;
  if (file === undefined) return `There is no File ${id} here. Upload or load it first.`;
  if (!file.isOwn) return `The File ${id} is not your own.`;
  if (isOver(file.expiresAt, info.now)) return `The File ${id} has expired.`;
  const tags = tagsFlaw(info.known, file.tags, valueType);
  if (tags !== undefined) return tags;
  if (typeof seen === "string") return seen;
  if (seen.wire.owner !== info.self) return `The File ${id} is not your own any more.`;
  return tokenAnswer(info, id) ? undefined : `The ownership token of the File ${id} is not valid. Make a new one.`;
}

function acceptanceFlaw(item: JsonObject, info: ItemInfo, seen: Sight): string | undefined {
  if (typeof seen === "string") return seen;
  const { wire, properties } = seen;
  const { id } = wire;
  if (info.known.get(claimKey(id))?.["ok"] === true) return undefined;
  if (isOver(wire.expiresAt ?? undefined, info.now)) return `The File ${id} has expired.`;
  if (wire.owner === info.self) return `The File ${id} is your own already.`;
  if (wire.owner !== peerOf(info)) return `The File ${id} is not the asker's to give.`;
  const content = contentOf(item, { self: info.self, tags: properties.tags });
  const tags =
    tagsFlaw(info.known, properties.tags, valueType) ??
    keptFlaw(content) ??
    unionFlaw(ownWithValue(info.known, content.value), properties.tags);
  if (tags !== undefined) return tags;
  return wire.ownershipIsLocked ? `The File ${id} is locked, and no token is valid.` : undefined;
}

function accept(item: JsonObject, info: ItemInfo, { wire, properties, seal }: SeenFile) {
  const { self, requestId: sourceReference = "" } = info;
  const { id, cipherHash } = wire;
  const answer = info.known.get(claimKey(id))?.["result"];
  const token = isObject(answer) ? answer["newOwnershipToken"] : undefined;
  const ledger = createLedger(info);
  const attribute = ownAttribute(ledger, item, { self, tags: properties.tags });
  ledger.forward(attribute, { peer: peerOf(info), sourceReference });
  const response = accepted("TransferFileOwnership", { attributeId: attribute.id, attribute: attribute.content });
  const owned = fileRecord(self, extended(wire, { owner: self, ownershipIsLocked: false }), properties);
  const document = extended(owned, { claimedFor: sourceReference }) as unknown as JsonObject;
  const secret: FileSecret = {
    secretKey: referenceIn(item).secretKey,
    cipherHash,
    ...seal,
    ...(typeof token === "string" ? { ownershipToken: token } : {}),
  };
  const effects = ledger.effects();
  return {
    response,
    effects: {
      ...effects,
      puts: [...effects.puts, { key: fileKey(id), document }],
      secrets: [{ id: `file-${id}`, secret }],
    },
  };
}

interface Wanted {
  readonly self: string;
  readonly tags: readonly string[] | undefined;
}

// One attribute for one File, however often it changes hands (5.12 #1, #2); the asker is always told what it is.
function ownAttribute(ledger: Ledger, item: JsonObject, wanted: Wanted) {
  const content = contentOf(item, wanted);
  const found = ownWithValue(ledger.known, content.value);
  if (found !== undefined) return withTags(ledger, found, wanted.tags);
  return ledger.create({ id: ledger.newId(), "@type": "OwnIdentityAttribute", content });
}

function contentOf(item: JsonObject, { self, tags = [] }: Wanted): IdentityAttribute {
  const content = { "@type": "IdentityAttribute", owner: self, value: referenceValue(item) } as const;
  return tags.length === 0 ? content : { ...content, tags };
}

const wrongAnswer = invalidItem("The answer is no attribute of the recipient that refers to the File.");

function isReferenceOf(content: JsonObject, item: JsonObject, info: ItemInfo): boolean {
  const { value } = content;
  if (!isIdentityAttribute(content) || content.owner !== info.peer || valueTypeOf(content) !== valueType) return false;
  const read = isObject(value) ? readReference(String(value["value"])) : undefined;
  return read?.ok === true && read.value.id === referenceIn(item).id;
}
