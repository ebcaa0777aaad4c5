/**
 * Carries stored events to the publishers, in order, at least once.
 *
 * O1. Every entry was committed with the state it tells of; it is deleted only after every publisher took it.
 * O2. At most one drain runs per account and publisher; a second call makes it look once more.
 * O3. Publishers do not wait for each other: each has a mark of its own, the last entry that it took.
 */
import { deliveryAttemptsMax, intentWaitMaxMs, intentWaitMs, outboxPageMax } from "../limits.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf, pathOf } from "../model/keys.ts";
import type { Publisher } from "../ports/publisher.ts";
import type { Stored } from "../ports/store.ts";
import { waitOf } from "./back-off.ts";
import type { Account } from "./context.ts";
import { withTemplateKeys } from "./outbox-templates.ts";

type Entry = { readonly name: string; readonly at: string; readonly data: JsonObject };

type Mark = { readonly taken: string };

/** Starts the drains that do not run, and has the others look once more. Never throws: what is left is tried again later. */
export function drainOutbox(account: Account): void {
  const { draining } = account.memory;
  for (const publisher of account.publishers) {
    const running = draining.get(publisher.name);
    if (running !== undefined) running.again = true;
    else void drainTo(account, publisher);
  }
}

async function drainTo(account: Account, publisher: Publisher): Promise<void> {
  const state = { again: true };
  account.memory.draining.set(publisher.name, state);
  try {
    while (state.again) {
      state.again = false;
      await drain(account, publisher);
    }
  } catch (problem) {
    if (account.stopped.aborted) return;
    account.log.write("warn", "Events wait for their publisher.", {
      publisher: publisher.name,
      problem: String(problem),
    });
  } finally {
    account.memory.draining.delete(publisher.name);
  }
}

async function drain(account: Account, publisher: Publisher): Promise<void> {
  const key = markOf(account, publisher);
  const mark = await account.store.get<Mark>(key);
  let taken = mark?.document.taken ?? "";
  for await (const stored of account.store.find<Entry>({ under: streamOf(account) })) {
    // Streams name their entries so that the order of keys is the order of events.
    if (stored.key <= taken) continue;
    await deliver(account, publisher, stored);
    if (account.memory.isErased) return;
    taken = stored.key;
    await account.store.commit({ puts: [{ key, document: { taken } }] });
  }
  await removeTaken(account);
}

async function removeTaken(account: Account): Promise<void> {
  const marks = await Promise.all(account.publishers.map((one) => account.store.get<Mark>(markOf(account, one))));
  const [taken = ""] = marks.map((mark) => mark?.document.taken ?? "").toSorted();
  for (let isMore = true; isMore; ) {
    const deletes: { key: string }[] = [];
    for await (const { key } of account.store.find({ under: streamOf(account), limit: outboxPageMax })) {
      if (key <= taken) deletes.push({ key });
    }
    if (deletes.length > 0) await account.store.commit({ deletes });
    isMore = deletes.length === outboxPageMax;
  }
}

const streamOf = (account: Account): string => `${pathOf(account.id, "outbox")}/events`;

const markOf = (account: Account, { name }: Publisher): string =>
  keyOf(account.id, "outbox", `taken-${encodeURIComponent(name)}`);

async function deliver(account: Account, publisher: Publisher, stored: Stored<Entry>): Promise<void> {
  const { key, document } = stored;
  const id = key.slice(key.lastIndexOf("/") + 1);
  const { name, at } = document;
  const data = await withTemplateKeys(account, name, document.data);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await publisher.publish({ id: `${account.id}-${id}`, account: account.self, name, at, data });
    } catch (problem) {
      if (attempt >= deliveryAttemptsMax) return bury(account, publisher, { id, stored, problem });
      const waitMs = waitOf(account.entropy, attempt, { firstMs: intentWaitMs, mostMs: intentWaitMaxMs });
      await account.clock.sleep(waitMs, account.stopped);
      if (account.stopped.aborted) throw problem;
      // Whoever decomposed a Relationship meanwhile has erased what it told.
      if ((await account.store.get(key)) === undefined) return;
    }
  }
}

async function bury(
  account: Account,
  publisher: Publisher,
  letter: { id: string; stored: Stored<Entry>; problem: unknown },
): Promise<void> {
  const { key: entryKey, version, document: entry } = letter.stored;
  const id = `outbox-${encodeURIComponent(publisher.name)}-${letter.id}`;
  const document = {
    id,
    at: new Date(account.clock.now()).toISOString(),
    what: `event ${entry.name} for ${publisher.name}`,
    code: "limit.reached",
    message: `The publisher refused it ${deliveryAttemptsMax} times: ${String(letter.problem)}`,
    payload: entry.data,
  };
  const puts = [{ key: keyOf(account.id, "deadletters", id), document }];
  const buried = await account.store.commit({ puts, checks: [{ key: entryKey, expect: version }] });
  if (!buried.ok) return;
  account.log.write("warn", "An event became a dead letter.", { publisher: publisher.name, event: entry.name });
}
