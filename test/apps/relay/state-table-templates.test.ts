// Who may read a template (spec/backbone-protocol.md 12.2).
import { base64, minute, offer } from "../../relay/parties.ts";
import type { HttpParty } from "./http-parties.ts";
import { forbidden, invalid, no, notFound, stateTable, yes } from "./state-cases.ts";
import type { StateWorld } from "./state-stores.ts";

const exhausted = no("relationshipTemplate.maxNumberOfAllocationsExhausted");
const password = base64("secret");
const content = base64("a template");

const two = async (world: StateWorld) => [await world.party(), await world.party()] as const;
const three = async (world: StateWorld) => [await world.party(), await world.party(), await world.party()] as const;
const read = (reader: HttpParty, id: string, given?: string) =>
  reader.call("getTemplate", { id, ...(given === undefined ? {} : { query: { password: given } }) });

/** A Relationship of the two built on a template that has expired since, whose id is given. */
async function outlived(world: StateWorld, from: HttpParty, to: HttpParty): Promise<string> {
  const id = await offer(to, { expiresAt: world.in(minute) });
  await from.ok("createRelationship", { body: { relationshipTemplateId: id, creationContent: base64("c") } });
  world.clock.advance(minute);
  return id;
}

stateTable("reading a template", [
  [
    "by anybody who knows the id",
    yes({ content }),
    async (world) => {
      const [owner, reader] = await two(world);
      return read(reader, await offer(owner));
    },
  ],
  [
    "by a second reader when there is one slot",
    exhausted,
    async (world) => {
      const [owner, reader, late] = await three(world);
      const id = await offer(owner, { maxNumberOfAllocations: 1 });
      await read(reader, id);
      return read(late, id);
    },
  ],
  [
    "again by the one who holds the slot",
    yes({ content }),
    async (world) => {
      const [owner, reader] = await two(world);
      const id = await offer(owner, { maxNumberOfAllocations: 1 });
      await read(reader, id);
      return read(reader, id);
    },
  ],
  [
    "by the owner, who takes no slot",
    yes({ content }),
    async (world) => {
      const [owner, reader] = await two(world);
      const id = await offer(owner, { maxNumberOfAllocations: 1 });
      await read(owner, id);
      return read(reader, id);
    },
  ],
  [
    "by the owner of one that is used up",
    yes({ content }),
    async (world) => {
      const [owner, reader] = await two(world);
      const id = await offer(owner, { maxNumberOfAllocations: 1 });
      await read(reader, id);
      return read(owner, id);
    },
  ],
  [
    "tells the owner of the last slot, and of that alone",
    yes({ syncRun: { eventCount: 1 } }),
    async (world) => {
      const [owner, one, other] = await three(world);
      const id = await offer(owner, { maxNumberOfAllocations: 2 });
      for (const reader of [one, other, one]) await read(reader, id);
      return owner.call("startSyncRun", { body: { type: "ExternalEventSync" } });
    },
  ],
  [
    "tells the owner nothing of the slot before",
    yes({ status: "NoNewEvents" }),
    async (world) => {
      const [owner, reader] = await two(world);
      await read(reader, await offer(owner, { maxNumberOfAllocations: 2 }));
      return owner.call("startSyncRun", { body: { type: "ExternalEventSync" } });
    },
  ],
  [
    "for somebody else",
    notFound,
    async (world) => {
      const [owner, named, other] = await three(world);
      return read(other, await offer(owner, { forIdentity: named.address }));
    },
  ],
  [
    "for oneself",
    yes({ content }),
    async (world) => {
      const [owner, named] = await two(world);
      return read(named, await offer(owner, { forIdentity: named.address }));
    },
  ],
  [
    "for somebody else by its owner",
    yes({ content }),
    async (world) => {
      const [owner, named] = await two(world);
      return read(owner, await offer(owner, { forIdentity: named.address }));
    },
  ],
  [
    "without the password",
    notFound,
    async (world) => {
      const [owner, reader] = await two(world);
      return read(reader, await offer(owner, { password }));
    },
  ],
  [
    "with a wrong password",
    notFound,
    async (world) => {
      const [owner, reader] = await two(world);
      return read(reader, await offer(owner, { password }), base64("wrong"));
    },
  ],
  [
    "with the password",
    yes({ content }),
    async (world) => {
      const [owner, reader] = await two(world);
      return read(reader, await offer(owner, { password }), password);
    },
  ],
  [
    "without the password by its owner",
    yes({ content }),
    async (world) => {
      const owner = await world.party();
      return read(owner, await offer(owner, { password }));
    },
  ],
  [
    "without the password by a holder of a slot",
    yes({ content }),
    async (world) => {
      const [owner, reader] = await two(world);
      const id = await offer(owner, { password });
      await read(reader, id, password);
      return read(reader, id);
    },
  ],
  [
    "wrongly does not use up a slot",
    yes({ content }),
    async (world) => {
      const [owner, guesser, reader] = await three(world);
      const id = await offer(owner, { password, maxNumberOfAllocations: 1 });
      await read(guesser, id, base64("wrong"));
      return read(reader, id, password);
    },
  ],
  [
    "that has expired",
    notFound,
    async (world) => {
      const [owner, reader] = await two(world);
      const id = await offer(owner, { expiresAt: world.in(minute) });
      world.clock.advance(minute);
      return read(reader, id);
    },
  ],
  [
    "that has expired, by a holder of a slot",
    notFound,
    async (world) => {
      const [owner, reader] = await two(world);
      const id = await offer(owner, { expiresAt: world.in(minute) });
      await read(reader, id);
      world.clock.advance(minute);
      return read(reader, id);
    },
  ],
  [
    "a millisecond before it expires",
    yes({ content }),
    async (world) => {
      const [owner, reader] = await two(world);
      const id = await offer(owner, { expiresAt: world.in(minute) });
      world.clock.advance(minute - 1);
      return read(reader, id);
    },
  ],
  [
    "that has expired, by who began a Relationship on it",
    yes({ content }),
    async (world) => {
      const [owner, reader] = await two(world);
      return read(reader, await outlived(world, reader, owner));
    },
  ],
  [
    "that has expired, by its owner with a Relationship on it",
    yes({ content }),
    async (world) => {
      const [owner, reader] = await two(world);
      return read(owner, await outlived(world, reader, owner));
    },
  ],
  [
    "that has expired, by a third when others have a Relationship on it",
    notFound,
    async (world) => {
      const [owner, reader, third] = await three(world);
      return read(third, await outlived(world, reader, owner));
    },
  ],
]);

