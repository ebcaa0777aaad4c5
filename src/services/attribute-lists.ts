// Attributes as lists. What peers were given of them is elsewhere, and belongs to what embedders see.
import type { Account } from "../engine/context.ts";
import { attributeView } from "../items/attribute-ledger.ts";
import type { AttributeRecord, ForwardsRecord } from "../model/attribute-records.ts";
import type { Condition } from "../model/condition.ts";
import { extended } from "../model/extended.ts";
import type { JsonObject } from "../model/json.ts";
import { pathOf } from "../model/keys.ts";
import type { Fields } from "../model/query.ts";
import type { AttributeListOptions, LocalAttribute } from "./attributes.ts";
import { alsoPrefixed, notAfter, notBefore } from "./field-reading.ts";
import { type Asked, each, found, type List, type Listed, same } from "./listing.ts";

/** What attributes can be asked by, in the words of both generations (spec/connector-api.md 1.13). */
export const attributeFields: Fields = alsoPrefixed({
  ...same(
    "id",
    "@type",
    "createdAt",
    "peer",
    "sourceReference",
    "initialAttributePeer",
    "parentId",
    "succeeds",
    "succeededBy",
    "isDefault",
    "wasViewedAt",
    "content.@type",
    "content.owner",
    "content.tags",
    "content.key",
    "content.isTechnical",
    "content.confidentiality",
    "content.value.@type",
    "content.value.title",
    "content.value.value",
    "shareInfo",
    "shareInfo.peer",
    "shareInfo.requestReference",
    "shareInfo.notificationReference",
    "shareInfo.sourceAttribute",
    "shareInfo.thirdPartyAddress",
    "deletionInfo",
    "deletionInfo.deletionStatus",
    "deletionInfo.deletionDate",
  ),
  "content.validFrom": notBefore("content.validFrom"),
  "content.validTo": notAfter("content.validTo"),
});

const attributes: List<AttributeRecord, AttributeRecord> = {
  kind: "attributes",
  fields: attributeFields,
  beside: { members: ["shareInfo"], of: shareInfoOf },
  hasDeadlines: true,
  view: (record) => record,
};

/** Conditions, and more that must hold, of the attributes of one list. */
export type Which = Pick<List<AttributeRecord, unknown>, "always" | "keeps">;

type Where = { readonly [path: string]: readonly Condition[] };

/** All of them. */
export const everyAttribute = async (): Promise<Which> => ({});

/** OwnIdentityAttributes. */
export async function ownAttributes({ onlyLatestVersions = true }: AttributeListOptions): Promise<Which> {
  return { always: { "@type": [{ anyOf: ["OwnIdentityAttribute"] }], ...latest(onlyLatestVersions) } };
}

/** Own attributes that the peer has or was given. */
export async function ownSharedWith(
  account: Account,
  peer: string,
  { onlyLatestVersions = true, hideTechnical = false }: AttributeListOptions,
): Promise<Which> {
  const given = await givenTo(account, peer, onlyLatestVersions);
  const types = ["OwnIdentityAttribute", "OwnRelationshipAttribute"];
  return {
    always: { "@type": [{ anyOf: types }], ...technical(hideTechnical) },
    keeps: (one) => (one.peer === peer ? !onlyLatestVersions || one.succeededBy === undefined : given.has(one.id)),
  };
}

/** Attributes that came from the peer. */
export async function receivedFrom(
  peer: string,
  { onlyLatestVersions = true, hideTechnical = false }: AttributeListOptions,
): Promise<Which> {
  const types = ["PeerIdentityAttribute", "PeerRelationshipAttribute", "ThirdPartyRelationshipAttribute"];
  const always = { "@type": [{ anyOf: types }], peer: [{ anyOf: [peer] }] };
  return { always: { ...always, ...technical(hideTechnical), ...latest(onlyLatestVersions) } };
}

/** Conditions that leave the versions which have no successor. */
export function latest(isWanted: boolean): Where {
  return isWanted ? { succeededBy: [{ exists: false }] } : {};
}

/** The records that match, after what is due. */
export async function listed(account: Account, asked: Asked, which: Which): Promise<AttributeRecord[]> {
  return found(account, extended(attributes, which), asked);
}

/** The views of these attributes. */
export async function allOf(account: Account, asked: Asked, which: Promise<Which>): Promise<LocalAttribute[]> {
  return viewsOf(account, await listed(account, asked, await which));
}

