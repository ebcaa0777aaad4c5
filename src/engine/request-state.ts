// How a stored LocalRequest follows its chart. Pure: nothing here reads or writes.

import {
  deadlineOfIncomingRequest,
  draftedRequest,
  type IncomingRequestEffect,
  type IncomingRequestEnvelope,
  type IncomingRequestFact,
  type IncomingRequestTag,
  incomingRequestChart,
  type OutgoingRequestEffect,
  type OutgoingRequestEnvelope,
  type OutgoingRequestFact,
  type OutgoingRequestTag,
  outgoingRequestChart,
  receivedRequest,
  statusOfIncomingRequest,
  statusOfOutgoingRequest,
} from "rapport/machines";
import { allow, type Outcome, refuse } from "../errors/refusal.ts";
import { extended } from "../model/extended.ts";
import type { RequestRecord, StateEnvelope } from "../model/records.ts";
import { current, hasTag, step } from "../turn/step.ts";

/** A LocalRequest after a fact, and the changes of status to announce. */
export interface Moved {
  readonly record: RequestRecord;
  readonly removed: boolean;
  readonly announcements: readonly { readonly name: string; readonly oldStatus: string; readonly newStatus: string }[];
}

const incomingState = (record: RequestRecord) =>
  current(incomingRequestChart, record.state as unknown as IncomingRequestEnvelope);
const outgoingState = (record: RequestRecord) =>
  current(outgoingRequestChart, record.state as unknown as OutgoingRequestEnvelope);

/** The state of a Request that was just received. */
export function receivedState(type: "Message" | "RelationshipTemplate", expiresAt: string | undefined): StateEnvelope {
  return receivedRequest(type, expiresAt) as StateEnvelope;
}

/** The state of a Request that was just created. */
export function draftedState(expiresAt: string | undefined): StateEnvelope {
  return draftedRequest(expiresAt) as StateEnvelope;
}

/** True when an incoming LocalRequest's state carries the tag. */
export function isIncoming(record: RequestRecord, tag: IncomingRequestTag): boolean {
  return !record.isOwn && hasTag(incomingRequestChart, incomingState(record), tag);
}

/** True when an outgoing LocalRequest's state carries the tag. */
export function isOutgoing(record: RequestRecord, tag: OutgoingRequestTag): boolean {
  return record.isOwn && hasTag(outgoingRequestChart, outgoingState(record), tag);
}

/** The incoming LocalRequest after the fact. */
export function moveIncoming(record: RequestRecord, fact: IncomingRequestFact, now: string): Outcome<Moved> {
  const taken = step(incomingRequestChart, incomingState(record), fact);
  if (!taken.ok)
    return refuse(taken.refusal.local, wrong(record, fact.type), { request: record.id, status: record.status });
  const status = statusOfIncomingRequest(taken.next.value);
  return allow(moved(record, { state: taken.next as StateEnvelope, status, effects: taken.effects, now }));
}

/** The outgoing LocalRequest after the fact. */
export function moveOutgoing(record: RequestRecord, fact: OutgoingRequestFact, now: string): Outcome<Moved> {
  const taken = step(outgoingRequestChart, outgoingState(record), fact);
  if (!taken.ok)
    return refuse(taken.refusal.local, wrong(record, fact.type), { request: record.id, status: record.status });
  const status = statusOfOutgoingRequest(taken.next.value);
  return allow(moved(record, { state: taken.next as StateEnvelope, status, effects: taken.effects, now }));
}

/** Lets the clock speak to a LocalRequest: Expired when its time is over, else the very same record. */
export function afterClock(record: RequestRecord, now: string): Moved {
  const fact = { type: "clock.reached", now } as const;
  const taken = record.isOwn ? moveOutgoing(record, fact, now) : moveIncoming(record, fact, now);
  return taken.ok ? taken.value : { record, removed: false, announcements: [] };
}

/** When the clock has to speak to it, if ever. */
export function deadlineOf(record: RequestRecord): string | undefined {
  const expirable = record.isOwn ? isOutgoing(record, "expirable") : isIncoming(record, "expirable");
  if (!expirable) return undefined;
  const deadline = record.isOwn
    ? outgoingState(record).context.expiresAt
    : deadlineOfIncomingRequest(incomingState(record).context);
  return deadline ?? undefined;
}

interface Taken {
  readonly state: StateEnvelope;
  readonly status: string;
  readonly effects: readonly (IncomingRequestEffect | OutgoingRequestEffect)[];
  readonly now: string;
}

function moved(record: RequestRecord, { state, status, effects, now }: Taken): Moved {
  const statusLog = [...record.statusLog];
  const announcements: Moved["announcements"][number][] = [];
  let removed = false;
  for (const effect of effects) {
    if (effect.type === "removeRequest") removed = true;
    else if (effect.type === "appendStatusLog") statusLog.push({ createdAt: now, ...effect.params });
    else {
      const { events, oldStatus, newStatus } = effect.params;
      for (const name of events) announcements.push({ name: `consumption.${name}`, oldStatus, newStatus });
    }
  }
  const ignored = typeof state.context["ignoredUntil"] === "string" ? { ignored: true as const } : {};
  return { record: extended(record, { ...ignored, state, status, statusLog }), removed, announcements };
}

function wrong(record: RequestRecord, fact: string): string {
  return `The LocalRequest ${record.id} is ${record.status}; "${fact}" is not possible now. Read it again.`;
}
