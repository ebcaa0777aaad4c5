// How a stored Relationship follows the chart. Pure: nothing here reads or writes.
import {
  createdRelationship,
  factOfAuditReason,
  type RelationshipEffect,
  type RelationshipEnvelope,
  type RelationshipFactType,
  type RelationshipRole,
  type RelationshipTag,
  relationshipChart,
  statusOfRelationship,
} from "rapport/machines";
import { allow, type Outcome, refuse } from "../errors/refusal.ts";
import type { AuditEntry, PeerRecord, RelationshipRecord, StateEnvelope } from "../model/records.ts";
import { current, hasTag, step } from "../turn/step.ts";
import type { WireAuditEntry } from "../wire/shapes.ts";

/** The state of a Relationship that was just created. */
export const newRelationshipState = (): StateEnvelope => createdRelationship() as StateEnvelope;

const stateOf = (record: RelationshipRecord) =>
  current(relationshipChart, record.state as unknown as RelationshipEnvelope);

/** The other side's role. */
export function peerRole(role: RelationshipRole): RelationshipRole {
  return role === "initiator" ? "templator" : "initiator";
}

/** True when the Relationship's state carries the tag. */
export function isRelationship(record: RelationshipRecord, tag: RelationshipTag): boolean {
  return hasTag(relationshipChart, stateOf(record), tag);
}

/** Whether self may take this step now: nothing, or the refusal with the spec's local code. */
export function mayStep(record: RelationshipRecord, type: RelationshipFactType): Outcome<undefined> {
  const taken = step(relationshipChart, stateOf(record), { type, by: record.role });
  if (taken.ok) return allow(undefined);
  const message = `The Relationship ${record.id} is ${record.status}; "${type}" by the ${record.role} is not possible now.`;
  return refuse(taken.refusal.local, message, { relationship: record.id, status: record.status });
}

/** The relay's audit entry as it is kept and shown. */
export function auditEntryOf(entry: WireAuditEntry): AuditEntry {
  const { createdAt, createdBy, createdByDevice, reason, oldStatus, newStatus } = entry;
  return {
    createdAt,
    createdBy,
    ...(createdByDevice === null ? {} : { createdByDevice }),
    reason,
    ...(oldStatus === null ? {} : { oldStatus }),
    newStatus,
  };
}

/** A Relationship after it caught up, and what its engine should announce, in order. */
export interface Followed {
  readonly record: RelationshipRecord;
  readonly grew: boolean;
  readonly announcements: readonly string[];
}

/**
 * Feeds the entries that the record does not have to the chart, one by one (R4). `seen` says whether self acted (events
 * in the actor's order) or learned of it by synchronising. Several steps are one announcement (spec/domain.md 3.6), also
 * when the answer to an own step brings steps of the peer that no sync had brought.
 */
export function follow(
  record: RelationshipRecord,
  auditLog: readonly WireAuditEntry[],
  { self, seen }: { readonly self: string; readonly seen: "acting" | "syncing" },
): Outcome<Followed> {
  const missing = auditLog.toSorted(byTime).slice(record.auditLog.length);
  let state = stateOf(record);
  const entries = [...record.auditLog];
  const announced: string[][] = [];
  for (const entry of missing) {
    const type = factOfAuditReason(entry.reason);
    // A peer that was deleted has a pseudonym in the relay's copy.
    const by = entry.createdBy === self ? record.role : peerRole(record.role);
    const taken = type === undefined ? undefined : step(relationshipChart, state, { type, by });
    if (!taken?.ok) return illegal(record, entry);
    state = taken.next;
    entries.push(auditEntryOf(entry));
    announced.push(announcementsOf(taken.effects, seen));
  }
  const status = statusOfRelationship(state.value);
  const next = { ...record, state: state as StateEnvelope, status, auditLog: entries };
  return allow({ record: next, grew: missing.length > 0, announcements: merged(announced, seen) });
}

/** The peer's record after one of its Relationships changed (R1). */
export function peerAfter(peer: PeerRecord, record: RelationshipRecord): PeerRecord {
  const { address, openRequests, existing, newest, newestAt } = peer;
  const createdAt = record.auditLog[0]?.createdAt ?? "";
  const younger = newestAt === undefined || createdAt >= newestAt;
  const exists = isRelationship(record, "existing");
  const still = exists ? record.id : existing === record.id ? undefined : existing;
  return {
    address,
    openRequests,
    ...(still === undefined ? {} : { existing: still }),
    ...(younger
      ? { newest: record.id, newestAt: createdAt }
      : { ...(newest === undefined ? {} : { newest }), newestAt }),
  };
}

/** The record of a peer that nothing is known about. */
export const strangerRecord = (address: string): PeerRecord => ({ address, openRequests: [] });

/** The order of an audit log. */
export function byTime(one: WireAuditEntry, other: WireAuditEntry): number {
  return one.createdAt < other.createdAt ? -1 : one.createdAt > other.createdAt ? 1 : 0;
}

function announcementsOf(effects: readonly RelationshipEffect[], seen: "acting" | "syncing"): string[] {
  const names: string[] = [];
  for (const effect of effects) {
    if (effect.type !== "announce") continue;
    names.push(...(seen === "acting" ? effect.params.events : effect.params.onSync));
  }
  return names;
}

function merged(announced: readonly (readonly string[])[], seen: "acting" | "syncing"): string[] {
  const all = [...new Set(announced.flat())];
  if (seen === "acting") return all;
  const others = all.filter((name) => name !== "relationshipChanged");
  return all.includes("relationshipChanged") ? [...others, "relationshipChanged"] : others;
}

function illegal(record: RelationshipRecord, entry: WireAuditEntry): Outcome<never> {
  const message = `The relay reports ${entry.reason} for ${record.id}, which is ${record.status}: that step does not exist.`;
  return refuse("relay.malformedAnswer", message, { relationship: record.id, reason: entry.reason });
}
