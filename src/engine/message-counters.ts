/**
 * Message counters.
 *
 * C2. A counter is used once, whatever becomes of its ciphertext. The relay gives each process counters that nobody else
 *     has or had: an old copy of a store goes on with counters that none of its futures can have used.
 */
import { fault } from "../errors/rapport-error.ts";
import { allow, type Outcome } from "../errors/refusal.ts";
import { countersPerEpoch } from "../limits.ts";
import { keyOf } from "../model/keys.ts";
import { firstMessageCounter } from "../sealed/channels.ts";
import type { Reads } from "../turn/turn.ts";
import type { WireEpoch } from "../wire/shapes.ts";
import { accountTurn } from "./change.ts";
import type { Account, CounterBlock } from "./context.ts";
import { listIntents } from "./intents.ts";

type Counter = { readonly n: number };
type Epoch = { readonly epoch: number };

/** The next counter. It is gone once it is drawn, even when the commit fails; no `await` comes between looking and taking. */
export async function drawCounter(account: Account, reads: Reads, id: string): Promise<number> {
  const stored = await reads.get<Counter>(keyOf(account.id, "counters", `send-${id}`));
  const asked = counterBlock(account);
  const block = await asked;
  const next = block.nextById.get(id) ?? block.first;
  const counter = block.isExclusive ? next : Math.max(next, stored?.document.n ?? 0);
  if (counter < block.end) {
    block.nextById.set(id, counter + 1);
    return counter;
  }
  if (account.memory.counterBlock === asked) account.memory.counterBlock = undefined;
  return drawCounter(account, reads, id);
}

function counterBlock(account: Account): Promise<CounterBlock> {
  account.memory.counterBlock ??= askCounterBlock(account).catch((problem) => {
    account.memory.counterBlock = undefined;
    throw problem;
  });
  return account.memory.counterBlock;
}

// The relay raises the device's epoch with every question, so an epoch is ours alone. It also counts the device's messages
// and says when we know of fewer. Relays of others have no epochs: there the stored counters are all there is.
async function askCounterBlock(account: Account): Promise<CounterBlock> {
  const known = await account.store.get<Epoch>(keyOf(account.id, "sync", "epoch"));
  const sent = await sentSoFar(account);
  const body = JSON.stringify({ epoch: known?.document.epoch ?? 0, sent });
  const answer = await account.transport.call({ operation: "raiseEpoch", body }, account.session);
  if (!answer.ok) {
    if (answer.rapport) throw unconfirmed(answer.error.message);
    return { first: firstMessageCounter, end: Number.POSITIVE_INFINITY, isExclusive: false, nextById: new Map() };
  }
  const wire = answer.result as WireEpoch;
  if (wire.restored) {
    const message =
      "The store is behind the relay: it is an old copy, or a crash came in between. Message counters jump ahead.";
    account.log.write("warn", message, { restores: wire.restores });
  }
  await noteEpoch(account, { epoch: wire.epoch, missed: Math.max(0, wire.sent - sent) });
  const first = wire.epoch * countersPerEpoch;
  return { first, end: first + countersPerEpoch, isExclusive: true, nextById: new Map() };
}

// What is still open may have reached the relay; it is counted here when its answer is applied.
async function sentSoFar(account: Account): Promise<number> {
  const counted = (await account.store.get<Counter>(keyOf(account.id, "counters", "sent")))?.document.n ?? 0;
  const open = (await listIntents(account)).filter(({ kind }) => kind === "sendMessage");
  return counted + open.length;
}

function noteEpoch(
  account: Account,
  { epoch, missed }: { epoch: number; missed: number },
): Promise<Outcome<undefined>> {
  return accountTurn(account, {
    gather: (reads) => reads.get<Epoch>(keyOf(account.id, "sync", "epoch")),
    plan(stored, change) {
      change.put("sync", "epoch", { epoch: Math.max(epoch, stored?.document.epoch ?? 0) });
      if (missed > 0) change.add("counters", "sent", missed);
      return allow(undefined);
    },
  });
}

function unconfirmed(reason: string) {
  return fault("relay.unreachable", `The relay could not confirm the message counters: ${reason}`);
}
