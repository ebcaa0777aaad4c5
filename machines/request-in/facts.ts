/** Everything that can happen to an incoming LocalRequest after it was received. */
export const incomingRequestFactTypes = [
  "prerequisites.met",
  "automation.declined",
  "rule.ignored",
  "recipient.accepted",
  "recipient.rejected",
  "response.delivered",
  "clock.reached",
  "request.deleted",
] as const;
/** The name of a fact. */
export type IncomingRequestFactType = (typeof incomingRequestFactTypes)[number];

/** Where the Response went. */
export type ResponseSource = { readonly type: "Message" | "Relationship"; readonly reference: string };

/** A fact; instants are ISO texts in UTC with milliseconds, which compare as text. */
export type IncomingRequestFact =
  | { readonly type: "prerequisites.met" }
  | { readonly type: "automation.declined" }
  /** `expiresAt` counts only for a Request without an expiry of its own. */
  | { readonly type: "rule.ignored"; readonly expiresAt: string }
  | { readonly type: "recipient.accepted" }
  | { readonly type: "recipient.rejected" }
  /** Without a source nothing was sent, which is right only for a rejected Request from a template. */
  | { readonly type: "response.delivered"; readonly source?: ResponseSource }
  | { readonly type: "clock.reached"; readonly now: string }
  | { readonly type: "request.deleted" };
