/**
 * Handing one event to its subscriber.
 *
 * P1. A subscriber is handed at most `publishedAtOnceMax` events at a time, in the order in which they became due.
 * P2. A publisher that says nothing for too long has failed: its lane and its turn go on, and the event is tried again. What
 *     it does later is not heard, so the receiver may get the event twice, with the same id.
 */
import { fault } from "../errors/rapport-error.ts";
import type { PublishedEvent } from "../ports/publisher.ts";
import type { Account } from "./context.ts";
import { publishedAtOnceMax, publishMaxMs } from "./limits.ts";
import type { Target } from "./outbox-entries.ts";

/** Publishes when it is the event's turn. Throws what the publisher throws, and `publisher.failed` when it is silent. */
export async function publishInTurn(account: Account, target: Target, event: PublishedEvent): Promise<void> {
  const { gates } = account.memory.deliveries;
  const gate = gates.get(target.key) ?? { publishing: 0, waiting: [] };
  gates.set(target.key, gate);
  if (gate.publishing >= publishedAtOnceMax) await new Promise<void>((resolve) => gate.waiting.push(resolve));
  else gate.publishing += 1;
  try {
    await publishInTime(account, target, event);
  } finally {
    const next = gate.waiting.shift();
    if (next !== undefined) next();
    else gate.publishing -= 1;
    if (gate.publishing === 0) gates.delete(target.key);
  }
}

async function publishInTime({ clock }: Account, target: Target, event: PublishedEvent): Promise<void> {
  const { publisher, subscriber } = target;
  const { publishMaxMs: mostMs = publishMaxMs } = publisher;
  const publishing = Promise.resolve(publisher.publish(event, subscriber));
  if (mostMs === Number.POSITIVE_INFINITY) return publishing;
  const over = new AbortController();
  const late = clock.sleep(mostMs, over.signal).then(() => {
    if (over.signal.aborted) return;
    throw fault(
      "publisher.failed",
      `The publisher "${publisher.name}" did not say within ${mostMs} ms what became of it.`,
    );
  });
  try {
    await Promise.race([publishing, late]);
  } finally {
    over.abort();
    // Whichever comes second is not heard any more.
    publishing.catch(() => undefined);
    late.catch(() => undefined);
  }
}
