// The proof that both stores must pass: nothing that was answered is lost, and nothing is half done or done twice, however
// often a relay is killed.
import { setTimeout as pause } from "node:timers/promises";
import type { StorePort } from "rapport/core";
import { expect } from "vitest";
import { emptyLedger, type Ledger, liveOnce } from "./kill-load.ts";
import { persistentCalls, startMortals } from "./kill-stage.ts";
import { drawsFrom, proofScale } from "./proof.ts";
import type { RelayPlace } from "./relay-processes.ts";
import { blobFlaws, brokenLaws, type Stock, stockOf } from "./store-laws.ts";

const couplesMax = 6;
const killsMin = 100;
/** Answers between two kills: from right after the start to some hundred milliseconds of load. */
const answersBetweenMax = 40;

/** Where relays are killed. */
export interface KillPlace extends RelayPlace {
  readonly folder: string;
  store(): Promise<StorePort>;
}

/** How long it may take on a busy machine; on two idle cores 100 kills take two to four minutes. */
export const killLimitMs = 120_000 + 960_000 * proofScale;

/** Kills one of `processes` relays again and again while people go on. */
export async function killUnderLoad(place: KillPlace, processes: number, seed: number): Promise<void> {
  const draw = drawsFrom(seed);
  const kills = Math.ceil(killsMin * proofScale);
  const mortals = await startMortals(place, processes);
  const calls = persistentCalls(mortals);
  const ledger = emptyLedger();
  let isOver = false;
  const live = async (at: number) => {
    const [from, to] = [await mortals.parties.party(), await mortals.parties.party()];
    const couple = { from, to, draw: drawsFrom(seed + 1 + at), calls, ledger };
    return async () => {
      while (!isOver) await liveOnce(couple);
    };
  };
  const lives = await Promise.all(Array.from({ length: couplesMax }, (_, at) => live(at)));
  const living = Promise.all(lives.map((go) => go()));
  const killing = async () => {
    for (let killed = 0; killed < kills; killed += 1) {
      await calls.answered(1 + draw(answersBetweenMax));
      // Not always right after an answer.
      await pause(draw(12));
      await mortals.killOne(draw);
    }
    isOver = true;
  };
  try {
    await Promise.race([killing(), living]);
    await living;
  } finally {
    isOver = true;
    await mortals.end();
  }

  const store = await place.store();
  const stock = await stockOf(store);
  const flaws = [...(await brokenLaws(store, stock)), ...(await blobFlaws(place.folder, stock))];
  await store[Symbol.asyncDispose]();
  expect(flaws).toEqual([]);
  expectAllKept(ledger, stock);
  expect(calls.counts.repeated).toBeGreaterThan(0);
}

function expectAllKept(ledger: Ledger, stock: Stock): void {
  const idsOf = (documents: readonly { readonly id: string }[]) => documents.map(({ id }) => id).sort();
  expect(idsOf(stock.templates)).toEqual([...ledger.templates].sort());
  expect(idsOf(stock.relationships)).toEqual([...ledger.relationships].sort());
  expect(idsOf(stock.files)).toEqual([...ledger.files].sort());
  expect(stock.messages).toEqual([]);
  for (const { id, auditLog } of stock.relationships) {
    expect(auditLog.map((entry: object) => JSON.stringify(entry))).toEqual(ledger.auditById.get(id));
  }
  for (const { address, events, modifications } of stock.identities) {
    const told = ledger.toldByAddress.get(address) ?? [];
    expect([...told, ...events.indexes]).toEqual(Array.from({ length: events.next }, (_, at) => at));
    expect(modifications.next).toBe(ledger.pushedByAddress.get(address)?.length ?? 0);
  }
}
