/**
 * Carries stored events to the publishers, in order, at least once.
 *
 * O1. Every entry was committed with the state it tells of; it is deleted only after every publisher took it.
 * O2. At most one drain runs per account; a second call joins the first.
 */
import { deliveryAttemptsMax, intentWaitMaxMs, intentWaitMs } from "../limits.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf, pathOf } from "../model/keys.ts";
import type { Publisher } from "../ports/publisher.ts";
import type { Stored } from "../ports/store.ts";
import { waitOf } from "./back-off.ts";
import type { Account } from "./context.ts";

type Entry = {
  readonly name: string;
  readonly at: string;
  readonly data: JsonObject;
  readonly attempts: number;
  readonly taken?: readonly string[];
};

/** Starts a drain, or joins the one that runs. */
export function drainOutbox(account: Account): Promise<void> {
  account.memory.draining ??= drain(account).finally(() => {
    account.memory.draining = undefined;
  });
  return account.memory.draining;
}

async function drain(account: Account): Promise<void> {
  const under = `${pathOf(account.id, "outbox")}/events`;
  for (;;) {
    let any = false;
    for await (const entry of account.store.find<Entry>({ under, limit: 100 })) {
      any = true;
      await deliver(account, entry);
    }
    if (!any) return;
  }
}

async function deliver(account: Account, stored: Stored<Entry>): Promise<void> {
  let entry = stored.document;
  for (const publisher of account.publishers) {
    if (entry.taken?.includes(publisher.name)) continue;
    await deliverTo(account, publisher, { key: stored.key, entry });
    entry = { ...entry, taken: [...(entry.taken ?? []), publisher.name] };
    if (account.publishers.length > 1) await account.store.commit({ puts: [{ key: stored.key, document: entry }] });
  }
  await account.store.commit({ deletes: [{ key: stored.key }] });
}

async function deliverTo(
  account: Account,
  publisher: Publisher,
  { key, entry }: { readonly key: string; readonly entry: Entry },
): Promise<void> {
  const id = key.slice(key.lastIndexOf("/") + 1);
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { name, at, data } = entry;
      await publisher.publish({ id: `${account.id}-${id}`, account: account.self, name, at, data });
      return;
    } catch (problem) {
      if (attempt >= deliveryAttemptsMax) return bury(account, publisher, { id, entry, problem });
      await account.clock.sleep(waitOf(account.entropy, attempt, { firstMs: intentWaitMs, mostMs: intentWaitMaxMs }));
    }
  }
}

async function bury(
  account: Account,
  publisher: Publisher,
  letter: { id: string; entry: Entry; problem: unknown },
): Promise<void> {
  const id = `outbox-${publisher.name}-${letter.id}`;
  const document = {
    id,
    at: new Date(account.clock.now()).toISOString(),
    what: `event ${letter.entry.name} for ${publisher.name}`,
    code: "limit.reached",
    message: `The publisher refused it ${deliveryAttemptsMax} times: ${String(letter.problem)}`,
    payload: letter.entry.data,
  };
  await account.store.commit({ puts: [{ key: keyOf(account.id, "deadletters", id), document }] });
  account.log.write("warn", "An event became a dead letter.", { publisher: publisher.name, event: letter.entry.name });
}
