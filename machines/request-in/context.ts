import type { IncomingRequestFact } from "./facts.ts";

/** Every status of an incoming LocalRequest (spec/domain.md 4.1). */
export const incomingRequestStatuses = [
  "Open",
  "DecisionRequired",
  "ManualDecisionRequired",
  "Decided",
  "Completed",
  "Expired",
] as const;
/** A status; the name of a state of the chart without its sub-state. */
export type IncomingRequestStatus = (typeof incomingRequestStatuses)[number];

/** A state of the chart, as stored. */
export type IncomingRequestValue =
  | Exclude<IncomingRequestStatus, "Decided">
  | { readonly Decided: "accepted" | "rejected" };

/** Where it came from, when its sender says that it expires, and until when it is kept since a rule decided to say nothing. */
export type IncomingRequestContext = {
  readonly source: "Message" | "RelationshipTemplate";
  readonly expiresAt: string | null;
  readonly ignoredUntil: string | null;
};

/** What other code may ask of a state instead of comparing statuses. */
export type IncomingRequestTag =
  /** Can be accepted or rejected. */
  | "decidable"
  /** Undecided, or decided and not delivered: blocks Requests from other templates of the same peer. */
  | "open"
  /** Has a Response that is not delivered. */
  | "decided"
  /** The Response is delivered, or there is nothing to deliver. */
  | "completed"
  /** Expires when its time is over. */
  | "expirable"
  /** Its time is over; it can be deleted. */
  | "expired"
  /** Nothing can happen any more. */
  | "final";

/** The status of a stored state. */
export function statusOfIncomingRequest(value: IncomingRequestValue): IncomingRequestStatus {
  return typeof value === "string" ? value : "Decided";
}

/** Remembers that a rule ignores the Request, and until when if it would stay for ever. */
export function markIgnored(context: IncomingRequestContext, fact: IncomingRequestFact): IncomingRequestContext {
  if (fact.type !== "rule.ignored") return context;
  return { ...context, ignoredUntil: context.expiresAt ?? fact.expiresAt };
}

/** When its time is over, if ever: when its sender says so, else when we no longer keep what a rule ignored. */
export function deadlineOfIncomingRequest({ expiresAt, ignoredUntil }: IncomingRequestContext): string | null {
  return expiresAt ?? ignoredUntil;
}
