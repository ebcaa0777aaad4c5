// Where attributes are, and which documents one thing to know about them takes. Keys are `<kind>/<id>` as in `needs`.
import { keyPlaceLengthMax } from "../limits.ts";
import type {
  AttributeRecord,
  ForwardsRecord,
  KeyBucketRecord,
  ValueBucketRecord,
} from "../model/attribute-records.ts";
import type { JsonObject } from "../model/json.ts";
import { isSameValue, valueBucket } from "../model/trimmed.ts";

/** What is known, as items and turns see it. */
export type Known = ReadonlyMap<string, JsonObject | undefined>;

/** What a RelationshipAttribute is found by when its key must be unique (spec/domain.md 5.13). */
export interface AttributeIdentity {
  /** The partner of the Relationship. */
  readonly peer: string;
  readonly isOwn: boolean;
  readonly valueType: string;
  readonly key: string;
}

/** Where a LocalAttribute is. */
export const attributeKey = (id: string): string => `attributes/${id}`;

/** Where it says which versions of a line a peer was given. */
export const forwardsKey = (root: string, peer: string): string => `attributeforwards/${root}~${peer}`;

/** Where the latest OwnIdentityAttributes with this value are named, among others. */
export const valuesKey = (value: JsonObject): string => `attributevalues/${encodeURIComponent(valueBucket(value))}`;

/** Where the latest RelationshipAttributes with this identity are named, among others. */
export const identityKey = ({ peer, isOwn, valueType, key }: AttributeIdentity): string =>
  `attributekeys/${peer}~${isOwn ? "own" : "peer"}~${encodeURIComponent(valueType)}~${placeOf(key)}`;

// A peer chooses the key: halves of characters cannot be encoded, and a store takes only so many bytes.
const placeOf = (key: string): string =>
  encodeURIComponent(key.replace(/\p{Surrogate}/gu, "\uFFFD")).slice(0, keyPlaceLengthMax);

/** The LocalAttribute, as far as it is known. */
export function attributeIn(known: Known, id: string): AttributeRecord | undefined {
  return known.get(attributeKey(id)) as AttributeRecord | undefined;
}

/** What a peer was given of a line, as far as it is known. */
export function forwardsIn(known: Known, root: string, peer: string): ForwardsRecord | undefined {
  return known.get(forwardsKey(root, peer)) as ForwardsRecord | undefined;
}

/** One entry of what a peer was given. */
export type Forward = ForwardsRecord["details"][number];

/** True unless the peer has deleted its copy, or has said that it will when `pendingCounts` is false. */
export function isHeld({ deletionInfo }: Pick<Forward, "deletionInfo">, pendingCounts = true): boolean {
  const status = deletionInfo?.deletionStatus;
  if (status === "DeletedByRecipient") return false;
  return pendingCounts || status !== "ToBeDeletedByRecipient";
}

/** The newest version of the line that the peer still has. */
export function latestHeld(forwards: ForwardsRecord | undefined): Forward | undefined {
  const held = (forwards?.details ?? []).filter((forward) => isHeld(forward));
  return held.reduce<Forward | undefined>((best, one) => (best && best.version >= one.version ? best : one), undefined);
}

/** The documents about an attribute and what a peer was given of its line. */
export function lineNeeds(known: Known, id: string, peer?: string): string[] {
  const attribute = attributeIn(known, id);
  const needed = [attributeKey(id)];
  if (attribute !== undefined && peer !== undefined) needed.push(forwardsKey(attribute.root, peer));
  return needed;
}

/** The index document that names the attribute while it is the latest of its line; third-party attributes have none. */
export function indexKeyOf({ "@type": type, content, peer = "" }: Pick<AttributeRecord, "@type" | "content" | "peer">) {
  const value = content["value"] as JsonObject;
  if (type === "OwnIdentityAttribute") return valuesKey(value);
  if (type !== "OwnRelationshipAttribute" && type !== "PeerRelationshipAttribute") return undefined;
  const isOwn = type === "OwnRelationshipAttribute";
  return identityKey({ peer, isOwn, valueType: String(value["@type"]), key: String(content["key"]) });
}

