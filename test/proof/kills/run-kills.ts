// The proof: a house under load whose processes are killed again and again, and what the checker says of it in the end.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { drawsFrom } from "../../apps/relay/proof.ts";
import { freshBuild } from "../../tidy/built.ts";
import { complaintsOf } from "./checker.ts";
import type { EndState } from "./end-state.ts";
import { type Call, createHistory, type History, tallyOf } from "./history.ts";
import { type House, type HouseStore, openHouse } from "./house.ts";
import { startKiller } from "./killer.ts";
import { introduce, reuniteAll, startLoad } from "./load.ts";
import { bringToRest, observe } from "./observation.ts";

/** What to run: on which store, how long the load goes on, and what the plan is drawn from. */
export interface KillsOptions {
  readonly store: HouseStore;
  readonly seconds: number;
  readonly seed: number;
}

/** What came of it, as plain JSON. */
export interface KillsReport extends KillsOptions {
  readonly processes: number;
  readonly identities: number;
  /** Processes that were killed while they ran or started, the last of all included. */
  readonly kills: number;
  readonly acknowledged: number;
  readonly refused: number;
  /** Calls without an answer, or with one that promises nothing. */
  readonly unknown: number;
  /** Calls that were made again under the same key. */
  readonly repeated: number;
  /** What is there in the end. */
  readonly messages: number;
  readonly relationships: number;
  readonly webhooks: number;
  /** Empty when nothing was lost, done twice or out of order. */
  readonly complaints: readonly string[];
  /** Where the history, the end and the logs are, if there are complaints. */
  readonly folder?: string;
}

/** A sync run that nobody knows of any more is waited for by the next sync; leases of the dead take a quarter of that. */
const restSecondsMax = 180;
/** Calls that are acknowledged before the first kill, and how long they are waited for. */
const warmCalls = 150;
const warmingMaxMs = 20_000;

/** A report with everything that it was made from. */
export interface HouseRun {
  readonly report: KillsReport;
  readonly calls: readonly Call[];
  readonly end: EndState;
}

/** Runs the proof and gives its figures. */
export async function runKills(options: KillsOptions): Promise<KillsReport> {
  return (await runHouse(options)).report;
}

/** What a test of the proof itself does. */
export interface Trial {
  /** Does to the house, between load and rest, what never may happen. */
  disturb(house: House): Promise<void>;
  /** How long rest is waited for: such a house may never find it. */
  readonly restSeconds: number;
}

/** Runs a house and gives the report with everything that it was made from. */
export async function runHouse(options: KillsOptions, trial?: Trial): Promise<HouseRun> {
  await freshBuild();
  const house = await openHouse(options.store);
  let isKept = true;
  try {
    const history = createHistory(join(house.folder, "history.jsonl"));
    await putUnderLoad(house, history, options);
    await Promise.all(house.processes.map((one) => one.kill()));
    await trial?.disturb(house);
    await house.relay.start();
    await Promise.all(house.processes.map((one) => one.start()));
    const { restSeconds = restSecondsMax } = trial ?? {};
    await bringToRest(house, restSeconds);
    await reuniteAll(house, history, restSeconds);
    await bringToRest(house, restSeconds);
    const end = await observe(house);
    writeFileSync(join(house.folder, "end.json"), JSON.stringify(end, undefined, 1));
    const complaints = complaintsOf(history.calls, end);
    isKept = complaints.length > 0;
    return { report: reportOf(options, house, { calls: history.calls, end, complaints }), calls: history.calls, end };
  } finally {
    await house.close(isKept);
  }
}

async function putUnderLoad(house: House, history: History, { seconds, seed }: KillsOptions) {
  await introduce(house, history, seed);
  const load = startLoad(house, history, seed);
  // People who have not met yet have little to lose.
  for (let waitedMs = 0; waitedMs < warmingMaxMs && history.acknowledged() < warmCalls; waitedMs += 50) await pause(50);
  const killer = startKiller({
    processes: house.processes,
    draw: drawsFrom(seed),
    acknowledged: () => history.acknowledged(),
  });
  await pause(seconds * 1000);
  await killer.stop();
  await load.stop();
}

function reportOf(
  options: KillsOptions,
  { processes, parties, folder }: House,
  { calls, end, complaints }: Pick<HouseRun, "calls" | "end"> & { readonly complaints: readonly string[] },
): KillsReport {
  const mailboxes = Object.values(end.parties).flatMap(({ messages }) => messages.map(({ id }) => id));
  return {
    ...options,
    processes: processes.length,
    identities: parties.length,
    kills: processes.reduce((sum, { counts }) => sum + counts.kills, 0),
    ...tallyOf(calls),
    messages: new Set(mailboxes).size,
    relationships: end.relay.relationships.length,
    webhooks: end.told.length,
    complaints,
    ...(complaints.length === 0 ? {} : { folder }),
  };
}

/** The figures in one line. */
export function lineOf(report: KillsReport): string {
  const { store, seed, seconds, kills, acknowledged, refused, unknown, repeated, messages, relationships } = report;
  return [
    `kills on ${store} (seed ${seed}, ${seconds} s): ${kills} processes killed`,
    `${acknowledged} calls acknowledged, ${refused} refused, ${unknown} unknown, ${repeated} repeated`,
    `${relationships} Relationships, ${messages} Messages, ${report.complaints.length} complaints`,
  ].join("; ");
}
