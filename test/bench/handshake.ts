// A whole handshake through the engine: load, accept, sync, accept, sync, by one organisation and many persons.
import { type Account, createRapport, type Rapport } from "rapport";
import {
  type Batch,
  Clock,
  Crypto,
  type CryptoPort,
  Entropy,
  Store,
  type StorePort,
  Transport,
  type TransportPort,
} from "rapport/core";
import { systemClock, systemEntropy } from "rapport/plugins/platform-node";
import { loopbackTransport } from "rapport/plugins/transport-loopback";
import { createRelay, type Relay } from "rapport/relay";

/** Where the two stores of a run come from. */
export interface Stores {
  readonly engine: () => StorePort;
  readonly relay: () => StorePort;
}

/** Commits of one wave in the order they were asked for; those of one step were in flight together. */
export interface Recording {
  readonly steps: { readonly store: "engine" | "relay"; readonly batch: Batch }[][];
}

/** An organisation with its template and persons who never met it, all made before the clock starts. */
export interface Office {
  readonly rapport: Rapport;
  readonly relay: Relay;
  readonly organisation: Account;
  readonly reference: string;
  person(): Promise<Account>;
  /** Records the commits from here on, in steps. */
  record(): { step(): void; end(): Recording };
  close(): Promise<void>;
}

const content = {
  "@type": "RelationshipTemplateContent",
  title: "Customer account",
  onNewRelationship: {
    "@type": "Request",
    items: [
      { "@type": "AuthenticationRequestItem", title: "Are you the person you say you are?", mustBeAccepted: true },
      { "@type": "ConsentRequestItem", consent: "We may send you invoices as messages.", mustBeAccepted: false },
    ],
  },
};

const decision = { items: [{ accept: true }, { accept: true }] } as const;

/** Opens everything on the given stores. With a transport the relay is elsewhere, and the one in the process is not used. */
export async function openOffice(stores: Stores, crypto: CryptoPort, transport?: TransportPort): Promise<Office> {
  await crypto.open();
  const clock = systemClock();
  const entropy = systemEntropy();
  let persons = 0;
  let listening: Recording["steps"] | undefined;
  const watch = (store: StorePort, name: "engine" | "relay"): StorePort => ({
    open: (collections) => store.open(collections),
    get: store.get,
    find: store.find,
    commit: (batch) => {
      listening?.at(-1)?.push({ store: name, batch });
      return store.commit(batch);
    },
    ...(store.sealKey === undefined ? {} : { sealKey: store.sealKey }),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  });
  const relay = createRelay({ store: watch(stores.relay(), "relay"), clock, entropy, crypto });
  await relay.open();
  const rapport = await createRapport({
    plugins: [
      {
        name: "bench",
        register: ({ provide }) => {
          provide(Store, () => watch(stores.engine(), "engine"));
          provide(Crypto, () => crypto);
          provide(Clock, () => clock);
          provide(Entropy, () => entropy);
          if (transport !== undefined) provide(Transport, () => transport);
        },
      },
      ...(transport === undefined ? [loopbackTransport(relay)] : []),
    ],
    background: false,
  });
  const organisation = await rapport.accounts.create({ name: "organisation" });
  const template = await organisation.templates.create({ content, expiresAt: "2099-01-01T00:00:00.000Z" });
  await organisation.sync();
  return {
    rapport,
    relay,
    organisation,
    reference: template.reference.truncated,
    person: async () => {
      persons += 1;
      const person = await rapport.accounts.create({ name: `person ${persons}` });
      await person.sync();
      return person;
    },
    record: () => {
      const steps: Recording["steps"] = [[]];
      listening = steps;
      return {
        step: () => steps.push([]),
        end: () => {
          listening = undefined;
          return { steps };
        },
      };
    },
    close: async () => {
      await rapport.close();
      await relay[Symbol.asyncDispose]();
    },
  };
}

/** One wave: all persons at once, then the organisation, then all persons again. */
export async function handshakes(
  office: Office,
  persons: readonly Account[],
  step: () => void = () => undefined,
): Promise<void> {
  const { organisation, reference } = office;
  await Promise.all(persons.map((person) => person.templates.load({ reference })));
  step();
  await Promise.all(
    persons.map(async (person) => {
      const [request] = await person.requests.incoming.find({ status: "ManualDecisionRequired" });
      await person.requests.incoming.accept(request?.id ?? "", decision);
    }),
  );
  step();
  const { relationships } = await organisation.sync();
  step();
  await Promise.all(relationships.map(({ id }) => organisation.relationships.accept(id)));
  step();
  const after = await Promise.all(persons.map((person) => person.sync()));
  const isDone = after.every(({ relationships: [one] }) => one?.status === "Active");
  if (!isDone) throw new Error("Not every handshake ended Active.");
}