/** The index documents of these attributes, each once. */
export function indexesNeeds(attributes: readonly Parameters<typeof indexKeyOf>[0][]): string[] {
  return [...new Set(attributes.flatMap((one) => indexKeyOf(one) ?? []))];
}

/** The documents that removing an attribute and all its versions before it writes. */
export function removalNeeds(known: Known, id: string): string[] {
  const attribute = attributeIn(known, id);
  const successor = attribute?.succeededBy === undefined ? [] : [attributeKey(attribute.succeededBy)];
  return [...versionsNeeds(known, id), ...successor, ...indexesNeeds(versionsIn(known, id))];
}

// How far the walk from a version has come. A peer may ask about many versions of a long line in one go, and each is asked
// about again after every step.
const walks = new WeakMap<Known, Map<string, string>>();

/** The documents of an attribute and of its versions before it: of those, the first that is not known yet. */
export function versionsNeeds(known: Known, id: string): string[] {
  const walk = walks.get(known) ?? new Map<string, string>();
  walks.set(known, walk);
  let at = walk.get(id) ?? id;
  for (let next = attributeIn(known, at)?.succeeds; next !== undefined; next = attributeIn(known, at)?.succeeds)
    at = next;
  walk.set(id, at);
  return at === id ? [attributeKey(id)] : [attributeKey(id), attributeKey(at)];
}

/** The attribute and all its versions before it that are known, newest first. */
export function versionsIn(known: Known, id: string): AttributeRecord[] {
  const versions: AttributeRecord[] = [];
  for (let next = attributeIn(known, id); next !== undefined; ) {
    versions.push(next);
    next = next.succeeds === undefined ? undefined : attributeIn(known, next.succeeds);
  }
  return versions;
}

/** The documents that tell whether there is an OwnIdentityAttribute with this value, and what the peer has of it. */
export function valueNeeds(known: Known, value: JsonObject, peer?: string): string[] {
  const bucket = known.get(valuesKey(value)) as ValueBucketRecord | undefined;
  return [valuesKey(value), ...(bucket?.ids ?? []).flatMap((id) => lineNeeds(known, id, peer))];
}

/** The latest OwnIdentityAttribute with this value (spec/domain.md 5.12 #1). */
export function ownWithValue(known: Known, value: JsonObject): AttributeRecord | undefined {
  const bucket = known.get(valuesKey(value)) as ValueBucketRecord | undefined;
  return (bucket?.ids ?? [])
    .flatMap((id) => attributeIn(known, id) ?? [])
    .find(({ content }) => isSameValue(content["value"] as JsonObject, value));
}

/** The documents that tell whether a key is taken. */
export function identityNeeds(known: Known, identity: AttributeIdentity): string[] {
  const bucket = known.get(identityKey(identity)) as KeyBucketRecord | undefined;
  return [identityKey(identity), ...(bucket?.ids ?? []).map(attributeKey)];
}

/** The RelationshipAttribute that holds the key: neither deleted nor about to be, by either side ("key conflict", 5.3). */
export function holderOfKey(known: Known, identity: AttributeIdentity): AttributeRecord | undefined {
  const bucket = known.get(identityKey(identity)) as KeyBucketRecord | undefined;
  return (bucket?.ids ?? [])
    .flatMap((id) => attributeIn(known, id) ?? [])
    .find((one) => one.content["key"] === identity.key && !isLeaving(one));
}

const leaving: readonly unknown[] = ["ToBeDeletedByRecipient", "DeletedByRecipient", "ToBeDeleted", "DeletedByEmitter"];

/** True for an attribute that one side has deleted, or is about to. */
export function isLeaving({ deletionInfo }: Pick<AttributeRecord, "deletionInfo">): boolean {
  return leaving.includes(deletionInfo?.deletionStatus);
}
