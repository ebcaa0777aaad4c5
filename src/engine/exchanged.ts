// What two identities have exchanged, and what becomes of it when their Relationship changes (spec/domain.md 3.5).
import { attributeKey, forwardsKey, indexesNeeds } from "../items/attribute-keys.ts";
import { attributeTimer, createLedger, type Ledger } from "../items/attribute-ledger.ts";
import type { AttributeRecord, ForwardsRecord } from "../model/attribute-records.ts";
import type { Condition } from "../model/condition.ts";
import { newId } from "../model/ids.ts";
import type { JsonObject } from "../model/json.ts";
import { type Kind, pathOf } from "../model/keys.ts";
import type { NotificationRecord, RelationshipRecord, RequestRecord } from "../model/records.ts";
import type { Document } from "../ports/store.ts";
import type { Reads } from "../turn/turn.ts";
import type { Change } from "./change.ts";
import type { Account } from "./context.ts";
import { applyEffects } from "./effects.ts";
import type { Known } from "./knowledge.ts";
import { isRelationship } from "./relationship-state.ts";

/** Attributes received from a peer or created with it, and what it was given of all others. */
export interface Exchanged {
  readonly attributes: readonly AttributeRecord[];
  readonly given: readonly ForwardsRecord[];
  /** What others were given of `attributes`. */
  readonly passedOn: readonly ForwardsRecord[];
  readonly known: Known;
}

type Where = { readonly [field: string]: readonly Condition[] };

/** The documents that match now, each as the commit will expect it. */
async function findAndGet<D extends Document>(
  account: Account,
  reads: Reads,
  { kind, where }: { readonly kind: Kind; readonly where: Where },
): Promise<D[]> {
  const found: D[] = [];
  for await (const { key } of reads.find<D>({ under: pathOf(account.id, kind), where })) {
    const stored = await reads.get<D>(key);
    if (stored !== undefined) found.push(stored.document);
  }
  return found;
}

/** Forwards of any of these attributes. */
export async function forwardsOf(account: Account, reads: Reads, ids: readonly string[]): Promise<ForwardsRecord[]> {
  if (ids.length === 0) return [];
  return findAndGet(account, reads, { kind: "attributeforwards", where: { "details.attributeId": [{ anyOf: ids }] } });
}

/** Reads what was exchanged with the peer. */
export async function gatherExchanged(account: Account, reads: Reads, peer: string): Promise<Exchanged> {
  const where = { peer: [{ anyOf: [peer] }] };
  const attributes = await findAndGet<AttributeRecord>(account, reads, { kind: "attributes", where });
  const given = await findAndGet<ForwardsRecord>(account, reads, { kind: "attributeforwards", where });
  const forwards = await forwardsOf(
    account,
    reads,
    attributes.map(({ id }) => id),
  );
  const known = new Map<string, JsonObject | undefined>();
  const read = async (key: string) => {
    if (!known.has(key)) known.set(key, (await reads.get<JsonObject>(`${account.id}/${key}`))?.document);
  };
  for (const { id, succeededBy } of attributes) {
    await read(attributeKey(id));
    if (succeededBy !== undefined) await read(attributeKey(succeededBy));
  }
  for (const key of indexesNeeds(attributes)) await read(key);
  for (const { root, details } of given) {
    await read(forwardsKey(root, peer));
    for (const { attributeId } of details) await read(attributeKey(attributeId));
  }
  return { attributes, given, passedOn: forwards.filter((one) => one.peer !== peer), known };
}

/** What a Relationship that has just taken this status leads to; undefined when it is nothing. */
export async function gatherAftermath(
  account: Account,
  reads: Reads,
  { before, after }: { readonly before: RelationshipRecord; readonly after: RelationshipRecord },
): Promise<Exchanged | undefined> {
  const isNews = before.status !== after.status;
  if (!isNews || !(isRelationship(after, "declined") || isRelationship(after, "peerLeft"))) return undefined;
  return gatherExchanged(account, reads, after.peer);
}

