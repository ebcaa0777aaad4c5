// The relay never sees a LocalRequest; its code repeats ours so that every chart refuses in the same shape.
import type { RefusalCodes } from "../chart.ts";
import type { OutgoingRequestFactType } from "./facts.ts";

/** Every code the chart refuses with. */
export type OutgoingRequestCode =
  | "request.wrongStatus"
  | "error.runtime.messages.cannotSendMessageWithExpiredRequest"
  | "error.runtime.messages.cannotSendRequestThatWasAlreadySent";

/** Why the chart did not take the fact in this state. Discarding after sending, and a late Response, are wrong statuses. */
export function refuseOutgoingRequest(
  state: string,
  fact: OutgoingRequestFactType,
  _failed: string | undefined,
): RefusalCodes<OutgoingRequestCode> {
  const code = codeOf(state, fact);
  return { local: code, relay: code };
}

function codeOf(state: string, fact: OutgoingRequestFactType): OutgoingRequestCode {
  if (fact !== "request.sent") return "request.wrongStatus";
  return state === "Expired"
    ? "error.runtime.messages.cannotSendMessageWithExpiredRequest"
    : "error.runtime.messages.cannotSendRequestThatWasAlreadySent";
}
