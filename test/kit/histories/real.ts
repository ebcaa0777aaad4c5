// The real thing under a history: engines, a relay, and watchers between them that note every broken promise.
import {
  type Call,
  type CryptoPort,
  type Document,
  type PublishedEvent,
  Publisher,
  type PublisherPort,
  type StorePort,
  type TransportPort,
} from "rapport/core";
import type { Relay } from "rapport/relay";
import { type NonceWatch, watchNonces } from "../nonce-watch.ts";
import { createWorld, type Person, unreliable, type Wire, type World } from "../world.ts";

/** How calls of the next command get lost: all, or only the first; before or after the relay has heard them. */
export type Outage = { readonly when: "before" | "after"; readonly howMany: "all" | "first" } | undefined;

/** One person with a view of the raw store, and everything it published. */
export interface Citizen {
  readonly person: Person;
  readonly published: readonly PublishedEvent[];
  /** The documents of a kind, as they are stored; reading them runs no deadline. */
  documents<D extends Document>(kind: string): Promise<D[]>;
  /** The ids under which a kind is stored. */
  ids(kind: string): Promise<string[]>;
  /** Waits until everything is published. */
  drained(): Promise<void>;
}

/** Engines and a relay at work. */
export interface Real extends AsyncDisposable {
  readonly world: World;
  readonly nonces: NonceWatch;
  /** What the watchers saw and should not have. */
  readonly complaints: readonly string[];
  outage: Outage;
  /** Counts down the calls until one of any kind is lost; undefined when none is to be lost. */
  cut: { left: number; readonly when: "before" | "after" } | undefined;
  citizen(name: string): Citizen;
  relayDocuments<D extends Document>(path: string): Promise<D[]>;
}

/** What a person's engine stands on: another store, another crypto, another way to the relay. */
export interface Ground {
  readonly store?: (store: StorePort) => StorePort;
  readonly crypto?: (crypto: CryptoPort) => CryptoPort;
  readonly wire?: (relay: Relay) => Promise<Wire>;
}