/** Deletes what a declined Relationship brought; marks what a peer that left has deleted at its side. */
export function takeAftermath(
  account: Account,
  change: Change,
  at: { readonly record: RelationshipRecord; readonly exchanged: Exchanged | undefined; readonly now: string },
): void {
  const { record, exchanged, now } = at;
  if (exchanged === undefined) return;
  const ledger = createLedger({ known: exchanged.known, now, newId: (prefix) => newId(prefix, account.entropy) });
  const hasLeft = isRelationship(record, "peerLeft");
  if (hasLeft) markAll(ledger, exchanged, record);
  else removeAll(ledger, exchanged, record.peer);
  applyEffects(change, ledger.effects());
  if (!hasLeft) for (const one of exchanged.passedOn) removeForwards(change, one);
}

function markAll(ledger: Ledger, { attributes, given }: Exchanged, { peer, auditLog }: RelationshipRecord): void {
  const deletionDate = auditLog.at(-1)?.createdAt ?? "";
  for (const { id, "@type": type, deletionInfo } of attributes) {
    // What is promised to be deleted by a date is deleted then.
    if (deletionInfo?.deletionStatus === "ToBeDeleted") continue;
    const deletionStatus = type === "OwnRelationshipAttribute" ? "DeletedByRecipient" : "DeletedByEmitter";
    ledger.mark(id, { deletionStatus, deletionDate });
  }
  for (const { details } of given)
    for (const { attributeId } of details) {
      const attribute = ledger.attribute(attributeId);
      const info = { deletionStatus: "DeletedByRecipient", deletionDate };
      if (attribute !== undefined) ledger.markForward(attribute, peer, info);
    }
}

function removeAll(ledger: Ledger, { attributes, given }: Exchanged, peer: string): void {
  for (const { details } of given)
    for (const { attributeId } of details) {
      const attribute = ledger.attribute(attributeId);
      if (attribute !== undefined) ledger.unforward(attribute, peer);
    }
  for (const { id } of attributes.toSorted((one, other) => other.version - one.version)) ledger.remove(id);
}

/**
 * Takes back what accepting a Request brought here when its Response never left: the peer knows of none of it, has none of
 * what was to be given, and may ask again. Facts about oneself stay.
 */
export function takeBack(
  account: Account,
  change: Change,
  at: { readonly request: RequestRecord; readonly exchanged: Exchanged; readonly now: string },
): void {
  const { request, exchanged, now } = at;
  const { known, given, attributes } = exchanged;
  const ledger = createLedger({ known, now, newId: (prefix) => newId(prefix, account.entropy) });
  for (const { details } of given)
    for (const { attributeId, sourceReference } of details) {
      const attribute = sourceReference === request.id ? ledger.attribute(attributeId) : undefined;
      if (attribute !== undefined) ledger.unforward(attribute, request.peer);
    }
  for (const { id, sourceReference, succeeds, succeededBy } of attributes)
    if (sourceReference === request.id && succeeds === undefined && succeededBy === undefined) ledger.remove(id);
  applyEffects(change, ledger.effects());
}

/** Takes away all that was exchanged, without a word (spec/domain.md 9). */
export function eraseExchanged(change: Change, { attributes, given, passedOn }: Exchanged): void {
  for (const { id } of attributes) {
    change.remove("attributes", id);
    change.deadline(attributeTimer(id), undefined);
  }
  for (const key of indexesNeeds(attributes)) change.remove("attributekeys", key.slice(key.indexOf("/") + 1));
  for (const one of [...given, ...passedOn]) removeForwards(change, one);
}

function removeForwards(change: Change, { root, peer }: ForwardsRecord): void {
  change.remove("attributeforwards", `${root}~${peer}`);
}

/** The LocalNotifications of a peer. */
export function notificationsOf(account: Account, reads: Reads, peer: string): Promise<NotificationRecord[]> {
  return findAndGet(account, reads, { kind: "notifications", where: { peer: [{ anyOf: [peer] }] } });
}
