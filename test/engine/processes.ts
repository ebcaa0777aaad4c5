import { setMaxListeners } from "node:events";
import { type Account, createRapport, type Rapport, RapportError } from "rapport";
import {
  Clock,
  type ClockPort,
  Crypto,
  type CryptoPort,
  Entropy,
  Log,
  type Plugin,
  Store,
  type StorePort,
  Transport,
  type TransportPort,
} from "rapport/core";
import { createSodium } from "rapport/plugins/crypto-sodium";
import { createMemoryDisk, createMemoryStore, type MemoryDisk } from "rapport/plugins/storage-memory";
import { createLoopbackTransport } from "rapport/plugins/transport-loopback";
import { createSeededEntropy, type World } from "rapport/testkit";
import { startMs } from "../services/scenes.ts";

/** A clock on which sleepers sleep until somebody moves it to their time. */
export interface StepClock extends ClockPort {
  /** Moves on by that many milliseconds, waking each sleeper at its time and letting it work. */
  pass(ms: number): Promise<void>;
}

/** Lets everything run that is ready. */
export async function settled(rounds = 40): Promise<void> {
  for (let round = 0; round < rounds; round += 1) await new Promise((resolve) => setImmediate(resolve));
}

function createStepClock(): StepClock {
  let nowMs = startMs;
  const sleepers = new Set<{ readonly at: number; readonly wake: () => void }>();
  return {
    now: () => nowMs,
    sleep: (ms, stop) =>
      new Promise((resolve) => {
        if (stop?.aborted === true) return resolve();
        const wake = () => {
          sleepers.delete(sleeper);
          stop?.removeEventListener("abort", wake);
          resolve();
        };
        const sleeper = { at: nowMs + ms, wake };
        sleepers.add(sleeper);
        if (stop === undefined) return;
        setMaxListeners(0, stop);
        stop.addEventListener("abort", wake);
      }),
    async pass(ms) {
      const endMs = nowMs + ms;
      for (;;) {
        await settled();
        const [next] = [...sleepers].filter(({ at }) => at <= endMs).toSorted((one, other) => one.at - other.at);
        if (next === undefined) break;
        nowMs = Math.max(nowMs, next.at);
        next.wake();
      }
      nowMs = endMs;
      await settled();
    },
  };
}

/** How one process differs from the others. */
export interface ProcessOptions {
  readonly plugins?: readonly Plugin[];
  readonly transport?: (transport: TransportPort) => TransportPort;
  readonly store?: (store: StorePort) => StorePort;
}

/** An engine on the common store. */
export interface Process {
  readonly rapport: Rapport;
  readonly account: Account;
  /** Ends it as a power cut would: nothing that it does reaches the store any more. */
  kill(): void;
}

/** Several engines with one store and one clock, which serve the account "acme". */
export interface Processes extends AsyncDisposable {
  readonly clock: StepClock;
  readonly disk: MemoryDisk;
  readonly warnings: readonly string[];
  start(options?: ProcessOptions): Promise<Process>;
}

/** An empty store of which no process is at work. */
export async function processesIn(world: World): Promise<Processes> {
  const clock = createStepClock();
  const disk = createMemoryDisk();
  const store = createMemoryStore({ disk });
  const crypto = createSodium();
  await crypto.open();
  const warnings: string[] = [];
  const running: Rapport[] = [];
  return {
    clock,
    disk,
    warnings,
    async start({
      plugins = [],
      transport = (own: TransportPort) => own,
      store: through = (own: StorePort) => own,
    } = {}) {
      let isDead = false;
      const ground: Plugin = {
        name: "ground",
        register: ({ provide }) => {
          provide(Clock, () => clock);
          provide(Entropy, () => createSeededEntropy(100 + running.length));
          provide(Crypto, () => kept(crypto));
          provide(Log, () => ({ write: (level, message) => void (level === "info" || warnings.push(message)) }));
          provide(Store, () => through(onShared(store, () => isDead)));
          provide(Transport, () => transport(createLoopbackTransport(world.relay)));
        },
      };
      const rapport = await createRapport({ plugins: [ground, ...plugins] });
      const { accounts } = rapport;
      const isKnown = (await accounts.list()).length > 0;
      running.push(rapport);
      const account = isKnown ? await accounts.get("acme") : await created(accounts);
      const kill = () => {
        isDead = true;
      };
      return { rapport, account, kill };
    },
    [Symbol.asyncDispose]: async () => {
      const closing = Promise.all(running.map((rapport) => rapport.close()));
      // What is not taken is waited for a while.
      await clock.pass(10_000);
      await closing;
    },
  };
}

// Somebody else may be faster.
async function created(accounts: Rapport["accounts"]): Promise<Account> {
  try {
    return await accounts.create({ name: "acme" });
  } catch (problem) {
    if (problem instanceof RapportError && problem.code === "account.nameTaken") return accounts.get("acme");
    throw problem;
  }
}

function onShared(store: StorePort, isDead: () => boolean): StorePort {
  const alive = () => {
    if (isDead()) throw new Error("The process was killed.");
  };
  return {
    isShared: true,
    open: (collections) => store.open(collections),
    get: async (key) => {
      alive();
      return store.get(key);
    },
    find: async function* (query) {
      alive();
      yield* store.find(query);
    },
    commit: async (batch) => {
      alive();
      return store.commit(batch);
    },
    ...(store.sealKey === undefined ? {} : { sealKey: store.sealKey }),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

function kept(crypto: CryptoPort): CryptoPort {
  return { ...crypto, [Symbol.asyncDispose]: async () => undefined } as CryptoPort;
}
