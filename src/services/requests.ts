import type { Account } from "../engine/context.ts";
import type { Explanation } from "../engine/explain.ts";
import { createIncoming, type IncomingRequests } from "./requests-incoming.ts";
import { createOutgoing, type OutgoingRequests } from "./requests-outgoing.ts";

/** LocalRequests of one account (spec/domain.md 4). */
export interface Requests {
  readonly incoming: IncomingRequests;
  readonly outgoing: OutgoingRequests;
  /** Why a LocalRequest of a peer was decided as it was, or what it waits for; the same as `incoming.explain`. */
  explain(id: string): Promise<Explanation>;
}

/** The service of one account. */
export function createRequests(account: Account): Requests {
  const incoming = createIncoming(account);
  return Object.freeze({ incoming, outgoing: createOutgoing(account), explain: (id: string) => incoming.explain(id) });
}
