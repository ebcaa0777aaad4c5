/** Everything that can happen to an outgoing LocalRequest after it was created. */
export const outgoingRequestFactTypes = [
  "request.sent",
  "request.discarded",
  "response.received",
  "clock.reached",
] as const;
/** The name of a fact. */
export type OutgoingRequestFactType = (typeof outgoingRequestFactTypes)[number];

/**
 * A fact; instants are ISO texts in UTC with milliseconds, which compare as text. `respondedAt` is when the Message or
 * the Relationship that carries the Response was created. A Request answered through a template is sent and answered in
 * one go: two facts, one turn.
 */
export type OutgoingRequestFact =
  | { readonly type: "request.sent" }
  | { readonly type: "request.discarded" }
  | { readonly type: "response.received"; readonly respondedAt: string; readonly result: "Accepted" | "Rejected" }
  | { readonly type: "clock.reached"; readonly now: string };
