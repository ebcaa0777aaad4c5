// The relay never sees a LocalRequest; its code repeats ours so that every chart refuses in the same shape.
import type { RefusalCodes } from "../chart.ts";
import type { IncomingRequestFactType } from "./facts.ts";

/** Every code the chart refuses with. */
export type IncomingRequestCode =
  | "request.wrongStatus"
  | "input.invalid"
  | "error.consumption.requests.canOnlyDeleteIncomingRequestThatIsExpired";

type Codes = RefusalCodes<IncomingRequestCode>;

const wrongStatus: Codes = { local: "request.wrongStatus", relay: "request.wrongStatus" };
const sourceMissing: Codes = { local: "input.invalid", relay: "input.invalid" };
const notExpired: Codes = {
  local: "error.consumption.requests.canOnlyDeleteIncomingRequestThatIsExpired",
  relay: "error.consumption.requests.canOnlyDeleteIncomingRequestThatIsExpired",
};

/** Why the chart did not take the fact in this state. */
export function refuseIncomingRequest(
  _state: string,
  fact: IncomingRequestFactType,
  failed: string | undefined,
): Codes {
  if (fact === "request.deleted") return notExpired;
  if (fact === "response.delivered" && failed !== undefined) return sourceMissing;
  return wrongStatus;
}
