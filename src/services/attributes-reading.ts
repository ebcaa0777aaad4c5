// Attributes as lists and views. What peers were given is counted when somebody asks.
import type { Account } from "../engine/context.ts";
import { forwardsOf } from "../engine/exchanged.ts";
import { gatherDocuments } from "../engine/knowledge.ts";
import { fault } from "../errors/rapport-error.ts";
import { unwrap } from "../errors/refusal.ts";
import { attributeIn, attributeKey, versionsIn, versionsNeeds } from "../items/attribute-keys.ts";
import { attributeView } from "../items/attribute-ledger.ts";
import type { AttributeRecord, ForwardsRecord } from "../model/attribute-records.ts";
import type { Condition } from "../model/condition.ts";
import { extended } from "../model/extended.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf, pathOf } from "../model/keys.ts";
import { matches } from "../model/matches.ts";
import { parseQuery } from "../model/query.ts";
import type { AttributeListOptions, ForwardingDetails, LocalAttribute } from "./attributes.ts";
import { settleTimers } from "./deadlines.ts";
import { type Asked, each, found, type List, type Listed, type Query, same } from "./listing.ts";
import { looking } from "./looking.ts";

/** What attributes can be asked by (spec/connector-api.md 1.13). */
export const attributeFields = same(
  "id",
  "@type",
  "createdAt",
  "peer",
  "sourceReference",
  "initialAttributePeer",
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
  "deletionInfo.deletionStatus",
  "deletionInfo.deletionDate",
);

const detailFields = same(
  "id",
  "peer",
  "sourceReference",
  "sharedAt",
  "deletionInfo.deletionStatus",
  "deletionInfo.deletionDate",
);

type Where = { readonly [path: string]: readonly Condition[] };

/** The attribute; throws `error.runtime.recordNotFound`. */
export async function getAttribute(account: Account, id: string): Promise<LocalAttribute> {
  return only(await viewsOf(account, [await recordOf(account, id)]));
}

/** Which attributes a list has: those that match, and of which all of this holds. */
type Which = Pick<List<AttributeRecord, unknown>, "always" | "keeps">;

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

/** These attributes one by one. */
export async function* eachOf(
  account: Account,
  asked: Asked,
  which: Promise<Which>,
): AsyncGenerator<Listed<LocalAttribute>, void, undefined> {
  const view = async (record: AttributeRecord) => only(await viewsOf(account, [record]));
  yield* each(account, extended(extended(attributes, { view }), await which), asked);
}

/** The views of these attributes. */
export async function allOf(account: Account, asked: Asked, which: Promise<Which>): Promise<LocalAttribute[]> {
  return viewsOf(account, await listed(account, asked, await which));
}

/** The versions of the attribute's line, newest first. */
export async function versions(account: Account, id: string): Promise<LocalAttribute[]> {
  return viewsOf(account, await lineOf(account, id));
}

/** Those of them that the peer has or was given, newest first. */
export async function versionsSharedWith(
  account: Account,
  { id, peer }: { readonly id: string; readonly peer: string },
  { onlyLatestVersions = true }: AttributeListOptions = {},
): Promise<LocalAttribute[]> {
  const line = await lineOf(account, id);
  const given = await givenTo(account, peer, false);
  const shared = line.filter((one) => one.peer === peer || given.has(one.id));
  return viewsOf(account, onlyLatestVersions ? shared.slice(0, 1) : shared);
}

/** What peers were given of this version. */
export async function forwardingDetails(account: Account, id: string, query: Query = {}): Promise<ForwardingDetails[]> {
  const where = unwrap(parseQuery(query, detailFields));
  await recordOf(account, id);
  return (await forwardsOf(account, looking(account), [id]))
    .flatMap(({ peer, details }) => details.map(({ version: _version, ...one }) => extended(one, { peer })))
    .filter((one) => one.attributeId === id && matches(one as JsonObject, where));
}

/** The views of these attributes, with how many peers were given each. */
export async function viewsOf(account: Account, records: readonly AttributeRecord[]): Promise<LocalAttribute[]> {
  const countable = records.filter(({ "@type": type }) => forwardable.includes(type)).map(({ id }) => id);
  const counts = new Map<string, number>();
  for (const { details } of await forwardsOf(account, looking(account), countable))
    for (const { attributeId } of details) counts.set(attributeId, (counts.get(attributeId) ?? 0) + 1);
  return records.map((record) => {
    const view = attributeView(record);
    if (!forwardable.includes(record["@type"])) return view;
    return extended(view, { numberOfForwards: counts.get(record.id) ?? 0 });
  });
}

const forwardable: readonly string[] = [
  "OwnIdentityAttribute",
  "OwnRelationshipAttribute",
  "PeerRelationshipAttribute",
] satisfies readonly AttributeRecord["@type"][];

/** The records that match, after what is due. */
export async function listed(account: Account, asked: Asked, which: Which): Promise<AttributeRecord[]> {
  return found(account, extended(attributes, which), asked);
}

const attributes: List<AttributeRecord, AttributeRecord> = {
  kind: "attributes",
  fields: attributeFields,
  hasDeadlines: true,
  view: (record) => record,
};

/** Conditions that leave the versions which have no successor. */
export function latest(isWanted: boolean): Where {
  return isWanted ? { succeededBy: [{ exists: false }] } : {};
}

function technical(isHidden: boolean): Where {
  return isHidden ? { "content.isTechnical": [{ noneOf: [true] }] } : {};
}

async function recordOf(account: Account, id: string): Promise<AttributeRecord> {
  await settleTimers(account);
  const stored = await account.store.get<AttributeRecord>(keyOf(account.id, "attributes", id));
  if (stored === undefined) throw fault("error.runtime.recordNotFound", `There is no attribute ${id}. Check the id.`);
  return stored.document;
}

async function lineOf(account: Account, id: string): Promise<AttributeRecord[]> {
  await recordOf(account, id);
  const after: AttributeRecord[] = [];
  const known = await gatherDocuments(account, looking(account), (found) => [
    ...versionsNeeds(found, id),
    ...successorNeeds(found, id),
  ]);
  for (let next = attributeIn(known, id)?.succeededBy; next !== undefined; ) {
    const version = attributeIn(known, next);
    if (version !== undefined) after.unshift(version);
    next = version?.succeededBy;
  }
  return [...after, ...versionsIn(known, id)];
}

function successorNeeds(known: Parameters<typeof attributeIn>[0], id: string): string[] {
  const needed: string[] = [];
  for (let next = attributeIn(known, id)?.succeededBy; next !== undefined; ) {
    needed.push(attributeKey(next));
    next = attributeIn(known, next)?.succeededBy;
  }
  return needed;
}

// The ids of what the peer was given; of each line the newest version alone, if that is wanted.
async function givenTo(account: Account, peer: string, onlyNewest: boolean): Promise<Set<string>> {
  const query = { under: pathOf(account.id, "attributeforwards"), where: { peer: [{ anyOf: [peer] }] } };
  const given = new Set<string>();
  for await (const { document } of account.store.find<ForwardsRecord>(query)) {
    const { details } = document;
    const newest = Math.max(...details.map(({ version }) => version));
    for (const { attributeId, version } of details) if (!onlyNewest || version === newest) given.add(attributeId);
  }
  return given;
}

function only(views: readonly LocalAttribute[]): LocalAttribute {
  const [view] = views;
  if (view === undefined) throw fault("error.runtime.recordNotFound", "There is no such attribute.");
  return view;
}
