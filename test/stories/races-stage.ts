// People whose calls to the relay and commits to the store go through fast-check's scheduler, so that it decides who is first.
import fc from "fast-check";
import { type Document, RapportError, type StorePort, type TransportPort } from "rapport/core";
import { createWorld, type Person, type World } from "rapport/testkit";
import { expect } from "vitest";

/** Two people, and races between them. */
export interface Stage extends AsyncDisposable {
  readonly world: World;
  readonly ann: Person;
  readonly bob: Person;
  /** Runs all at the same time, in an order that the scheduler chooses; gives the codes, or "ok". */
  race(...runners: (() => Promise<unknown>)[]): Promise<string[]>;
  /** Everybody synchronises until nothing is left; then both show the same (R2), and nothing is stuck. */
  settled(): Promise<void>;
}

/** A property over the orders in which things can happen. */
export function inAnyOrder(play: (stage: Stage) => Promise<void>): Promise<void> {
  const property = fc.asyncProperty(fc.scheduler(), async (scheduler) => {
    await using stage = await createStage(scheduler);
    await play(stage);
  });
  return fc.assert(property, { numRuns: Number(process.env["RAPPORT_RACES"] ?? "25") });
}

async function createStage(scheduler: fc.Scheduler): Promise<Stage> {
  const world = await createWorld({ seed: 5 });
  const broken: string[] = [];
  let isRacing = false;
  const gate = async (label: string) => {
    if (isRacing) await scheduler.schedule(Promise.resolve(), label);
  };
  const join = (name: string) =>
    world.person(name, {
      store: (store) => gatedStore(store, { gate: () => gate(`${name} commits`), broken }),
      transport: (transport) => gatedTransport(transport, (what) => gate(`${name}: ${what}`)),
    });
  const ann = await join("ann");
  const bob = await join("bob");
  return {
    world,
    ann,
    bob,
    async race(...runners) {
      isRacing = true;
      const endings = await scheduler.waitFor(Promise.all(runners.map(ending)));
      isRacing = false;
      return endings;
    },
    async settled() {
      await settle(ann, bob);
      expect(broken).toEqual([]);
    },
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}

// R1 holds after every commit, whatever is under way.
function gatedStore(store: StorePort, { gate, broken }: { gate: () => Promise<void>; broken: string[] }): StorePort {
  const existing = ["Pending", "Active", "Terminated", "DeletionProposed"];
  return {
    ...store,
    async commit(batch) {
      await gate();
      const result = await store.commit(batch);
      for (const { key } of batch.puts ?? []) {
        const [account, kind] = key.split("/");
        if (kind !== "relationships") continue;
        const where = { status: [{ anyOf: existing }] };
        let count = 0;
        for await (const _one of store.find({ under: `${account}/relationships`, where })) count += 1;
        if (count > 1) broken.push(`R1: ${key} exists beside another.`);
      }
      return result;
    },
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

function gatedTransport(transport: TransportPort, gate: (what: string) => Promise<void>): TransportPort {
  return {
    ...transport,
    async call(call, session) {
      await gate(`calls ${call.operation}`);
      const answer = await transport.call(call, session);
      await gate(`hears of ${call.operation}`);
      return answer;
    },
  };
}

async function ending(run: () => Promise<unknown>): Promise<string> {
  try {
    await run();
    return "ok";
  } catch (problem) {
    if (problem instanceof RapportError) return problem.code;
    throw problem;
  }
}

async function settle(ann: Person, bob: Person): Promise<void> {
  for (let round = 0; round < 2; round += 1) for (const { account } of [ann, bob]) await account.sync();
  const [mine, theirs] = await Promise.all([ann, bob].map(({ account }) => account.relationships.find()));
  const logs = (views: readonly Document[] | undefined) =>
    (views ?? []).map(({ id, status, auditLog }) => JSON.stringify([id, status, auditLog])).toSorted();
  const isHeldByBoth = [mine, theirs].every((views) => views?.every(({ status }) => status !== "DeletionProposed"));
  if (isHeldByBoth) expect(logs(mine)).toEqual(logs(theirs));
  for (const { account } of [ann, bob]) {
    expect(await account.intents.list()).toEqual([]);
    expect(await account.deadLetters.list()).toEqual([]);
  }
}

/** Content that carries no Request. */
export const arbitrary = { "@type": "ArbitraryRelationshipTemplateContent", value: {} };

/** Content with one Request. */
export const structured = {
  "@type": "RelationshipTemplateContent",
  onNewRelationship: {
    "@type": "Request",
    items: [{ "@type": "ConsentRequestItem", consent: "We may write to you.", mustBeAccepted: true }],
  },
};

/** A template of one person, loaded by the other; gives its id. */
export async function invite(host: Person, guest: Person, content: Parameters<typeof made>[1]): Promise<string> {
  const template = await made(host, content);
  await guest.account.templates.load({ reference: template.reference.truncated });
  return template.id;
}

/** A template. */
export function made(host: Person, content: typeof arbitrary | typeof structured, most?: number) {
  const limit = most === undefined ? {} : { maxNumberOfAllocations: most };
  return host.account.templates.create({ content, expiresAt: "2031-01-01T00:00:00.000Z", ...limit });
}

/** Creates a Relationship by hand. */
export function create(guest: Person, templateId: string) {
  const creationContent = { "@type": "ArbitraryRelationshipCreationContent", value: {} };
  return guest.account.relationships.create({ templateId, creationContent });
}

/** A Relationship that bob created and ann knows as Pending; gives its id. */
export async function pending({ ann, bob }: Stage): Promise<string> {
  const { id } = await create(bob, await invite(ann, bob, arbitrary));
  await ann.account.sync();
  return id;
}

/** An Active Relationship; gives its id. */
export async function active(stage: Stage): Promise<string> {
  const id = await pending(stage);
  await stage.ann.account.relationships.accept(id);
  await stage.bob.account.sync();
  return id;
}

/** A Terminated one. */
export async function terminated(stage: Stage): Promise<string> {
  const id = await active(stage);
  await stage.ann.account.relationships.terminate(id);
  await stage.bob.account.sync();
  return id;
}

/** Exactly one of two won, and the other was refused with one of the codes. */
export function expectOneWinner(endings: readonly string[], codes: readonly string[]): void {
  expect(endings.filter((code) => code === "ok")).toHaveLength(1);
  expect(codes).toEqual(expect.arrayContaining(endings.filter((code) => code !== "ok")));
}

const t = "error.transport.relationships.";

/** What a loser may be told. */
export const codes = {
  wrongStatus: `${t}wrongRelationshipStatus`,
  notRequested: `${t}reactivationNotRequested`,
  exists: `${t}relationshipCurrentlyExists`,
  existsAtRelay: `${t}relationshipNotYetDecomposedByPeer`,
  inProgress: "command.inProgress",
  decided: "request.wrongStatus",
  /** The answer has already become a Relationship that waits for its own. */
  pending: "error.consumption.requests.wrongRelationshipStatus",
  exhausted: "error.platform.validation.relationshipTemplate.maxNumberOfAllocationsExhausted",
} as const;
