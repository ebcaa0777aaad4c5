// `npm run bench`: prints the figures with their targets, ends with 1 where one is missed, and with `--write` keeps the
// figures in test/bench/results.json. `npm run bench -- engine`, `-- decisions`, `-- relay`
// or `-- connector` runs one part alone.
import { readFile, writeFile } from "node:fs/promises";
import { createSodium } from "rapport/plugins/crypto-sodium";
import { createSodiumNative, isSodiumNativeInstalled } from "rapport/plugins/crypto-sodium-native";
import { listCase, listLatencyCase, oneCase, openPair, templateCase } from "./connector/connector-case.ts";
import { lifecycleCase } from "./decisions/lifecycle-case.ts";
import { recordedCase } from "./decisions/recorded-case.ts";
import { rulesCase } from "./decisions/rules-case.ts";
import { handshakeCase } from "./handshake-case.ts";
import { manyCase } from "./many-case.ts";
import { httpHandshakeCase } from "./relay/handshake-case.ts";
import { instancesCase } from "./relay/instances-case.ts";
import { hasPostgres } from "./relay/processes.ts";
import { latencyCase, routeCase } from "./relay/route-case.ts";
import { streamsCase } from "./relay/streams-case.ts";
import { stepCase } from "./step.ts";

const native = isSodiumNativeInstalled();
const crypto = () => (native ? createSodiumNative() : createSodium());
const rounds = Number(process.env["RAPPORT_BENCH_ROUNDS"] ?? 9);
const results: { [name: string]: object } = {};
const missed: string[] = [];
const words = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const isAsked = (half: string) => words.length === 0 || words.includes(half);

/** What a ratio, or another figure that stands for it, must reach: at least, at most, or below. */
type Target = { readonly atLeast: number } | { readonly atMost: number } | { readonly below: number };

type Figures = { readonly ratio: number; readonly [name: string]: number };

const report = (name: string, { ratio, ...others }: Figures, target: Target) => {
  const [words, isMet] = judged(ratio, target);
  const figures = Object.entries({ ...others, ratio }).map(([key, value]) => [key, value.toPrecision(4)] as const);
  results[name] = Object.fromEntries(figures.map(([key, value]) => [key, Number(value)]));
  console.log(`${name}: ${figures.map((figure) => figure.join(" ")).join(", ")} (target: ${words})`);
  if (!isMet) missed.push(`"${name}" has the ratio ${ratio.toPrecision(4)} instead of ${words}`);
};

function judged(ratio: number, target: Target): [string, boolean] {
  if ("atLeast" in target) return [`at least ${target.atLeast}`, ratio >= target.atLeast];
  return "atMost" in target
    ? [`at most ${target.atMost}`, ratio <= target.atMost]
    : [`below ${target.below}`, ratio < target.below];
}

console.log(
  `${rounds} interleaved rounds, medians; crypto: ${native ? "sodium-native" : "libsodium-wrappers"}; Node ${process.version}`,
);
if (isAsked("engine")) await benchEngine();
if (isAsked("decisions")) await benchDecisions();
if (isAsked("relay")) await benchRelay();
if (isAsked("connector")) await benchConnector();

async function benchEngine(): Promise<void> {
  const flushed = "handshakes on SQLite, every commit flushed, 32 in flight, per second";
  report("step, per second", { ...stepCase({ rounds }) }, { atLeast: 2 });
  const inMemory = await handshakeCase("memory", crypto(), { rounds });
  report("handshakes in memory, per second", { ...inMemory }, { atLeast: 0.6 });
  report(flushed, { ...(await handshakeCase("sqlite", crypto(), { rounds })) }, { atLeast: 0.5 });
  const many = "one handshake among 100 and 100,000 Relationships";
  report(`${many}, memory`, { ...(await manyCase("memory", crypto(), { rounds })) }, { atMost: 1.3 });
  report(`${many}, SQLite`, { ...(await manyCase("sqlite", crypto(), { rounds })) }, { atMost: 1.3 });
}

async function benchConnector(): Promise<void> {
  const pair = await openPair();
  const among = "a list of 50 LocalRequests among 100,000";
  report("GET of one LocalRequest and a bare route, SQLite, per second", await oneCase(pair, rounds), { atLeast: 0.6 });
  report(`${among} and a bare SELECT, per second`, await listCase(pair, rounds), { atLeast: 0.8 });
  report(`${among} and among 1,000, ratio of p99`, await listLatencyCase(pair, rounds), { atMost: 1.5 });
  report("POST of a template and a bare route, SQLite, per second", await templateCase(pair, rounds), { atLeast: 0.5 });
  await pair.end();
}

async function benchDecisions(): Promise<void> {
  const figures = rulesCase({ rounds });
  report("decisions of a rule table by its lines, per second; ratio is 10 to 10,000", { ...figures }, { atMost: 2 });
  report("decisions at 1,000 lines, ratio is per second", { ratio: figures.at1000 }, { atLeast: 100_000 });
  const recorded = await recordedCase(crypto(), { rounds });
  report("decisions with their record, memory, ratio is per second", recorded, { atLeast: 20_000 });
  const lifecycles = await lifecycleCase(crypto(), { rounds });
  report("LocalRequests from received to completed, memory, per second", { ...lifecycles }, { atLeast: 0.4 });
}

async function benchRelay(): Promise<void> {
  const stores = (await hasPostgres()) ? (["memory", "sqlite", "postgres"] as const) : (["memory", "sqlite"] as const);
  const handshake = await httpHandshakeCase(crypto(), { rounds });
  report("handshakes over loopback HTTP and in the process, memory, per second", handshake, { atLeast: 0.4 });
  for (const kind of stores) {
    const figures = await routeCase(kind, { rounds });
    report(`POST RelationshipTemplates and a bare route, ${kind}, per second`, figures, { atLeast: 0.5 });
  }
  for (const kind of stores) {
    report(`latency at half of the load, ${kind}, ratio is p99 in ms`, await latencyCase(kind, { rounds }), {
      below: 50,
    });
  }
  report("memory of a waiting stream, ratio is KB resident", await streamsCase(), { atMost: 20 });
  if (stores.length < 3) return console.log("PostgreSQL does not answer: nothing is said about it.");
  report("one relay and four on one PostgreSQL, per second", await instancesCase({ rounds }), { atLeast: 1 });
}

if (process.argv.includes("--write")) {
  const file = new URL("results.json", import.meta.url);
  const before: { readonly results: object } = JSON.parse(await readFile(file, "utf8"));
  const about = { node: process.version, crypto: native ? "sodium-native" : "libsodium-wrappers", rounds };
  const kept = { about, results: { ...before.results, ...results } };
  await writeFile(file, `${JSON.stringify(kept, undefined, 2)}\n`);
}
if (missed.length > 0) {
  console.error(`Missed: ${missed.join("; ")}.`);
  process.exitCode = 1;
}
