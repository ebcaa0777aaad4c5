import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Plugin, Publisher } from "rapport/core";
import { createLowdbStore } from "rapport/plugins/storage-lowdb";
import { createSqliteStore } from "rapport/plugins/storage-sqlite";
import { createWorld } from "rapport/testkit";
import { expect, test, vi } from "vitest";
import { createStage, emptySnapshot, relayName, type Stage } from "./crash-stage.ts";
import { accountOf, library, reader } from "./crash-story.ts";
import { noteSecrets, type Secrets, secretsIn } from "./raw-scan-secrets.ts";

const markers = {
  template: "MARKER-template-title",
  consent: "MARKER-consent-of-the-template",
  answer: "MARKER-answer-of-the-library",
  asked: "MARKER-consent-by-message",
  toReader: "MARKER-message-to-the-reader",
  toLibrary: "MARKER-message-to-the-library",
  attribute: "MARKER-attribute-of-the-library",
  successor: "MARKER-attribute-in-a-Notification",
};

const consent = (text: string) => ({
  "@type": "Request",
  items: [{ "@type": "ConsentRequestItem", consent: text, mustBeAccepted: true }],
});
/** A fact that the library and the reader have together. */
const fact = (owner: string, value: string) => ({
  "@type": "RelationshipAttribute",
  owner,
  key: "card",
  confidentiality: "public",
  value: { "@type": "ProprietaryString", title: "The card", value },
});
const asking = (owner: string) => ({
  "@type": "Request",
  items: [
    ...consent(markers.asked).items,
    { "@type": "CreateAttributeRequestItem", attribute: fact(owner, markers.attribute), mustBeAccepted: true },
  ],
});
const content = {
  "@type": "RelationshipTemplateContent",
  title: markers.template,
  onNewRelationship: consent(markers.consent),
};
const expiresAt = "2031-01-01T00:00:00.000Z";

const engineStores = {
  sqlite: (file: string) => createSqliteStore({ file, environment: {} }),
  lowdb: (file: string) => createLowdbStore({ file, environment: {} }),
};

/** All files of a person or the relay, but the key beside them. */
async function filesOf(folder: string, name: string): Promise<Buffer> {
  const names = (await readdir(join(folder, name))).filter((file) => !file.endsWith(".key"));
  return Buffer.concat(await Promise.all(names.map((file) => readFile(join(folder, name, file)))));
}

type Asked = { readonly items: readonly unknown[] };

/** Each step is one command; `look` is called after every one, while everything runs. */
async function tell(stage: Stage, look: (step: string) => Promise<void>): Promise<void> {
  for (const name of [library, reader]) {
    await (await stage.engine(name)).accounts.create({ name });
    await look(`${name} joins`);
  }
  const [owner, guest] = [await accountOf(stage, library), await accountOf(stage, reader)];
  const template = await owner.templates.create({ content, expiresAt, maxNumberOfAllocations: 1 }, { commandId: "t" });
  await owner.tokens.createForTemplate({ templateId: template.id, ephemeral: false }, { commandId: "k" });
  await look("the template is made");
  await guest.templates.load({ reference: template.reference.url });
  const answer = async () => {
    const open = await guest.requests.incoming.find({ status: "ManualDecisionRequired" });
    for (const { id, content: asked } of open) {
      const items = (asked as unknown as Asked).items.map(() => ({ accept: true }));
      await guest.requests.incoming.accept(id, { items }, { commandId: `a${id}` });
    }
  };
  await answer();
  await look("the reader accepts");
  await owner.sync();
  const [pending] = await owner.relationships.find();
  const id = pending?.id ?? "";
  await owner.relationships.accept(id, { content: { card: markers.answer }, commandId: "c" });
  await guest.sync();
  await look("the library accepts");
  const write = (value: string) => ({ "@type": "ArbitraryMessageContent", value });
  await owner.messages.send({ recipients: [guest.address], content: write(markers.toReader) }, { commandId: "m" });
  await guest.messages.send({ recipients: [owner.address], content: write(markers.toLibrary) }, { commandId: "m" });
  const asked = await owner.requests.outgoing.create({ content: asking(owner.address), peer: guest.address });
  await owner.messages.send({ recipients: [guest.address], content: asked.content }, { commandId: "r" });
  await guest.sync();
  await answer();
  await owner.sync();
  await look("they write");
  const [card] = await owner.attributes.find();
  const { value } = fact(owner.address, markers.successor);
  const input = { predecessorId: card?.id ?? "", successorContent: { value } };
  await owner.attributes.succeed(input, { commandId: "s" });
  await guest.sync();
  await look("the card has a new version");
  await guest.relationships.terminate(id);
  await owner.sync();
  await look("it ends");
}

