// Two engines and a relay on stores that outlive them, one clock, and a line between them that can be cut.
import { type Account, createRapport, type Rapport } from "rapport";
import {
  type BlobsPort,
  Clock,
  Crypto,
  type CryptoPort,
  Entropy,
  Log,
  type LogPort,
  type Plugin,
  Publisher,
  Store,
  type StorePort,
  Transport,
  type TransportPort,
} from "rapport/core";
import { createSodium } from "rapport/plugins/crypto-sodium";
import { createSodiumNative, isSodiumNativeInstalled } from "rapport/plugins/crypto-sodium-native";
import { type RuleTableConfig, rulesTable } from "rapport/plugins/rules-table";
import { createLoopbackTransport } from "rapport/plugins/transport-loopback";
import { createRelay, type Relay } from "rapport/relay";
import { createHandClock, type HandClock } from "../kit/hand-clock.ts";
import { createSeededEntropy } from "../kit/seeded-entropy.ts";
import { unreliable } from "../kit/world.ts";
import type { HousePlan, LineState } from "./story-lines.ts";
import { journalled, type WireLine } from "./wire-journal.ts";

/** Where the documents of everybody are; asked again at each opening. */
export interface Place {
  store(name: string): StorePort;
  blobs(): BlobsPort;
}

/** The name of the relay's store in a place. */
export const relayName = "relay";

/** Everybody at home. */
export interface Houses extends AsyncDisposable {
  readonly clock: HandClock;
  readonly relay: Relay;
  /** What went to the relay, in order. */
  readonly wire: readonly WireLine[];
  readonly warnings: readonly string[];
  readonly plans: readonly HousePlan[];
  engineOf(person: string): Rapport;
  account(person: string): Promise<Account>;
  /** Cuts a house's line to the relay, or mends it. */
  setLine(house: string, state: LineState): void;
  /** Notes an act of the operator in the journal. */
  noteOperator(line: WireLine): void;
}

/** How the houses are opened. */
export interface HousesOptions {
  readonly place: Place;
  readonly plans: readonly HousePlan[];
  readonly seed: number;
  readonly startsAt: string;
  /** How the lines are at first; up if not said. */
  readonly line?: LineState;
  /** Whoever wants to hear of events takes all of them. */
  readonly isTaking?: boolean;
}

/** Opens the relay and both engines on the stores of the place. */
export async function openHouses(options: HousesOptions): Promise<Houses> {
  const { place, plans, seed, startsAt, isTaking = false } = options;
  const clock = createHandClock(startsAt);
  const crypto: CryptoPort = isSodiumNativeInstalled() ? createSodiumNative() : createSodium();
  await crypto.open();
  const warnings: string[] = [];
  const log: LogPort = {
    write: (level, message, facts) => {
      if (level === "warn" || level === "error") warnings.push(`${message} ${JSON.stringify(facts ?? {})}`);
    },
  };
  const lines = new Map<string, LineState>(plans.map(({ name }) => [name, options.line ?? "up"]));
  const wire: WireLine[] = [];
  const relay = await openRelay({ place, clock, crypto, log, seed });
  const loopback = createLoopbackTransport(relay);
  const engines = new Map<string, Rapport>();
  for (const [index, plan] of plans.entries()) {
    const heard = journalled(loopback, { house: plan.name, lines: wire, now: () => clock.now() });
    const transport = unreliable(heard, () => whenDown(lines.get(plan.name)));
    const ground = groundOf({ clock, crypto, log, transport, store: place.store(plan.name), seed: seed + 1 + index });
    const engine = await createRapport({ plugins: [ground, ...pluginsOf(plan, isTaking)], background: false });
    for (const person of plan.people) engines.set(person, engine);
  }
  const engineOf = (person: string): Rapport => {
    const engine = engines.get(person);
    if (engine === undefined) throw new Error(`Nobody is called ${person}.`);
    return engine;
  };
  return {
    clock,
    relay,
    wire,
    warnings,
    plans,
    engineOf,
    account: (person) => engineOf(person).accounts.get(person),
    setLine: (house, state) => lines.set(house, state),
    noteOperator: (line) => wire.push(line),
    [Symbol.asyncDispose]: async () => {
      for (const engine of new Set(engines.values())) await engine.close();
      await relay[Symbol.asyncDispose]();
    },
  };
}

/** A relay on the store of the place, with an entropy of its own. */
export async function openRelay(parts: {
  readonly place: Place;
  readonly clock: HandClock;
  readonly crypto: CryptoPort;
  readonly log?: LogPort;
  readonly seed: number;
}): Promise<Relay> {
  const { place, clock, crypto, log, seed } = parts;
  const relay = createRelay({
    store: place.store(relayName),
    blobs: place.blobs(),
    clock,
    crypto,
    entropy: createSeededEntropy(seed),
    ...(log === undefined ? {} : { log }),
  });
  await relay.open();
  return relay;
}

function whenDown(line: LineState | undefined): "before" | "after" | undefined {
  if (line === "cut") return "before";
  return line === "deaf" ? "after" : undefined;
}

interface Ground {
  readonly clock: HandClock;
  readonly crypto: CryptoPort;
  readonly log: LogPort;
  readonly transport: TransportPort;
  readonly store: StorePort;
  readonly seed: number;
}

function groundOf({ clock, crypto, log, transport, store, seed }: Ground): Plugin {
  const entropy = createSeededEntropy(seed);
  return {
    name: "houses",
    register: ({ provide }) => {
      provide(Clock, () => clock);
      provide(Entropy, () => entropy);
      provide(Crypto, () => ({ ...crypto, [Symbol.asyncDispose]: async () => undefined }));
      provide(Log, () => log);
      provide(Store, () => store);
      provide(Transport, () => transport);
    },
  };
}

function pluginsOf({ rules, bell }: HousePlan, isTaking: boolean): Plugin[] {
  const table = rules === undefined ? [] : [rulesTable({ config: rules as unknown as RuleTableConfig })];
  return bell === undefined ? table : [...table, bellOf(bell, isTaking)];
}

/** Somebody who wants to hear of few events, and takes them or not. */
function bellOf({ refuses, keeps }: NonNullable<HousePlan["bell"]>, isTaking: boolean): Plugin {
  const publish = async (event: { readonly name: string }): Promise<void> => {
    if (isTaking) return;
    if (refuses.includes(event.name)) throw new Error("Not now, and not later.");
    await new Promise(() => undefined);
  };
  return {
    name: "publisher-bell",
    register: ({ contribute }) =>
      contribute(Publisher, () => ({
        name: "bell",
        subscribers: ({ name }) => (refuses.includes(name) || keeps.includes(name) ? ["bell"] : []),
        publish,
        attemptsMax: 1,
        publishMaxMs: Number.POSITIVE_INFINITY,
      })),
  };
}
