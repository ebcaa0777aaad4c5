// `npm run bench`: prints the figures with their targets, ends with 1 where one is missed, and with `--write` keeps the
// figures in test/bench/results.json.
import { writeFile } from "node:fs/promises";
import { createSodium } from "rapport/plugins/crypto-sodium";
import { createSodiumNative, isSodiumNativeInstalled } from "rapport/plugins/crypto-sodium-native";
import { handshakeCase } from "./handshake-case.ts";
import { manyCase } from "./many-case.ts";
import { stepCase } from "./step.ts";

const native = isSodiumNativeInstalled();
const crypto = () => (native ? createSodiumNative() : createSodium());
const rounds = Number(process.env["RAPPORT_BENCH_ROUNDS"] ?? 9);
const results: { [name: string]: object } = {};
const missed: string[] = [];

/** What a ratio must reach: at least, or at most. */
type Target = { readonly atLeast: number } | { readonly atMost: number };

const report = (name: string, { ratio, ...others }: { ratio: number; [name: string]: number }, target: Target) => {
  const [words, isMet] =
    "atLeast" in target
      ? [`at least ${target.atLeast}`, ratio >= target.atLeast]
      : [`at most ${target.atMost}`, ratio <= target.atMost];
  const figures = Object.entries({ ...others, ratio }).map(([key, value]) => [key, value.toPrecision(4)] as const);
  results[name] = Object.fromEntries(figures.map(([key, value]) => [key, Number(value)]));
  console.log(`${name}: ${figures.map((figure) => figure.join(" ")).join(", ")} (target: ${words})`);
  if (!isMet) missed.push(`"${name}" has the ratio ${ratio.toPrecision(4)} instead of ${words}`);
};

console.log(
  `${rounds} interleaved rounds, medians; crypto: ${native ? "sodium-native" : "libsodium-wrappers"}; Node ${process.version}`,
);
report("step, per second", { ...stepCase({ rounds }) }, { atLeast: 2 });
report(
  "handshakes in memory, per second",
  { ...(await handshakeCase("memory", crypto(), { rounds })) },
  { atLeast: 0.6 },
);
report(
  "handshakes on SQLite, every commit flushed, 32 in flight, per second",
  { ...(await handshakeCase("sqlite", crypto(), { rounds })) },
  { atLeast: 0.5 },
);
report(
  "one handshake among 100 and 100,000 Relationships, memory",
  { ...(await manyCase("memory", crypto(), { rounds })) },
  { atMost: 1.3 },
);
report(
  "one handshake among 100 and 100,000 Relationships, SQLite",
  { ...(await manyCase("sqlite", crypto(), { rounds })) },
  { atMost: 1.3 },
);

if (process.argv.includes("--write")) {
  const about = { node: process.version, crypto: native ? "sodium-native" : "libsodium-wrappers", rounds };
  await writeFile(new URL("results.json", import.meta.url), `${JSON.stringify({ about, results }, undefined, 2)}\n`);
}
if (missed.length > 0) {
  console.error(`Missed: ${missed.join("; ")}.`);
  process.exitCode = 1;
}
