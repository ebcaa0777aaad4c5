// A Connector, or the bare routes that it is compared with, in a process of its own; prints its base URL.
import { configShape, createConnector } from "rapport/connector";
import { type LogPort, type Plugin, Store, Transport } from "rapport/core";
import { createSodium } from "rapport/plugins/crypto-sodium";
import { createSodiumNative, isSodiumNativeInstalled } from "rapport/plugins/crypto-sodium-native";
import { systemClock, systemEntropy } from "rapport/plugins/platform-node";
import { createMemoryBlobs, createMemoryStore } from "rapport/plugins/storage-memory";
import { createSqliteStore } from "rapport/plugins/storage-sqlite";
import { createLoopbackTransport } from "rapport/plugins/transport-loopback";
import { createRelay } from "rapport/relay";
import { openBareRoutes } from "./bare-routes.ts";
import type { ChildOptions } from "./children.ts";
import { storedRequest } from "./stored.ts";

const { mode, folder, count }: ChildOptions = JSON.parse(process.argv[2] ?? "{}");
const silent: LogPort = { write: () => undefined };

async function openLoopback() {
  const relay = createRelay({
    store: createMemoryStore(),
    blobs: createMemoryBlobs(),
    crypto: isSodiumNativeInstalled() ? createSodiumNative() : createSodium(),
    clock: systemClock(),
    entropy: systemEntropy(),
    log: silent,
  });
  await relay.open();
  return createLoopbackTransport(relay);
}

async function openConnector(): Promise<string> {
  const store = createSqliteStore({ file: `${folder}/connector.db` });
  const transport = await openLoopback();
  const filling: Plugin = {
    name: "bench",
    register: ({ provide }) => {
      provide(Store, () => store);
      provide(Transport, () => transport);
    },
  };
  const config = configShape.parse({
    debug: true,
    transportLibrary: { baseUrl: "http://localhost", platformClientId: "bench", platformClientSecret: "bench" },
  });
  const connector = await createConnector({ config, plugins: [filling], log: silent });
  let account = "";
  for await (const { document } of store.find({ under: "engine/accounts", limit: 1 })) account = String(document["id"]);
  for (let from = 0; from < count; from += 500) {
    const some = Array.from({ length: Math.min(500, count - from) }, (_, at) => storedRequest(from + at));
    await store.commit({ puts: some.map((document) => ({ key: `${account}/requests/${document["id"]}`, document })) });
  }
  const [url = ""] = await connector.listen();
  return url;
}

process.on("disconnect", () => process.exit(0));
process.send?.({
  url: mode === "connector" ? await openConnector() : await openBareRoutes({ folder, count, openLoopback }),
});
