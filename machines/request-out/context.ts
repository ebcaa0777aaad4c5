/** Every status of an outgoing LocalRequest (spec/domain.md 4.1). */
export const outgoingRequestStatuses = ["Draft", "Open", "Completed", "Expired"] as const;
/** A status; the name of a state of the chart. */
export type OutgoingRequestStatus = (typeof outgoingRequestStatuses)[number];

/** A state of the chart, as stored. */
export type OutgoingRequestValue = OutgoingRequestStatus;

/** When it expires. */
export type OutgoingRequestContext = { readonly expiresAt: string | null };

/** What other code may ask of a state instead of comparing statuses. */
export type OutgoingRequestTag =
  /** Not sent; can be discarded. */
  | "draft"
  /** Sent, waits for the Response. */
  | "open"
  /** The Response was received and applied. */
  | "completed"
  /** Expires when its time is over. */
  | "expirable"
  /** Its time is over; only a Response given in time can still complete it. */
  | "expired"
  /** Nothing can happen any more. */
  | "final";

/** The status of a stored state. */
export function statusOfOutgoingRequest(value: OutgoingRequestValue): OutgoingRequestStatus {
  return value;
}
