// Attributes as lists and views. What peers were given is counted when somebody asks.
import type { Account } from "../engine/context.ts";
import { forwardsOf } from "../engine/exchanged.ts";
import { gatherDocuments } from "../engine/knowledge.ts";
import { fault } from "../errors/rapport-error.ts";
import { unwrap } from "../errors/refusal.ts";
import { attributeIn, attributeKey, versionsIn, versionsNeeds } from "../items/attribute-keys.ts";
import type { AttributeRecord } from "../model/attribute-records.ts";
import { extended } from "../model/extended.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf } from "../model/keys.ts";
import { matches } from "../model/matches.ts";
import { parseQuery } from "../model/query.ts";
import { givenTo, viewsOf } from "./attribute-lists.ts";
import type { AttributeListOptions, ForwardingDetails, LocalAttribute } from "./attributes.ts";
import { settleTimers } from "./deadlines.ts";
import { type Query, same } from "./listing.ts";
import { looking } from "./looking.ts";

const detailFields = same(
  "id",
  "peer",
  "sourceReference",
  "sharedAt",
  "deletionInfo",
  "deletionInfo.deletionStatus",
  "deletionInfo.deletionDate",
);

/** The attribute; throws `error.runtime.recordNotFound`. */
export async function getAttribute(account: Account, id: string): Promise<LocalAttribute> {
  return only(await viewsOf(account, [await recordOf(account, id)]));
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

function only(views: readonly LocalAttribute[]): LocalAttribute {
  const [view] = views;
  if (view === undefined) throw fault("error.runtime.recordNotFound", "There is no such attribute.");
  return view;
}