async function onStage(
  kind: keyof typeof engineStores,
  work: (at: { stage: Stage; folder: string; secrets: Secrets }) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "rapport-scan-"));
  const secrets = noteSecrets();
  const storeOf = (name: string) =>
    name === relayName
      ? engineStores.sqlite(join(folder, name, "store"))
      : engineStores[kind](join(folder, name, "store"));
  try {
    await using stage = await createStage(await emptySnapshot(secrets.wrap), 1, { storeOf });
    await work({ stage, folder, secrets });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const found = (bytes: Buffer) => Object.values(markers).filter((marker) => bytes.includes(marker));

test.for(["sqlite", "lowdb"] as const)(
  "no file of an engine on %s or its relay ever holds a key, and the relay's hold no content",
  (kind) =>
    onStage(kind, async ({ stage, folder, secrets }) => {
      await tell(stage, async (step) => {
        for (const name of [library, reader, relayName]) {
          if (name === reader && step === "library joins") continue;
          const bytes = await filesOf(folder, name);
          expect(secretsIn(bytes, secrets.all), `${name}, after: ${step}`).toEqual([]);
          if (name === relayName) expect(found(bytes), step).toEqual([]);
        }
      });

      // The scan would see what it looks for: the contents are there, and so are public keys.
      expect(found(await filesOf(folder, library))).toEqual(Object.values(markers));
      expect(secrets.all.size).toBeGreaterThan(30);
    }),
);

test.for(["sqlite", "lowdb"] as const)(
  "what is erased by decomposing is in no file of an engine on %s once it is closed",
  (kind) =>
    onStage(kind, async ({ stage, folder }) => {
      await tell(stage, async () => undefined);

      for (const name of [reader, library]) {
        const account = await accountOf(stage, name);
        await account.sync();
        const [relationship] = await account.relationships.find();
        const peer = relationship?.peer ?? "nobody";
        await account.relationships.decompose(relationship?.id ?? "", { commandId: "d" });
        await stage.close(name);
        const bytes = await filesOf(folder, name);
        expect(found(bytes), name).toEqual([]);
        expect(bytes.includes(peer), name).toBe(false);
      }
    }),
);

test("what the doors show, the events tell and the log says holds no private key", () =>
  onStage("sqlite", async ({ stage, secrets }) => {
    const told: unknown[] = [];
    const listening = new Set<string>();
    await tell(stage, async (step) => {
      for (const name of [library, reader]) {
        if (name === reader && step === "library joins") continue;
        const account = await accountOf(stage, name);
        if (!listening.has(name)) account.events.on("*", (event) => told.push(event));
        listening.add(name);
        const { templates, relationships, requests, messages, intents, deadLetters } = account;
        told.push(await templates.find(), await relationships.find(), await messages.find());
        told.push(await requests.incoming.find(), await requests.outgoing.find());
        told.push(await intents.list(), await deadLetters.list(), await (await stage.engine(name)).accounts.list());
      }
    });

    const bytes = Buffer.from(JSON.stringify([told, stage.logged]));
    expect(bytes.length).toBeGreaterThan(10_000);
    expect(secretsIn(bytes, secrets.keys)).toEqual([]);
  }));

test("what no publisher would take and became a dead letter is erased with the peer", async () => {
  const refusing: Plugin = {
    name: "refusing",
    register: ({ contribute }) =>
      contribute(Publisher, () => ({
        name: "refusing",
        attemptsMax: 10,
        publish: () => Promise.reject(new Error("No.")),
      })),
  };
  await using world = await createWorld({ seed: 3 });
  const owner = await world.person(library);
  const guest = await world.person(reader, { plugins: [refusing] });
  const template = await owner.account.templates.create({ content, expiresAt });
  await guest.account.templates.load({ reference: template.reference.url });
  const [request] = await guest.account.requests.incoming.find();
  await guest.account.requests.incoming.accept(request?.id ?? "", { items: [{ accept: true }] });
  await owner.account.sync();
  const [pending] = await owner.account.relationships.find();
  const id = pending?.id ?? "";
  await owner.account.relationships.accept(id);
  await guest.account.sync();
  await guest.account.relationships.terminate(id);
  const kept = () => Buffer.from(JSON.stringify([...guest.disk.documents()]));
  await vi.waitFor(async () => expect((await guest.account.deadLetters.list()).length).toBeGreaterThan(5));
  expect(JSON.stringify(await guest.account.deadLetters.list())).toContain(markers.consent);

  await guest.account.relationships.decompose(id);

  expect(found(kept())).toEqual([]);
});

test("what a publisher refuses for the last time after the peer was erased is not kept", async () => {
  const heard: string[] = [];
  let refuse = (): void => undefined;
  // The tenth try of the first event hangs until it is refused by hand.
  const publish = ({ name }: { readonly name: string }): Promise<void> => {
    heard.push(name);
    if (name === "transport.relationshipDecomposedBySelf") return Promise.resolve();
    if (heard.length < 10) return Promise.reject(new Error("No."));
    return new Promise((_, reject) => {
      refuse = () => reject(new Error("No."));
    });
  };
  // Of one entity, so that its events come one after the other.
  const subscribers = ({ name }: { readonly name: string }) => (/relationship(Changed|Decom)/.test(name) ? ["it"] : []);
  const publishMaxMs = Number.POSITIVE_INFINITY;
  const publisher = { name: "hanging", attemptsMax: 10, publishMaxMs, subscribers, publish };
  const hanging: Plugin = {
    name: "hanging",
    register: ({ contribute }) => contribute(Publisher, () => publisher),
  };
  await using world = await createWorld({ seed: 4 });
  const owner = await world.person(library, { plugins: [hanging] });
  const guest = await world.person(reader);
  const free = { "@type": "ArbitraryRelationshipTemplateContent", value: {} };
  const template = await owner.account.templates.create({ content: free, expiresAt });
  const { id: templateId } = await guest.account.templates.load({ reference: template.reference.url });
  const creationContent = { "@type": "ArbitraryRelationshipCreationContent", value: markers.asked };
  const { id } = await guest.account.relationships.create({ templateId, creationContent });
  await owner.account.sync();
  await owner.account.relationships.accept(id);
  await owner.account.relationships.terminate(id);
  await vi.waitFor(() => expect(heard).toHaveLength(10));
  expect(JSON.stringify([...owner.disk.documents()])).toContain(markers.asked);

  await owner.account.relationships.decompose(id);
  refuse();

  await vi.waitFor(() => expect(heard.at(-1)).toBe("transport.relationshipDecomposedBySelf"));
  expect(JSON.stringify([...owner.disk.documents()])).not.toContain(markers.asked);
});
