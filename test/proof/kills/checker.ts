// Holds the history of a house against its end: one sentence for everything that was lost, done twice, or never asked for.
import type { EndState } from "./end-state.ts";
import type { Call } from "./history.ts";
import { messageFlaws } from "./message-checks.ts";
import { readFlaws } from "./read-checks.ts";
import { relationshipFlaws } from "./relationship-checks.ts";
import { requestFlaws } from "./request-checks.ts";
import { webhookFlaws } from "./webhook-checks.ts";
import { writeFlaws } from "./write-checks.ts";

/** Everything that is wrong. It looks at nothing else, so the same history and end always give the same sentences. */
export function complaintsOf(calls: readonly Call[], end: EndState): string[] {
  return [
    ...end.flaws,
    ...Object.entries(end.parties).flatMap(([name, { openWork }]) => openWork.map((work) => `${name} has an ${work}`)),
    ...end.relay.flaws.map((flaw) => `relay: ${flaw}`),
    ...writeFlaws(calls, end),
    ...messageFlaws(calls, end),
    ...relationshipFlaws(calls, end),
    ...requestFlaws(calls, end),
    ...readFlaws(calls),
    ...webhookFlaws(end),
  ];
}
