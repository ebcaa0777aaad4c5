import type { IncomingRequestStatus } from "./context.ts";

/** A change of status. */
export interface IncomingRequestChange {
  readonly oldStatus: IncomingRequestStatus;
  readonly newStatus: IncomingRequestStatus;
}

/** Events of the engine, without their namespace `consumption.`, with the members that go into their data. */
export interface AnnounceIncomingRequest extends IncomingRequestChange {
  readonly events: readonly ["incomingRequestStatusChanged"];
}

/** What the chart may wish for; `removeRequest` means that the LocalRequest goes in the same commit. */
export type IncomingRequestEffect =
  | { readonly type: "appendStatusLog"; readonly params: IncomingRequestChange }
  | { readonly type: "announce"; readonly params: AnnounceIncomingRequest }
  | { readonly type: "removeRequest" };

/** The names of the wishes with their parameters. Doing them is for others. */
export const incomingRequestWishes = {
  appendStatusLog: (_at: unknown, _wish: IncomingRequestChange): void => undefined,
  announce: (_at: unknown, _wish: AnnounceIncomingRequest): void => undefined,
  removeRequest: (): void => undefined,
};

/** A change of status is logged and announced. */
export function moved(oldStatus: IncomingRequestStatus, newStatus: IncomingRequestStatus) {
  return [
    { type: "appendStatusLog", params: { oldStatus, newStatus } },
    { type: "announce", params: { events: ["incomingRequestStatusChanged"], oldStatus, newStatus } },
  ] satisfies IncomingRequestEffect[];
}
