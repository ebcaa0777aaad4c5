// A process of its own that is a relay: one of many over a PostgreSQL schema, or the only one over a SQLite file. It loads
// its code at once and opens the store when it reads a line, so that an heir can be warm while the store is still in use.
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { createFolderBlobs } from "rapport/plugins/blobs-folder";
import { createSodium } from "rapport/plugins/crypto-sodium";
import { createSodiumNative, isSodiumNativeInstalled } from "rapport/plugins/crypto-sodium-native";
import { systemClock, systemEntropy } from "rapport/plugins/platform-node";
import { createPostgresStore, createPostgresWakeUps } from "rapport/plugins/storage-postgres";
import { createSqliteStore } from "rapport/plugins/storage-sqlite";
import { createNatsWakeUps } from "rapport/plugins/wake-ups-nats";
import { createRelay } from "rapport/relay";
import { createRelayServer } from "rapport/relay/http";

const { values } = parseArgs({
  options: {
    sqlite: { type: "string" },
    postgres: { type: "string" },
    schema: { type: "string", default: "rapport" },
    blobs: { type: "string", default: "" },
    /** Where news is told to the other processes; not at all unless one of these is given. */
    nats: { type: "string" },
    notify: { type: "string" },
  },
});
const { sqlite = "", postgres, schema, blobs, nats, notify } = values;

const say = (fact: object) => process.stdout.write(`${JSON.stringify(fact)}\n`);
const log = {
  write: (level: string, message: string, facts?: object) => {
    if (level === "error") process.stderr.write(`${JSON.stringify({ message, ...facts })}\n`);
  },
};
const wakeUps =
  (nats && createNatsWakeUps({ servers: nats, subject: schema })) ||
  (notify && createPostgresWakeUps({ connectionString: notify, channel: schema }));
const relay = createRelay({
  store:
    postgres === undefined
      ? createSqliteStore({ file: sqlite })
      : createPostgresStore({ connectionString: postgres, schema }),
  blobs: createFolderBlobs({ folder: blobs }),
  clock: systemClock(),
  entropy: systemEntropy(),
  crypto: isSodiumNativeInstalled() ? createSodiumNative() : createSodium(),
  log,
  ...(wakeUps ? { wakeUps } : {}),
});
const server = createRelayServer({ relay, log });

let isOpen = false;
createInterface({ input: process.stdin })
  .on("line", async () => {
    await relay.open();
    const [url] = await server.listen();
    isOpen = true;
    say({ url });
  })
  // Whoever started this process has ended, or wants it to end in order.
  .on("close", async () => {
    if (isOpen) await server.close();
    if (isOpen) await relay[Symbol.asyncDispose]();
    process.exit();
  });
say({ loaded: true });
