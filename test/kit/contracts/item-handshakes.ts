// Laws about items in whole engines: asked, decided, answered and applied, and met by those who do not know the kind.
import fc from "fast-check";
import { type JsonObject, RapportError } from "rapport/core";
import { expect } from "vitest";
import { type Acquaintance, acquainted } from "./acquaintance.ts";
import { copied } from "./frozen.ts";
import type { ItemKindWorld } from "./item-kind.ts";
import type { Law } from "./law.ts";

/** Every item travels, so there are few. */
const itemsAsked = 5;

const samples = ({ items }: ItemKindWorld) => fc.sample(items, { numRuns: itemsAsked, seed: 7 });
const mandatory = (item: JsonObject): JsonObject => ({ ...item, mustBeAccepted: true });

/** Laws about whole engines. */
export const handshakeLaws: readonly Law<ItemKindWorld>[] = [
  {
    law: "in engines that both know the kind, an item is accepted, and both sides hold the same Response",
    check: async (world) => {
      await using two = await acquainted({ asker: world.plugins, answerer: world.plugins });
      for (const { item, acceptance } of samples(world)) {
        const id = await two.ask([mandatory(item)]);
        await two.answerer.account.requests.incoming.accept(id, { items: [acceptance] });

        expect(await agreedResult(two, id)).toBe("Accepted");
      }
      expect(two.world.warnings).toEqual([]);
    },
  },
  {
    law: "in engines that both know the kind, an item is rejected, and both sides hold the same Response",
    check: async (world) => {
      await using two = await acquainted({ asker: world.plugins, answerer: world.plugins });
      for (const { item } of samples(world)) {
        const id = await two.ask([item]);
        await two.answerer.account.requests.incoming.reject(id, { items: [{ accept: false, code: "not.now" }] });

        expect(await agreedResult(two, id)).toBe("Rejected");
      }
      expect(two.world.warnings).toEqual([]);
    },
  },
  {
    law: "a decision that the kind does not allow changes nothing and is refused with the kind's code",
    check: async (world) => {
      await using two = await acquainted({ asker: world.plugins, answerer: world.plugins });
      for (const { item } of samples(world)) {
        const id = await two.ask([mandatory(item)]);
        const { incoming } = two.answerer.account.requests;
        const bare = { items: [{ accept: true }] } as const;
        const verdict = await incoming.canAccept(id, bare);
        if (verdict.isSuccess) continue;
        const before = await incoming.get(id);

        await expect(incoming.accept(id, bare)).rejects.toBeInstanceOf(RapportError);
        expect(await incoming.get(id)).toEqual(before);
      }
    },
  },
  {
    law: "the first Request of a template may hold the item, and the Relationship carries its Response",
    check: async (world) => {
      await using two = await acquainted({ asker: world.plugins, answerer: world.plugins });
      const [sample] = samples(world);
      if (sample === undefined) return;
      const guest = await two.world.person("guest", { plugins: world.plugins });
      const reference = await invitation(two, [mandatory(sample.item)]);
      const { id } = await guest.account.templates.load({ reference });
      const [request] = await guest.account.requests.incoming.find({ "source.reference": id });
      await guest.account.requests.incoming.accept(request?.id ?? "", { items: [sample.acceptance] });
      await two.asker.account.sync();
      const [pending] = await two.asker.account.relationships.find({ status: "Pending" });
      await two.asker.account.relationships.accept(pending?.id ?? "");
      await guest.account.sync();

      expect(await guest.account.relationships.find()).toMatchObject([{ status: "Active" }]);
      expect(pending?.creationContent).toMatchObject({ response: { result: "Accepted" } });
    },
  },
  {
    law: "who does not know the kind can neither ask with it nor load a template that does",
    check: async (world) => {
      await using two = await acquainted({ asker: world.plugins });
      const [sample] = samples(world);
      if (sample === undefined) return;
      const items = [mandatory(sample.item)];
      const reference = await invitation(two, items);
      const { account } = two.answerer;
      const peer = two.asker.account.address;

      const refused = expect.stringMatching(/^error\.runtime\.(unknownType|notSupported)$/);
      await expect(account.templates.load({ reference })).rejects.toMatchObject({ code: refused });
      await expect(
        account.requests.outgoing.create({ content: { "@type": "Request", items }, peer }),
      ).rejects.toMatchObject({ code: refused });
      await two.ask(items);
      expect(await account.requests.incoming.find()).toEqual([]);
    },
  },
  {
    law: "a decision record holds what the item says, but for what the kind redacts",
    check: async (world) => {
      await using two = await acquainted({ asker: world.plugins, answerer: world.plugins });
      const [sample] = samples(world);
      if (sample === undefined) return;
      const id = await two.ask([mandatory(sample.item)]);
      await two.answerer.account.requests.incoming.accept(id, { items: [sample.acceptance] });
      const { facts = {} } = (await two.answerer.account.requests.incoming.decision(id)) ?? {};

      const item = copied(redacted(mandatory(sample.item), world.kind.redacted ?? []));
      expect(facts).toMatchObject({ request: { content: { items: [item] } } });
    },
  },
];

async function invitation({ asker }: Acquaintance, items: readonly JsonObject[]): Promise<string> {
  const onNewRelationship = { "@type": "Request", items };
  const content = { "@type": "RelationshipTemplateContent", onNewRelationship };
  const template = await asker.account.templates.create({ content, expiresAt: "2031-01-01T00:00:00.000Z" });
  return template.reference.url;
}

/** The result of the Response, which is the same on both sides, whose Request is over. */
async function agreedResult({ asker, answerer }: Acquaintance, id: string): Promise<unknown> {
  await asker.account.sync();
  const [asked, answered] = [
    await asker.account.requests.outgoing.get(id),
    await answerer.account.requests.incoming.get(id),
  ];
  expect([asked.status, answered.status]).toEqual(["Completed", "Completed"]);
  expect(asked.response?.content).toEqual(answered.response?.content);
  return asked.response?.content["result"];
}

function redacted(item: JsonObject, paths: readonly string[]): JsonObject {
  return paths.reduce((clean, path) => replaced(clean, path.split(".")), item);
}

function replaced(object: JsonObject, [first = "", ...rest]: readonly string[]): JsonObject {
  const inner = object[first];
  if (inner === undefined) return object;
  if (rest.length === 0) return { ...object, [first]: "[redacted]" };
  return typeof inner === "object" && inner !== null && !Array.isArray(inner)
    ? { ...object, [first]: replaced(inner as JsonObject, rest) }
    : object;
}