const past = "2029-12-31T23:59:59.999Z";
const create = (more: object) => async (world: StateWorld) =>
  (await world.party()).call("createTemplate", { body: { content, ...more } });

stateTable("creating a template", [
  ["with an expiry in the past", invalid, create({ expiresAt: past })],
  ["with an expiry that is now", invalid, async (world) => create({ expiresAt: world.in(0) })(world)],
  ["with no slots", invalid, create({ maxNumberOfAllocations: 0 })],
  ["with fewer than no slots", invalid, create({ maxNumberOfAllocations: -1 })],
  ["with half a slot", invalid, create({ maxNumberOfAllocations: 0.5 })],
  ["for something that is no address", invalid, create({ forIdentity: "did:e:localhost:dids:0000" })],
  ["with a password of 201 bytes", invalid, create({ password: base64("p".repeat(201)) })],
  ["with a password of 200 bytes", yes(), create({ password: base64("p".repeat(200)) })],
  ["with an expiry a millisecond ahead", yes(), async (world) => create({ expiresAt: world.in(1) })(world)],
]);

stateTable("deleting and listing templates", [
  [
    "deleting somebody else's",
    forbidden,
    async (world) => {
      const [owner, other] = await two(world);
      return other.call("deleteTemplate", { id: await offer(owner) });
    },
  ],
  [
    "deleting one's own",
    yes(),
    async (world) => {
      const owner = await world.party();
      return owner.call("deleteTemplate", { id: await offer(owner) });
    },
  ],
  [
    "deleting one that is gone",
    notFound,
    async (world) => {
      const owner = await world.party();
      const id = await offer(owner);
      await owner.ok("deleteTemplate", { id });
      return owner.call("deleteTemplate", { id });
    },
  ],
  [
    "reading a deleted one as a party of its Relationship",
    notFound,
    async (world) => {
      const [owner, from] = await two(world);
      const id = await offer(owner);
      await from.ok("createRelationship", { body: { relationshipTemplateId: id, creationContent: base64("c") } });
      await owner.ok("deleteTemplate", { id });
      return from.call("getTemplate", { id });
    },
  ],
  ["listing nothing", invalid, async (world) => (await world.party()).call("listTemplates")],
  [
    "listing takes no slot",
    yes([]),
    async (world) => {
      const [owner, reader] = await two(world);
      return reader.call("listTemplates", { query: { ids: await offer(owner) } });
    },
  ],
]);
