// Decisions of a table of 1,000 lines with all that belongs to them: facts, verdict, Response, record, in one commit.
import type { CryptoPort } from "rapport/core";
import { createRuleTable } from "rapport/plugins/rules-table";
import { judgeRequest } from "../../../src/engine/judging.ts";
import { medianOf } from "../median.ts";
import { type BareAccount, openBareAccount } from "./bare-account.ts";
import { receiveRequest } from "./lifecycle-case.ts";
import { tableOf } from "./table.ts";

const perRound = 10_000;
const inFlight = 64;

/** Decisions per second, their records written to the memory store. */
export async function recordedCase(crypto: CryptoPort, { rounds = 9 } = {}): Promise<{ readonly ratio: number }> {
  const perSecond: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const bare = await openBareAccount(crypto, [createRuleTable(tableOf(1_000)).rule]);
    const ids: string[] = [];
    for (let n = 0; n < perRound; n += 1) ids.push(await receiveRequest(bare, n));
    const from = performance.now();
    await judged(bare, ids);
    const took = performance.now() - from;
    await check(bare, ids);
    await bare.close();
    if (round > 0) perSecond.push((perRound * 1000) / took);
  }
  return { ratio: medianOf(perSecond) };
}

async function judged({ account }: BareAccount, ids: readonly string[]): Promise<void> {
  for (let at = 0; at < ids.length; at += inFlight)
    await Promise.all(ids.slice(at, at + inFlight).map((id) => judgeRequest(account, id)));
}

async function check({ account, store }: BareAccount, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const record = await store.get(`${account.id}/decisions/${id}`);
    if (record?.document["verdict"] !== "reject") throw new Error(`Nobody has decided ${id}.`);
  }
}
