// `npm run bench`: prints the figures, and with `--write` keeps them in test/bench/results.json.
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

const report = (name: string, figures: object) => {
  results[name] = Object.fromEntries(
    Object.entries(figures).map(([key, value]) => [key, Number((value as number).toPrecision(4))]),
  );
  const text = Object.entries(figures).map(([key, value]) => `${key} ${(value as number).toPrecision(4)}`);
  console.log(`${name}: ${text.join(", ")}`);
};

console.log(
  `${rounds} interleaved rounds, medians; crypto: ${native ? "sodium-native" : "libsodium-wrappers"}; Node ${process.version}`,
);
report("step, per second", stepCase({ rounds }));
report("handshakes in memory, per second", await handshakeCase("memory", crypto(), { rounds }));
report(
  "handshakes on SQLite, every commit flushed, 32 in flight, per second",
  await handshakeCase("sqlite", crypto(), { rounds }),
);
report("one handshake among 100 and 100,000 Relationships, memory", await manyCase("memory", crypto(), { rounds }));
report("one handshake among 100 and 100,000 Relationships, SQLite", await manyCase("sqlite", crypto(), { rounds }));

if (process.argv.includes("--write")) {
  const about = { node: process.version, crypto: native ? "sodium-native" : "libsodium-wrappers", rounds };
  await writeFile(new URL("results.json", import.meta.url), `${JSON.stringify({ about, results }, undefined, 2)}\n`);
}