/** Attributes whose forwards are looked up together. */
const countedAtOnce = 64;

/** These attributes one by one. The version counts what peers were given, too: the view says of how many there are. */
export async function* eachOf(
  account: Account,
  asked: Asked,
  which: Promise<Which>,
): AsyncGenerator<Listed<LocalAttribute>, void, undefined> {
  let some: Listed<AttributeRecord>[] = [];
  for await (const entry of each(account, extended(attributes, await which), asked)) {
    some.push(entry);
    if (some.length < countedAtOnce) continue;
    yield* counted(account, some);
    some = [];
  }
  yield* counted(account, some);
}

async function* counted(account: Account, some: readonly Listed<AttributeRecord>[]) {
  const ids = some.map(({ id }) => id);
  const forwards = await forwardsById(account, ids);
  for (const { id, version, view } of some) {
    const given = forwards.get(id) ?? [];
    const listed: Listed<LocalAttribute> = {
      id,
      version: given.length === 0 ? version : mixed([version, ...given]),
      view: async () => withCount(await view(), given.length),
    };
    yield listed;
  }
}

/** The views of these attributes, with how many peers were given each. */
export async function viewsOf(account: Account, records: readonly AttributeRecord[]): Promise<LocalAttribute[]> {
  const countable = records.filter(isForwardable).map(({ id }) => id);
  const forwards = await forwardsById(account, countable);
  return records.map((record) => withCount(record, forwards.get(record.id)?.length ?? 0));
}

// For every attribute that was given to peers, the versions of what says so.
async function forwardsById(account: Account, ids: readonly string[]): Promise<ReadonlyMap<string, number[]>> {
  const versionsById = new Map<string, number[]>();
  if (ids.length === 0) return versionsById;
  const where = { "details.attributeId": [{ anyOf: ids }] };
  const under = pathOf(account.id, "attributeforwards");
  for await (const { version, document } of account.store.find<ForwardsRecord>({ under, where }))
    for (const { attributeId } of document.details) {
      const versions = versionsById.get(attributeId);
      if (versions === undefined) versionsById.set(attributeId, [version]);
      else versions.push(version);
    }
  return versionsById;
}

function withCount(record: AttributeRecord, numberOfForwards: number): LocalAttribute {
  const view = attributeView(record);
  return isForwardable(record) ? extended(view, { numberOfForwards }) : view;
}

const forwardable: readonly string[] = [
  "OwnIdentityAttribute",
  "OwnRelationshipAttribute",
  "PeerRelationshipAttribute",
] satisfies readonly AttributeRecord["@type"][];

const isForwardable = (record: AttributeRecord) => forwardable.includes(record["@type"]);

// 53 bits of what the numbers are together, so that other numbers give another one.
function mixed(versions: readonly number[]): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (const one of versions.join()) {
    high = Math.imul(high ^ one.charCodeAt(0), 2_654_435_761);
    low = Math.imul(low ^ one.charCodeAt(0), 1_597_334_677);
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909);
  return 2 ** 32 * (2_097_151 & low) + (high >>> 0);
}

// What the older generation kept of an attribute that is not only here.
function shareInfoOf({ peer, sourceReference, initialAttributePeer }: AttributeRecord): JsonObject {
  if (peer === undefined) return {};
  const by = sourceReference?.startsWith("NOT") ? "notificationReference" : "requestReference";
  return {
    shareInfo: {
      peer,
      ...(sourceReference === undefined ? {} : { [by]: sourceReference }),
      ...(initialAttributePeer === undefined ? {} : { thirdPartyAddress: initialAttributePeer }),
    },
  };
}

function technical(isHidden: boolean): Where {
  return isHidden ? { "content.isTechnical": [{ noneOf: [true] }] } : {};
}

/** The ids of what the peer was given; of each line the newest version alone, if that is wanted. */
export async function givenTo(account: Account, peer: string, onlyNewest: boolean): Promise<Set<string>> {
  const query = { under: pathOf(account.id, "attributeforwards"), where: { peer: [{ anyOf: [peer] }] } };
  const given = new Set<string>();
  for await (const { document } of account.store.find<ForwardsRecord>(query)) {
    const { details } = document;
    const newest = Math.max(...details.map(({ version }) => version));
    for (const { attributeId, version } of details) if (!onlyNewest || version === newest) given.add(attributeId);
  }
  return given;
}
