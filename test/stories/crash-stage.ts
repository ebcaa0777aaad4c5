// A small world that can be photographed: one picture is the start of as many runs as there are points to crash at.
import { createRapport, type Rapport } from "rapport";
import {
  type Answer,
  Clock,
  Crypto,
  type CryptoPort,
  type Document,
  Entropy,
  type JsonObject,
  Log,
  type Plugin,
  Store,
  type StorePort,
  Transport,
} from "rapport/core";
import { createSodium } from "rapport/plugins/crypto-sodium";
import { createSodiumNative, isSodiumNativeInstalled } from "rapport/plugins/crypto-sodium-native";
import { createMemoryDisk, createMemoryStore, type MemoryDisk } from "rapport/plugins/storage-memory";
import { createLoopbackTransport } from "rapport/plugins/transport-loopback";
import { createRelay, type Relay } from "rapport/relay";
import {
  type CrashPoint,
  type CrashPoints,
  createCrashPoints,
  createHandClock,
  createSeededEntropy,
  type HandClock,
  type NonceWatch,
  type Wire,
  watchNonces,
} from "rapport/testkit";

/** Everybody's disks at one moment. */
export interface Snapshot {
  readonly disks: ReadonlyMap<string, MemoryDisk>;
  readonly nowMs: number;
  readonly crypto: CryptoPort;
  readonly nonces: NonceWatch;
}

/** People and a relay, each a process that can die and start again on its disk. */
export interface Stage extends AsyncDisposable {
  readonly clock: HandClock;
  readonly nonces: NonceWatch;
  readonly warnings: readonly string[];
  /** Everything that was logged, with its facts. */
  readonly logged: readonly string[];
  /** The engine of a person; started when it is asked for. */
  engine(name: string): Promise<Rapport>;
  /** Where the process of a person, or of `relay`, can be made to fail. */
  points(name: string): CrashPoints;
  /** What goes wrong in the next process of a person, from its first call on: while it starts. */
  plan(name: string, point: CrashPoint): void;
  /** Ends a process in good order; a person's starts again when it is asked for, the relay's by `restart`. */
  close(name: string): Promise<void>;
  /** What a kill and a new start do; on another disk when one is given. */
  restart(name: string, disk?: MemoryDisk): Promise<void>;
  disk(name: string): MemoryDisk;
  /** True for the address of an identity that was there at the beginning. */
  isKnown(address: string): boolean;
  snapshot(): Snapshot;
}

/** Who stores and forwards; every other name is a person. */
export const relayName = "relay";

/** How a stage differs from the usual one, which is in one process and in memory. */
export interface StageOptions {
  readonly storeOf?: (name: string) => StorePort | undefined;
  readonly wire?: (relay: Relay) => Promise<Wire>;
}

