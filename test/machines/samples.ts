// Facts and contexts that bring out every outcome of every guard; test/turn/step.test.ts checks that they do.
import {
  type Chart,
  type IncomingRequestContext,
  type IncomingRequestFact,
  incomingRequestChart,
  type Kind,
  type OutgoingRequestContext,
  type OutgoingRequestFact,
  outgoingRequestChart,
  type RelationshipFact,
  relationshipChart,
  relationshipFactTypes,
  relationshipRoles,
} from "rapport/machines";
import type { AskableKind } from "../../src/turn/step.ts";

/** Before, at and after the deadline of every sample. */
export const before = "2030-01-01T00:00:00.000Z";
/** See `before`. */
export const deadline = "2030-01-02T00:00:00.000Z";
/** See `before`. */
export const after = "2030-01-02T00:00:00.001Z";

/** One chart with what to feed it. */
export interface Sample<K extends Kind> {
  readonly chart: Chart<K>;
  readonly contexts: readonly K["context"][];
  readonly facts: readonly K["fact"][];
}

const relationshipFacts: RelationshipFact[] = relationshipFactTypes.flatMap((type) =>
  relationshipRoles.map((by) => ({ type, by })),
);

/** Requests from both sources, with and without a deadline, ignored or not. */
export const incomingContexts: IncomingRequestContext[] = (["Message", "RelationshipTemplate"] as const).flatMap(
  (source) =>
    [null, deadline].flatMap((expiresAt) =>
      [null, deadline].map((ignoredUntil) => ({ source, expiresAt, ignoredUntil })),
    ),
);

/** What can happen to an incoming Request. */
export const incomingFacts: IncomingRequestFact[] = [
  { type: "prerequisites.met" },
  { type: "automation.declined" },
  { type: "rule.ignored", expiresAt: deadline },
  { type: "recipient.accepted" },
  { type: "recipient.rejected" },
  { type: "response.delivered" },
  { type: "response.delivered", source: { type: "Message", reference: "MSG00000000000000001" } },
  { type: "clock.reached", now: before },
  { type: "clock.reached", now: deadline },
  { type: "clock.reached", now: after },
  { type: "request.deleted" },
];

/** Requests with and without a deadline. */
export const outgoingContexts: OutgoingRequestContext[] = [{ expiresAt: null }, { expiresAt: deadline }];

/** What can happen to an outgoing Request. */
export const outgoingFacts: OutgoingRequestFact[] = [
  { type: "request.sent" },
  { type: "request.discarded" },
  { type: "response.received", respondedAt: before, result: "Accepted" },
  { type: "response.received", respondedAt: deadline, result: "Rejected" },
  { type: "response.received", respondedAt: after, result: "Accepted" },
  { type: "clock.reached", now: before },
  { type: "clock.reached", now: deadline },
  { type: "clock.reached", now: after },
];

/** Calls the visitor with every chart; a visitor, because the three have different types. */
export function eachChart(visit: <K extends AskableKind>(sample: Sample<K>) => void): void {
  visit({ chart: relationshipChart, contexts: [{}], facts: relationshipFacts });
  visit({ chart: incomingRequestChart, contexts: incomingContexts, facts: incomingFacts });
  visit({ chart: outgoingRequestChart, contexts: outgoingContexts, facts: outgoingFacts });
}