/** Makes the people. */
export async function createReal(
  names: readonly string[],
  { seed, ground }: { seed: number; ground: Ground },
): Promise<Real> {
  const nonces = watchNonces();
  const complaints: string[] = [];
  let relayStore: StorePort | undefined;
  const world = await createWorld({
    seed,
    ...(ground.wire === undefined ? {} : { wire: ground.wire }),
    crypto: (crypto) => nonces.wrap((ground.crypto ?? same)(crypto)),
    relayStore: (store) => {
      relayStore = store;
      return store;
    },
  });
  const citizens = new Map<string, Citizen>();
  const real: Real = {
    world,
    nonces,
    complaints,
    outage: undefined,
    cut: undefined,
    citizen(name) {
      const citizen = citizens.get(name);
      if (citizen === undefined) throw new Error(`There is nobody called ${name}.`);
      return citizen;
    },
    relayDocuments: (path) => documentsUnder(relayStore, path),
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
  for (const name of names) citizens.set(name, await createCitizen(name, { real, ground, complaints }));
  return real;
}

interface Making {
  readonly real: Real;
  readonly ground: Ground;
  readonly complaints: string[];
}

async function createCitizen(name: string, { real, ground, complaints }: Making): Promise<Citizen> {
  const published: PublishedEvent[] = [];
  const taken = new Set<string>();
  let store: StorePort | undefined;
  const publisher: PublisherPort = {
    name: "history",
    publish: async (event) => {
      if (!taken.has(event.id)) published.push(event);
      taken.add(event.id);
    },
  };
  const person = await real.world.person(name, {
    plugins: [{ name: "history", register: ({ contribute }) => contribute(Publisher, () => publisher) }],
    store: (inner) => {
      store = judged((ground.store ?? same)(inner), complaints);
      return store;
    },
    transport: (inner) => expecting(shaky(inner, real), { storeOf: () => store, complaints }),
  });
  const [account] = await documentsUnder<{ id: string }>(store, "engine/accounts");
  const documents = <D extends Document>(kind: string) => documentsUnder<D>(store, `${account?.id}/${kind}`);
  return {
    person,
    published,
    documents,
    async ids(kind) {
      const ids: string[] = [];
      const under = `${account?.id}/${kind}`;
      for await (const { key } of store?.find({ under }) ?? []) ids.push(key.slice(under.length + 1));
      return ids;
    },
    async drained() {
      for (let round = 0; round < roundsMax; round += 1) {
        if ((await documents("outbox/events")).length === 0) return;
        await new Promise((resolve) => setImmediate(resolve));
      }
      complaints.push(`${name} has events that are never published.`);
    },
  };
}

const roundsMax = 1000;

function same<T>(part: T): T {
  return part;
}

async function documentsUnder<D extends Document>(store: StorePort | undefined, under: string): Promise<D[]> {
  const documents: D[] = [];
  if (store === undefined) return documents;
  for await (const { document } of store.find<D>({ under })) documents.push(document);
  return documents;
}

// Calls that an intent stands for; the others are repeated by whoever made them.
const intended = new Set([
  "createTemplate",
  "createToken",
  "createRelationship",
  "acceptRelationship",
  "rejectRelationship",
  "revokeRelationship",
  "terminateRelationship",
  "requestReactivation",
  "acceptReactivation",
  "rejectReactivation",
  "revokeReactivation",
  "decomposeRelationship",
  "createMessage",
]);

// What an engine looks at to learn whether a lost call was heard; an outage of everything takes that along.
const looks = new Set(["getRelationship", "listMessages"]);

function shaky(transport: TransportPort, real: Real): TransportPort {
  return unreliable(transport, ({ operation }) => {
    if (real.cut !== undefined) {
      real.cut.left -= 1;
      return real.cut.left === 0 ? real.cut.when : undefined;
    }
    if (real.outage === undefined) return undefined;
    const { when, howMany } = real.outage;
    if (howMany === "all" && looks.has(operation)) return when;
    if (!intended.has(operation)) return undefined;
    if (howMany === "first") real.outage = undefined;
    return when;
  });
}

// O1: what leaves was committed before, byte for byte.
function expecting(
  transport: TransportPort,
  { storeOf, complaints }: { storeOf: () => StorePort | undefined; complaints: string[] },
): TransportPort {
  const isCommitted = async ({ operation, body, idempotencyKey }: Call) => {
    const [account] = await documentsUnder<{ id: string }>(storeOf(), "engine/accounts");
    const intents = await documentsUnder<Intent>(storeOf(), `${account?.id}/intents`);
    const intent = intents.find(({ call }) => call.idempotencyKey === idempotencyKey);
    return intent?.call.operation === operation && intent.call.body === body;
  };
  return {
    ...transport,
    async call(call, session) {
      if (intended.has(call.operation) && !(await isCommitted(call))) {
        complaints.push(`O1: ${call.operation} left before its intent was committed.`);
      }
      return transport.call(call, session);
    },
  };
}

type Intent = { readonly call: { readonly operation: string; readonly body: string; readonly idempotencyKey: string } };
type Held = { readonly peer: string; readonly status: string };
type Answering = { readonly facts?: { readonly answers?: string } };

const existing = ["Pending", "Active", "Terminated", "DeletionProposed"];

// R1 and Q2 after every single commit, not only between commands.
function judged(store: StorePort, complaints: string[]): StorePort {
  return {
    ...store,
    async commit(batch) {
      const result = await store.commit(batch);
      if (!result.ok) return result;
      for (const { key, document } of batch.puts ?? []) {
        const [account, kind] = key.split("/");
        if (kind === "relationships") {
          const held = await documentsUnder<Held>(store, `${account}/relationships`);
          const peers = held.filter(({ status }) => existing.includes(status)).map(({ peer }) => peer);
          if (new Set(peers).size < peers.length) complaints.push(`R1: ${key} exists beside another of the same peer.`);
        }
        const answers = kind === "intents" ? (document as Answering).facts?.answers : undefined;
        if (answers === undefined) continue;
        const request = await store.get<{ response?: Document }>(`${account}/requests/${answers}`);
        if (request?.document.response === undefined)
          complaints.push(`Q2: ${key} leaves before its Response is stored.`);
      }
      return result;
    },
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}
