import type { Account } from "../engine/context.ts";
import { createIncoming, type IncomingRequests } from "./requests-incoming.ts";
import { createOutgoing, type OutgoingRequests } from "./requests-outgoing.ts";

/** LocalRequests of one account (spec/domain.md 4). */
export interface Requests {
  readonly incoming: IncomingRequests;
  readonly outgoing: OutgoingRequests;
}

/** The service of one account. */
export function createRequests(account: Account): Requests {
  return Object.freeze({ incoming: createIncoming(account), outgoing: createOutgoing(account) });
}
