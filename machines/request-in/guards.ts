import type { IncomingRequestContext } from "./context.ts";
import type { IncomingRequestFact } from "./facts.ts";

interface At {
  context: IncomingRequestContext;
  event: IncomingRequestFact;
}

const hasSource = ({ event }: At) => event.type === "response.delivered" && event.source !== undefined;

/** The guards of the chart. */
export const incomingRequestGuards = {
  /** Strictly later than the expiry. */
  isOverdue: ({ context, event }: At) =>
    event.type === "clock.reached" && context.expiresAt !== null && event.now > context.expiresAt,
  isNotIgnored: ({ context }: At) => !context.ignored,
  hasSource,
  hasSourceOrIsFromTemplate: (at: At) => hasSource(at) || at.context.source === "RelationshipTemplate",
};
