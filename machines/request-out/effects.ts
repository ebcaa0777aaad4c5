import type { OutgoingRequestStatus } from "./context.ts";

/** A change of status. */
export interface OutgoingRequestChange {
  readonly oldStatus: OutgoingRequestStatus;
  readonly newStatus: OutgoingRequestStatus;
}

/** Events of the engine, without their namespace `consumption.`, with the members that go into their data. */
export interface AnnounceOutgoingRequest extends OutgoingRequestChange {
  readonly events: readonly ["outgoingRequestStatusChanged"];
}

/** What the chart may wish for; `removeRequest` means that the LocalRequest goes in the same commit. */
export type OutgoingRequestEffect =
  | { readonly type: "appendStatusLog"; readonly params: OutgoingRequestChange }
  | { readonly type: "announce"; readonly params: AnnounceOutgoingRequest }
  | { readonly type: "removeRequest" };

/** The names of the wishes with their parameters. Doing them is for others. */
export const outgoingRequestWishes = {
  appendStatusLog: (_at: unknown, _wish: OutgoingRequestChange): void => undefined,
  announce: (_at: unknown, _wish: AnnounceOutgoingRequest): void => undefined,
  removeRequest: (): void => undefined,
};

/** A change of status is logged and announced. */
export function moved(
  oldStatus: OutgoingRequestStatus,
  newStatus: OutgoingRequestStatus,
  announcedAs: OutgoingRequestStatus = oldStatus,
) {
  return [
    { type: "appendStatusLog", params: { oldStatus, newStatus } },
    {
      type: "announce",
      params: { events: ["outgoingRequestStatusChanged"], oldStatus: announcedAs, newStatus },
    },
  ] satisfies OutgoingRequestEffect[];
}
