import { type Account, type Accounts, createRapport, type Rapport, type RapportOptions } from "rapport";
import {
  type Answer,
  type Call,
  Clock,
  Crypto,
  type CryptoPort,
  Entropy,
  fault,
  type JsonObject,
  Log,
  type LogPort,
  type Plugin,
  Store,
  type StorePort,
  Transport,
  type TransportPort,
} from "rapport/core";
import { createSodium } from "rapport/plugins/crypto-sodium";
import { createSodiumNative, isSodiumNativeInstalled } from "rapport/plugins/crypto-sodium-native";
import {
  createMemoryBlobs,
  createMemoryDisk,
  createMemoryStore,
  type MemoryDisk,
} from "rapport/plugins/storage-memory";
import { createLoopbackTransport } from "rapport/plugins/transport-loopback";
import { createRelay, type Relay } from "rapport/relay";
import { createHandClock, type HandClock } from "./hand-clock.ts";
import { createSeededEntropy } from "./seeded-entropy.ts";

/** What a world is made of. With the same seed it is the same world, byte for byte. */
export interface WorldOptions {
  readonly seed?: number;
  readonly startsAt?: string;
  /** Wraps the crypto that everybody uses. */
  readonly crypto?: (crypto: CryptoPort) => CryptoPort;
  /** Wraps the store of the relay. */
  readonly relayStore?: (store: StorePort) => StorePort;
  /** What lies between everybody's engine and the relay; they are in one process when nothing is given. */
  readonly wire?: (relay: Relay) => Promise<Wire>;
}

/** A way to a relay, laid before the first engine starts and taken away after the last one ended. */
export interface Wire extends AsyncDisposable {
  readonly transport: TransportPort;
}

/** What stands between a person and the relay or the disk, for tests that break things. */
export interface PersonOptions {
  readonly plugins?: readonly Plugin[];
  /** Wraps the store of every run of this person's engine. */
  readonly store?: (store: StorePort) => StorePort;
  /** Wraps the transport of every run of this person's engine. */
  readonly transport?: (transport: TransportPort) => TransportPort;
}

/** One identity on a disk of its own. `account` changes with every restart. */
export interface Person {
  readonly name: string;
  readonly account: Account;
  /** Every account of this person's engine. */
  readonly accounts: Accounts;
  readonly disk: MemoryDisk;
  /** Ends the engine as a kill would and starts it again on the same disk, or on a copy kept from before. */
  restart(options?: PersonOptions & { readonly disk?: MemoryDisk }): Promise<Account>;
}

/** People and a relay, in one process, with a clock moved by hand. */
export interface World extends AsyncDisposable {
  readonly clock: HandClock;
  readonly relay: Relay;
  readonly relayDisk: MemoryDisk;
  /** Every call that reached the relay, in order. */
  readonly calls: readonly Call[];
  /** Log entries of level warn and above. */
  readonly warnings: readonly string[];
  person(name: string, options?: PersonOptions): Promise<Person>;
}

/** Makes a world; a number is its seed. */
export async function createWorld(given: WorldOptions | number = {}): Promise<World> {
  const options = typeof given === "number" ? { seed: given } : given;
  const { seed = 1, startsAt } = options;
  const clock = createHandClock(startsAt);
  const entropy = createSeededEntropy(seed);
  const crypto = (options.crypto ?? same)(isSodiumNativeInstalled() ? createSodiumNative() : createSodium());
  await crypto.open();
  const warnings: string[] = [];
  const calls: Call[] = [];
  const log: LogPort = {
    write: (level, message) => {
      if (level === "warn" || level === "error") warnings.push(message);
    },
  };
  const relayDisk = createMemoryDisk();
  const relayStore = (options.relayStore ?? same)(createMemoryStore({ disk: relayDisk }));
  const relayBlobs = createMemoryBlobs({ disk: relayDisk });
  const relay = createRelay({ store: relayStore, blobs: relayBlobs, clock, entropy, crypto, log });
  await relay.open();
  const wire = await (options.wire ?? loopback)(relay);
  const transport = recorded(wire.transport, calls);
  const running = new Set<Rapport>();

  const start = async (disk: MemoryDisk, options: PersonOptions): Promise<Rapport> => {
    const store = (options.store ?? same)(createMemoryStore({ disk }));
    const wired = (options.transport ?? same)(transport);
    const ground: Plugin = {
      name: "world",
      register: ({ provide }) => {
        provide(Clock, () => clock);
        provide(Entropy, () => entropy);
        provide(Crypto, () => shared(crypto));
        provide(Log, () => log);
        provide(Store, () => store);
        provide(Transport, () => shared(wired));
      },
    };
    const settings: RapportOptions = { plugins: [ground, ...(options.plugins ?? [])], background: false };
    const rapport = await createRapport(settings);
    running.add(rapport);
    return rapport;
  };

  return Object.freeze<World>({
    clock,
    relay,
    relayDisk,
    calls,
    warnings,
    person: (name, options = {}) => createPerson({ name, options, start, running }),
    [Symbol.asyncDispose]: async () => {
      for (const rapport of running) await rapport.close();
      await wire[Symbol.asyncDispose]();
      await relay[Symbol.asyncDispose]();
    },
  });
}

interface Making {
  readonly name: string;
  readonly options: PersonOptions;
  readonly start: (disk: MemoryDisk, options: PersonOptions) => Promise<Rapport>;
  readonly running: Set<Rapport>;
}

async function createPerson({ name, options, start, running }: Making): Promise<Person> {
  let disk = createMemoryDisk();
  let rapport = await start(disk, options);
  let account = await rapport.accounts.create({ name });
  return {
    name,
    get account() {
      return account;
    },
    get accounts() {
      return rapport.accounts;
    },
    get disk() {
      return disk;
    },
    async restart(again = {}) {
      running.delete(rapport);
      disk = again.disk ?? disk;
      rapport = await start(disk, { ...options, ...again });
      account = await rapport.accounts.get(name);
      return account;
    },
  };
}

async function loopback(relay: Relay): Promise<Wire> {
  const transport = createLoopbackTransport(relay);
  return { transport, [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose]() };
}

function same<T>(part: T): T {
  return part;
}

// Parts that outlive one engine: closing the engine does not close them.
function shared<T extends object>(part: T): T {
  const { [Symbol.asyncDispose as never]: _dispose, ...kept } = part as T & { [key: symbol]: unknown };
  return { ...kept, [Symbol.asyncDispose]: async () => undefined } as unknown as T;
}

function recorded(transport: TransportPort, calls: Call[]): TransportPort {
  return {
    ...transport,
    call: (call, session) => {
      calls.push(call);
      return transport.call(call, session);
    },
  };
}

/**
 * A transport that does not get through while `isDown` says so: before the relay hears the call, or after. "unsent" is as
 * "before", and the transport knows it.
 */
export function unreliable(
  transport: TransportPort,
  isDown: (call: Call) => "before" | "after" | "unsent" | undefined,
): TransportPort {
  return {
    ...transport,
    async call(call, session): Promise<Answer> {
      const when = isDown(call);
      if (when === "before") throw silence();
      if (when === "unsent") throw silence({ sent: false });
      const answer = await transport.call(call, session);
      if (when === "after") throw silence();
      return answer;
    },
  };
}

function silence(details: JsonObject = {}) {
  return fault("relay.unreachable", "No answer came, as planned.", { details });
}
