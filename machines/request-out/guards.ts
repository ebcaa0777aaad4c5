import type { OutgoingRequestContext } from "./context.ts";
import type { OutgoingRequestFact } from "./facts.ts";

interface At {
  context: OutgoingRequestContext;
  event: OutgoingRequestFact;
}

/** The guards of the chart. */
export const outgoingRequestGuards = {
  /** Strictly later than the expiry. */
  isOverdue: ({ context, event }: At) =>
    event.type === "clock.reached" && context.expiresAt !== null && event.now > context.expiresAt,
  /** Answered at or before the expiry, however late it arrives. */
  wasAnsweredInTime: ({ context, event }: At) =>
    event.type === "response.received" && context.expiresAt !== null && event.respondedAt <= context.expiresAt,
};
