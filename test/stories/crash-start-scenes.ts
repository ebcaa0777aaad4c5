// What a start finds: nothing at all, or an account with every kind of call unfinished and deadlines that passed meanwhile.
import { type Call, hasCode } from "rapport/core";
import { createStage, emptySnapshot, relayName, type Snapshot, type Stage } from "./crash-stage.ts";
import { accountOf, library } from "./crash-story.ts";
import { problemOf } from "./crash-sweep.ts";

/** A start to be disturbed. */
export interface Start {
  readonly title: string;
  readonly before: Snapshot;
  readonly people: readonly string[];
  /** Opens the engine and puts its accounts to work. */
  run(stage: Stage): Promise<void>;
  /** What its user does once it runs. */
  goOn(stage: Stage): Promise<void>;
}

/** An engine opens an empty store, and its user makes an account. */
export async function firstStart(): Promise<Start> {
  return {
    title: "the first start",
    before: await emptySnapshot(),
    people: [library],
    run: async (stage) => {
      await stage.engine(library);
    },
    goOn: async (stage) => {
      await (await stage.engine(library)).accounts.create({ name: library });
    },
  };
}

const branch = "branch";
const people = [library, "ada", "ben", "cleo", "dora"];
const dayMs = 24 * 60 * 60 * 1000;
const expiresAt = "2031-01-01T00:00:00.000Z";
const free = { "@type": "ArbitraryRelationshipTemplateContent", value: {} };
const creationContent = { "@type": "ArbitraryRelationshipCreationContent", value: {} };

/** An engine starts whose calls got no answer, before the relay heard of them or after, and whose deadlines are over. */
export async function laterStart(when: "before" | "after"): Promise<Start> {
  await using stage = await createStage(await emptySnapshot(), 1);
  await acquaint(stage);
  await setDeadlines(stage);
  stage.clock.advance(6 * dayMs);
  await leaveOpen(stage, when);
  stage.clock.advance(1.5 * dayMs);
  await leaveUnmade(stage, when);
  return startOf(`a start after calls that got no answer, lost ${when} the relay heard of them`, stage);
}

/** An engine starts with an account that it began to make so long ago that the relay's challenge is over. */
export async function lateStart(when: "before" | "after"): Promise<Start> {
  await using stage = await createStage(await emptySnapshot(), 1);
  await (await stage.engine(library)).accounts.create({ name: library });
  await leaveUnmade(stage, when);
  stage.clock.advance(dayMs);
  return startOf(`a start long after an account got no answer, lost ${when} the relay heard of it`, stage);
}

function startOf(title: string, at: Stage): Start {
  const before = at.snapshot();
  return {
    title,
    before,
    people: [...before.disks.keys()].filter((name) => name !== relayName),
    run: async (stage) => {
      const { accounts } = await stage.engine(library);
      for (const name of [library, branch]) await accounts.get(name);
    },
    goOn: async () => undefined,
  };
}

// Ada's and Dora's Relationships are Active, Dora's is ended again; Ben's is Pending; Cleo has made a template.
async function acquaint(stage: Stage): Promise<void> {
  for (const name of people) await (await stage.engine(name)).accounts.create({ name });
  const owner = await accountOf(stage, library);
  const { id: templateId, reference } = await owner.templates.create({ content: free, expiresAt }, { commandId: "1" });
  for (const name of ["ada", "dora", "ben"]) {
    const account = await accountOf(stage, name);
    await account.templates.load({ reference: reference.url });
    await account.relationships.create({ templateId, creationContent });
  }
  await owner.sync();
  const addressOfBen = (await accountOf(stage, "ben")).address;
  for (const { id, peer } of await owner.relationships.find()) {
    if (peer !== addressOfBen) await owner.relationships.accept(id, { commandId: `accept-${id}` });
  }
  for (const name of ["ada", "dora"]) await (await accountOf(stage, name)).sync();
  const dora = await accountOf(stage, "dora");
  const [ending] = await dora.relationships.find();
  await dora.relationships.terminate(ending?.id ?? "");
  await owner.sync();
}

// The results of commands with an id are kept for a week; a Request that came and one that went expire.
async function setDeadlines(stage: Stage): Promise<void> {
  const owner = await accountOf(stage, library);
  const ada = await accountOf(stage, "ada");
  const content = {
    "@type": "Request",
    expiresAt: new Date(stage.clock.now() + 7 * dayMs).toISOString(),
    items: [{ "@type": "ConsentRequestItem", consent: "We may write to you.", mustBeAccepted: true }],
  };
  for (const [from, to] of [
    [owner, ada],
    [ada, owner],
  ] as const) {
    const asked = await from.requests.outgoing.create({ content, peer: to.address });
    await from.messages.send({ recipients: [to.address], content: asked.content });
    await to.sync();
  }
}

// One call of every kind that an engine finishes later.
async function leaveOpen(stage: Stage, when: "before" | "after"): Promise<void> {
  const owner = await accountOf(stage, library);
  const addresses = new Map<string, string>();
  for (const name of people) addresses.set((await accountOf(stage, name)).address, name);
  const relationships = new Map((await owner.relationships.find()).map(({ id, peer }) => [addresses.get(peer), id]));
  const of = (name: string) => relationships.get(name) ?? "";
  const cleo = await accountOf(stage, "cleo");
  const hers = await cleo.templates.create({ content: free, expiresAt });
  const { id: templateId } = await owner.templates.load({ reference: hers.reference.url });
  const [template] = await owner.templates.find();
  const recipients = [(await accountOf(stage, "ada")).address];
  const content = { "@type": "ArbitraryMessageContent", value: "hello" };
  const tries: [Call["operation"], () => Promise<unknown>][] = [
    ["createTemplate", () => owner.templates.create({ content: free, expiresAt })],
    ["createToken", () => owner.tokens.createForTemplate({ templateId: template?.id ?? "", ephemeral: false })],
    ["createRelationship", () => owner.relationships.create({ templateId, creationContent })],
    ["acceptRelationship", () => owner.relationships.accept(of("ben"))],
    ["decomposeRelationship", () => owner.relationships.decompose(of("dora"))],
    ["createMessage", () => owner.messages.send({ recipients, content })],
  ];
  for (const [operation, command] of tries) await unanswered(stage, { when, operation }, command);
}

// An account whose making got no answer.
async function leaveUnmade(stage: Stage, when: "before" | "after"): Promise<void> {
  const { accounts } = await stage.engine(library);
  await unanswered(stage, { when, operation: "createIdentity" }, () => accounts.create({ name: branch }));
}

async function unanswered(
  stage: Stage,
  lost: { when: "before" | "after"; operation: Call["operation"] },
  command: () => Promise<unknown>,
): Promise<void> {
  const points = stage.points(library);
  points.watch({ at: 1, how: "silence", ...lost });
  const problem = await problemOf(command);
  points.heal();
  if (!hasCode(problem, "relay.unreachable")) throw new Error(`${lost.operation} got an answer.`, { cause: problem });
}
