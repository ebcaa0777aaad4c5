import { deadlineOfIncomingRequest, type IncomingRequestContext } from "./context.ts";
import type { IncomingRequestFact } from "./facts.ts";

interface At {
  context: IncomingRequestContext;
  event: IncomingRequestFact;
}

function isOverdue({ context, event }: At): boolean {
  const deadline = deadlineOfIncomingRequest(context);
  return event.type === "clock.reached" && deadline !== null && event.now > deadline;
}

const hasSource = ({ event }: At) => event.type === "response.delivered" && event.source !== undefined;

/** The guards of the chart. */
export const incomingRequestGuards = {
  /** Strictly later than the deadline. */
  isOverdue,
  isNotIgnored: ({ context }: At) => context.ignoredUntil === null,
  hasSource,
  hasSourceOrIsFromTemplate: (at: At) => hasSource(at) || at.context.source === "RelationshipTemplate",
};
