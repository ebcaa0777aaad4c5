// The relay and the two Connectors of `rapport up`, opened and closed together.
import { join } from "node:path";
import { configShape, createConnector } from "rapport/connector";
import { createFolderBlobs } from "rapport/plugins/blobs-folder";
import { createSodium } from "rapport/plugins/crypto-sodium";
import { createSodiumNative, isSodiumNativeInstalled } from "rapport/plugins/crypto-sodium-native";
import { standardErrorLog, systemClock, systemEntropy } from "rapport/plugins/platform-node";
import { createSqliteStore, sqliteStorage } from "rapport/plugins/storage-sqlite";
import { relayTransport } from "rapport/plugins/transport-relay";
import { createRelay } from "rapport/relay";
import { createRelayServer } from "rapport/relay/http";
import { type Kept, makeFolder, type Name, names, readKept, writeKept } from "./up-kept.ts";
import { freePort, hosts } from "./up-ports.ts";

/** One Connector as others see it. */
export interface Resident {
  readonly name: Name;
  readonly url: string;
  readonly apiKey: string;
  readonly address: string;
}

/** Everything that runs. */
export interface House {
  readonly folder: string;
  readonly relayUrl: string;
  readonly residents: { readonly [name in Name]: Resident };
  /** Ports that somebody else had. */
  readonly passedBy: readonly number[];
  close(): Promise<void>;
}

/** Where the house stands; a port that was not chosen gives way to that of the last time. */
export interface HouseOptions {
  readonly folder: string;
  readonly port: { readonly wanted: number; readonly isChosen: boolean };
}

/** Opens it. What was opened is closed again when something fails. */
export async function openHouse({ folder, port }: HouseOptions): Promise<House> {
  makeFolder(folder);
  const kept = readKept(folder);
  const wanted = wantedPorts(kept, port);
  const ports = await portsFor(wanted);
  writeKept(folder, { ...kept, ports });
  const closes: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const end of closes.splice(0).toReversed()) await end();
  };
  try {
    const relayUrl = urlAt(ports.relay);
    await openRelay({ folder, kept, port: ports.relay, closes });
    const open = (name: Name) => openResident(name, { folder, kept, port: ports[name], relayUrl, closes });
    const [library, mara] = await Promise.all([open("library"), open("mara")]);
    const passedBy = Object.keys(ports).flatMap((name) => {
      const key = name as keyof Ports;
      return wanted[key] !== 0 && wanted[key] !== ports[key] ? [wanted[key]] : [];
    });
    return { folder, relayUrl, residents: { library, mara }, passedBy, close };
  } catch (problem) {
    await close().catch(() => undefined);
    throw problem;
  }
}

type Ports = NonNullable<Kept["ports"]>;

function wantedPorts({ ports }: Kept, { wanted, isChosen }: HouseOptions["port"]): Ports {
  if (ports !== undefined && !isChosen) return ports;
  const [library, mara] = names.map((_name, at) => (wanted === 0 ? 0 : wanted + at + 1));
  return { relay: wanted, library: library ?? 0, mara: mara ?? 0 };
}

async function portsFor(wanted: Ports): Promise<Ports> {
  const relay = await freePort(wanted.relay, []);
  const library = await freePort(wanted.library, [relay]);
  return { relay, library, mara: await freePort(wanted.mara, [relay, library]) };
}

/** Always by this name: references carry it, and it is the same on every machine. */
function urlAt(port: number): string {
  return `http://localhost:${port}`;
}

interface Ground {
  readonly folder: string;
  readonly kept: Kept;
  readonly port: number;
  readonly closes: (() => Promise<void>)[];
}

async function openRelay({ folder, kept, port, closes }: Ground): Promise<void> {
  const relay = createRelay({
    store: createSqliteStore({ file: join(folder, "relay.db") }),
    blobs: createFolderBlobs({ folder: join(folder, "relay.files") }),
    crypto: isSodiumNativeInstalled() ? createSodiumNative() : createSodium(),
    clock: systemClock(),
    entropy: systemEntropy(),
    log: standardErrorLog(),
    baseUrl: urlAt(port),
    clients: [kept.client],
  });
  closes.push(async () => relay[Symbol.asyncDispose]());
  await relay.open();
  await relay.admin.runDueTimers();
  const server = createRelayServer({ relay, log: standardErrorLog() });
  closes.push(() => server.close());
  await server.listen({ port, hosts });
}

async function openResident(name: Name, ground: Ground & { readonly relayUrl: string }): Promise<Resident> {
  const { folder, kept, port, relayUrl, closes } = ground;
  const [client, apiKey] = [kept.client, kept.keys[name]];
  const config = configShape.parse({
    transportLibrary: { baseUrl: relayUrl, platformClientId: client.id, platformClientSecret: client.secret },
    database: { driver: "sqlite", folder, dbName: name },
    logging: { level: "warn" },
    modules: { sse: { enabled: true } },
    infrastructure: {
      httpServer: { port, host: [...hosts], authentication: { apiKey: { keys: { up: { key: apiKey } } } } },
    },
  });
  const connector = await createConnector({
    config,
    plugins: [sqliteStorage({ file: join(folder, `${name}.db`) }), relayTransport({ baseUrl: relayUrl, client })],
    log: standardErrorLog(),
  });
  closes.push(() => connector.close());
  await connector.listen({ port, hosts });
  const [identity] = connector.identities;
  return { name, url: urlAt(port), apiKey, address: identity?.account.address ?? "" };
}
