import { spawn } from "node:child_process";
import { once } from "node:events";
import fc from "fast-check";
import { Clock, createHost, Entropy, Log } from "rapport/core";
import { platformNode, silentLog, standardErrorLog, systemClock, systemEntropy } from "rapport/plugins/platform-node";
import { expect, test } from "vitest";

test("the plugin fills the clock, the entropy and the log", () => {
  const { use } = createHost([platformNode()]);

  expect(use(Clock).now()).toBeGreaterThan(1_700_000_000_000);
  expect(use(Entropy).bytes(3)).toHaveLength(3);
  expect(use(Log).write).toBeTypeOf("function");
});

test("a sleep that is told to stop ends, also when it was told before", async () => {
  const stop = new AbortController();
  const longSleep = systemClock().sleep(2 ** 40, stop.signal);

  stop.abort();

  await expect(longSleep).resolves.toBeUndefined();
  await expect(systemClock().sleep(2 ** 40, stop.signal)).resolves.toBeUndefined();
});

test("a sleep of no time ends at once", async () => {
  await expect(systemClock().sleep(0)).resolves.toBeUndefined();
  await expect(systemClock().sleep(-5)).resolves.toBeUndefined();
});

test("a program that waits for a sleep goes on after it, and one that has slept in the background ends", async () => {
  const door = new URL("../../../plugins/platform-node/index.ts", import.meta.url).href;
  const loader = new URL("../../../.config/load-typescript.mjs", import.meta.url).href;
  const program = `
    import { systemClock } from ${JSON.stringify(door)};
    systemClock().sleep(2 ** 40, new AbortController().signal);
    await systemClock().sleep(20);
    console.log("awake");
  `;
  const words = ["--conditions=rapport:source", "--import", loader, "--input-type=module", "--eval", program];

  const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.on("data", (chunk) => {
    said += chunk;
  });
  const [exit] = await once(child, "close");

  expect({ exit, said }).toEqual({ exit: 0, said: "awake\n" });
});

test("entropy gives the count asked for, and never the same bytes twice", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 16, max: 5000 }), { maxLength: 60 }), (counts) => {
      const entropy = systemEntropy();

      const drawn = counts.map((count) => entropy.bytes(count));

      expect(drawn.map((bytes) => bytes.length)).toEqual(counts);
      expect(new Set(drawn.map((bytes) => Buffer.from(bytes).toString("hex"))).size).toBe(counts.length);
    }),
  );
});

test("bytes that were handed out stay as they were when more are drawn", () => {
  const entropy = systemEntropy();
  const first = entropy.bytes(32);
  const before = first.slice();

  for (let draw = 0; draw < 1000; draw += 1) entropy.bytes(32);

  expect(first).toEqual(before);
});

test("nothing drawn repeats a window of anything drawn before", () => {
  const entropy = systemEntropy();
  const seen = new Set<string>();

  for (let draw = 0; draw < 2000; draw += 1) seen.add(Buffer.from(entropy.bytes(8)).toString("hex"));

  expect(seen.size).toBe(2000);
});

test("the log writes one JSON line per entry from its level upwards", () => {
  const lines: string[] = [];
  const log = standardErrorLog({ write: (line) => lines.push(line) });

  log.write("info", "dropped");
  log.write("warn", "kept\nas one line", { relay: "localhost" });

  expect(lines).toHaveLength(1);
  expect(lines[0]?.endsWith("\n")).toBe(true);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ level: "warn", message: "kept\nas one line", relay: "localhost" });
});

test("a silent log writes nothing", () => {
  const lines: string[] = [];

  standardErrorLog({ level: "silent", write: (line) => lines.push(line) }).write("error", "dropped");
  silentLog().write("error", "dropped");

  expect(lines).toEqual([]);
});
