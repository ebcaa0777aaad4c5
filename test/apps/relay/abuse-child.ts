// A relay behind HTTP in a process of its own, so that its memory and its log are its own. It says where it listens, writes
// its log to standard output, and does what its parent asks: moves its clock, or says how much memory it holds.

import { systemEntropy } from "rapport/plugins/platform-node";
import { createMemoryBlobs, createMemoryStore } from "rapport/plugins/storage-memory";
import { createRelay } from "rapport/relay";
import { createRelayServer } from "rapport/relay/http";
import { createHandClock } from "../../kit/hand-clock.ts";
import { crypto } from "../../relay/parties.ts";

const clock = createHandClock();
const log = {
  write: (level: string, message: string, facts?: object) => {
    process.stdout.write(`${JSON.stringify({ level, message, ...facts })}\n`);
  },
};
const parts = { store: createMemoryStore(), blobs: createMemoryBlobs(), clock, entropy: systemEntropy(), crypto };
const relay = createRelay({ ...parts, log });
await relay.open();
const server = createRelayServer({ relay, log, waits: { headersMs: 1_000, requestMs: 2_000, idleMs: 2_000 } });
const [url = ""] = await server.listen();
process.send?.({ url, nowMs: clock.now() });

process.on("message", (asked: { advanceMs?: number }) => {
  if (asked.advanceMs !== undefined) clock.advance(asked.advanceMs);
  process.send?.({ nowMs: clock.now(), bytes: heldBytes() });
});

/** What is still held once nothing is left to collect. */
function heldBytes(): number {
  for (let round = 0; round < 3; round += 1) globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
