// A relay, or the bare route it is compared with, in a process of its own; prints its base URL.
import { createSodium } from "rapport/plugins/crypto-sodium";
import { createSodiumNative, isSodiumNativeInstalled } from "rapport/plugins/crypto-sodium-native";
import { systemClock, systemEntropy } from "rapport/plugins/platform-node";
import { createMemoryBlobs, createMemoryStore } from "rapport/plugins/storage-memory";
import { createPostgresStore } from "rapport/plugins/storage-postgres";
import { createSqliteStore } from "rapport/plugins/storage-sqlite";
import { createRelay, type Relay } from "rapport/relay";
import { createRelayServer } from "rapport/relay/http";
import { openBareRoute } from "./bare-route.ts";
import type { ChildOptions, Place } from "./processes.ts";

const { mode, place }: ChildOptions = JSON.parse(process.argv[2] ?? "{}");

function storeAt(at: Place) {
  if (at.kind === "sqlite") return createSqliteStore({ file: at.file });
  return at.kind === "postgres" ? createPostgresStore(at) : createMemoryStore();
}

async function openRelay(): Promise<string> {
  const relay = createRelay({
    store: storeAt(place),
    blobs: createMemoryBlobs(),
    crypto: isSodiumNativeInstalled() ? createSodiumNative() : createSodium(),
    clock: systemClock(),
    entropy: systemEntropy(),
  });
  await relay.open();
  const [url = ""] = await createRelayServer({ relay: mode === "streams" ? strangersWelcome(relay) : relay }).listen();
  return url;
}

/** Takes every token for an identity of its own, and lets it in: what is measured is the stream, not ten thousand logins. */
function strangersWelcome(relay: Relay): Relay {
  return {
    ...relay,
    callerOf: async (token) => ({ ok: true, value: { address: token, deviceId: `DVC${token}`, username: token } }),
    call: async () => ({ ok: true, status: 200, result: {}, rapport: true }),
  };
}

process.on("message", (question) => {
  if (question !== "memory") return;
  globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  process.send?.({ rss, heapUsed, external });
});
process.on("disconnect", () => process.exit(0));
process.send?.({ url: mode === "bare" ? await openBareRoute(storeAt(place)) : await openRelay() });