/** Opens a stage, at its beginning or where a snapshot was taken. */
export async function createStage(
  from: Snapshot,
  seed: number,
  { storeOf, wire = loopback }: StageOptions = {},
): Promise<Stage> {
  const clock = createHandClock(new Date(from.nowMs).toISOString());
  const entropy = createSeededEntropy(seed);
  const nonces = from.nonces.fork();
  const disks = new Map([...from.disks].map(([name, disk]) => [name, disk.copy()]));
  const crypto = nonces.wrap(from.crypto);
  const points = new Map<string, CrashPoints>();
  const plans = new Map<string, CrashPoint>();
  const engines = new Map<string, Promise<Rapport>>();
  const known = from.disks.get(relayName)?.documents() ?? new Map();
  const warnings: string[] = [];
  const logged: string[] = [];
  const log = {
    write: (level: string, message: string, facts?: JsonObject) => {
      logged.push(JSON.stringify([level, message, facts]));
      if (level === "warn" || level === "error") warnings.push(message);
    },
  };
  const diskOf = (name: string): MemoryDisk => {
    const disk = disks.get(name) ?? createMemoryDisk();
    disks.set(name, disk);
    return disk;
  };
  const begin = (name: string) => {
    const fresh = createCrashPoints();
    points.set(name, fresh);
    fresh.watch(plans.get(name));
    plans.delete(name);
    return fresh.store(storeOf?.(name) ?? createMemoryStore({ disk: diskOf(name) }));
  };
  const openRelay = async () => {
    closeRelay = undefined;
    const relay = createRelay({ store: begin(relayName), clock, entropy, crypto, log });
    await relay.open();
    const laid = await wire(relay);
    closeRelay = async () => {
      await laid[Symbol.asyncDispose]();
      await relay[Symbol.asyncDispose]();
    };
    return laid.transport;
  };
  let closeRelay: (() => PromiseLike<void>) | undefined;
  let relay = await openRelay();
  const way = {
    baseUrl: relay.baseUrl,
    hostName: relay.hostName,
    call: (...call: Parameters<typeof relay.call>): Promise<Answer> => relay.call(...call),
    [Symbol.asyncDispose]: async () => undefined,
  };
  const start = (name: string): Promise<Rapport> => {
    const store = begin(name);
    const transport = pointsOf(name).transport(way);
    const ground: Plugin = {
      name: "stage",
      register: ({ provide }) => {
        provide(Clock, () => clock);
        provide(Entropy, () => entropy);
        provide(Crypto, () => crypto);
        provide(Log, () => log);
        provide(Store, () => store);
        provide(Transport, () => transport);
      },
    };
    return createRapport({ plugins: [ground], background: false });
  };
  const pointsOf = (name: string): CrashPoints => {
    const known = points.get(name);
    if (known === undefined) throw new Error(`${name} has not been started.`);
    return known;
  };

  return {
    clock,
    nonces,
    warnings,
    logged,
    engine: (name) => {
      const engine = engines.get(name) ?? start(name);
      engines.set(name, engine);
      // Who could not start is started anew when asked for again.
      engine.catch(() => engines.get(name) === engine && engines.delete(name));
      return engine;
    },
    points: pointsOf,
    plan: (name, point) => plans.set(name, point),
    close: async (name) => {
      if (name === relayName) await closeRelay?.();
      else await (await engines.get(name))?.close();
      engines.delete(name);
    },
    restart: async (name, disk) => {
      if (disk !== undefined) disks.set(name, disk);
      if (name === relayName) relay = await openRelay();
      else engines.set(name, Promise.resolve(await start(name)));
    },
    disk: diskOf,
    isKnown: (address) => known.has(`relay/identity/${address}`),
    snapshot: () => ({
      disks: new Map([...disks].map(([name, disk]) => [name, disk.copy()])),
      nowMs: clock.now(),
      crypto: from.crypto,
      nonces: nonces.fork(),
    }),
    [Symbol.asyncDispose]: async () => {
      for (const engine of engines.values()) await (await engine).close();
      await closeRelay?.();
    },
  };
}

async function loopback(relay: Relay): Promise<Wire> {
  const transport = createLoopbackTransport(relay);
  return { transport, [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose]() };
}

/** Where every stage begins: empty disks. */
export async function emptySnapshot(wrap = (crypto: CryptoPort): CryptoPort => crypto): Promise<Snapshot> {
  const crypto = wrap(isSodiumNativeInstalled() ? createSodiumNative() : createSodium());
  await crypto.open();
  return { disks: new Map(), nowMs: Date.parse("2030-01-01T00:00:00.000Z"), crypto, nonces: watchNonces() };
}

/** Collections whose content depends on how often something was tried, and is nobody's property. */
const passing = ["challenge", "access", "login", "idempotency", "syncrun", "epoch", "datawallet", "modification"];

/**
 * What is on the disks, without what differs from run to run: ids, instants, keys and counters. Two runs that led to the
 * same have the same digest.
 */
export function digestOf(stage: Stage, names: readonly string[]): string[] {
  return names.flatMap((name) =>
    [...stage.disk(name).documents()]
      .filter(([key]) => !passing.includes(key.split("/")[1] ?? ""))
      .map(([key, document]) => masked(stage, `${name}: ${key} ${JSON.stringify(shown(key, document))}`))
      .sort(),
  );
}

// Ciphertexts differ in length with what is masked inside them; that they exist is what counts.
function shown(key: string, document: Document): unknown {
  const kind = key.split("/")[1];
  if (kind === "secrets" || kind === "proofs" || kind === "sync") return "…";
  return key.includes("/counters/send-") ? "…" : document;
}

function masked(stage: Stage, text: string): string {
  return text
    .replaceAll(/did:e:\w+:dids:[0-9a-f]{22}/g, (address) => (stage.isKnown(address) ? address : "<newcomer>"))
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<instant>")
    .replaceAll(/"(?:forgetAtMs|endsAtMs)":\d+/g, "<deadline>")
    .replaceAll(/"(?:index|version)":\d+/g, "<number>")
    .replaceAll(/\b[0-9a-f]{64}\b/g, "<hash>")
    .replaceAll(/"(?:salt|hash|nonce)":"[^"]+"/g, "<salted>")
    .replaceAll(/[A-Za-z0-9_-]{40,}/g, "<bytes>")
    .replaceAll(/\b([A-Z]{3,6})[A-Za-z0-9]{17}\b/g, "$1")
    .replaceAll(/\/0{6}\d{6}/g, "/<place>");
}
