// Deletion processes, and what an identity may do meanwhile (spec/backbone-protocol.md 4.4).
import { expect } from "vitest";
import { base64, bring, letter, minute, offer, pend } from "../../relay/parties.ts";
import type { HttpParty } from "./http-parties.ts";
import { type Case, invalid, no, notFound, type Outcome, stateTable, yes } from "./state-cases.ts";
import { ask, can, leaving, stayed } from "./state-deletion.ts";
import type { StateWorld } from "./state-stores.ts";

const body = {};
const onlyOne = no("device.onlyOneActiveDeletionProcessAllowed");
const ended = no("device.deletionProcessIsNotInRequiredStatus");
const noSync = no("syncRun.cannotStartSyncRunWhileIdentityIsToBeDeleted");
const peerLeaves = no("relationship.peerIsToBeDeleted");

const two = async (world: StateWorld) => [await world.party(), await world.party()] as const;
const start = (party: HttpParty, days?: unknown) =>
  party.call("startDeletionProcess", { body: { lengthOfGracePeriodInDays: days } });
const cancel = (party: HttpParty, id: string) => party.call("cancelDeletionProcess", { id, body });
const read = (party: HttpParty, id: string) => party.call("getDeletionProcess", { id });

const lengths: readonly (readonly [days: unknown, outcome: Outcome])[] = [
  [undefined, yes({ status: "Active" })],
  [null, yes({ status: "Active" })],
  [0.5, yes({ status: "Active" })],
  [0, yes({ status: "Active" })],
  [-1, invalid],
  ["7", invalid],
  [100_000, invalid],
];

stateTable("starting a deletion process", [
  ...lengths.map(
    ([days, outcome]): Case => [`with ${days} days`, outcome, async (world) => start(await world.party(), days)],
  ),
  ["beside another", onlyOne, async (world) => start((await leaving(world)).owner)],
  ["beside another, on another device", onlyOne, async (world) => start(await (await leaving(world)).owner.device())],
  ["after another was cancelled", yes({ status: "Active" }), async (world) => start((await stayed(world)).owner)],
]);

const wasCancelled = yes({ status: "Cancelled", gracePeriodEndsAt: null });

stateTable("cancelling a deletion process", [
  [
    "that is active",
    wasCancelled,
    async (world) => {
      const { owner, id } = await leaving(world);
      return cancel(owner, id);
    },
  ],
  [
    "that is active, on another device",
    wasCancelled,
    async (world) => {
      const { owner, id } = await leaving(world);
      return cancel(await owner.device(), id);
    },
  ],
  [
    "a millisecond before the grace period is over",
    wasCancelled,
    async (world) => {
      const { owner, id } = await leaving(world);
      world.clock.advance(minute - 1);
      return cancel(owner, id);
    },
  ],
  [
    "twice",
    ended,
    async (world) => {
      const { owner, id } = await stayed(world);
      return cancel(owner, id);
    },
  ],
  [
    "that ended, beside an active one",
    ended,
    async (world) => {
      const { owner, id } = await stayed(world);
      await owner.ok("startDeletionProcess", { body });
      return cancel(owner, id);
    },
  ],
  ["of somebody else", notFound, async (world) => cancel(await world.party(), (await leaving(world)).id)],
  ["that does not exist", notFound, async (world) => cancel((await leaving(world)).owner, `IDP${"x".repeat(17)}`)],
]);

stateTable("reading a deletion process", [
  [
    "that is active",
    yes({ status: "Active", gracePeriodEndsAt: expect.any(String), auditLog: [{ newStatus: "Active" }] }),
    async (world) => {
      const { owner, id } = await leaving(world);
      return read(owner, id);
    },
  ],
  [
    "that is active, on another device",
    yes({ status: "Active" }),
    async (world) => {
      const { owner, id } = await leaving(world);
      return read(await owner.device(), id);
    },
  ],
  [
    "that was cancelled",
    yes({ status: "Cancelled", gracePeriodEndsAt: null, auditLog: [{}, { newStatus: "Cancelled" }] }),
    async (world) => {
      const { owner, id } = await stayed(world);
      return read(owner, id);
    },
  ],
  ["of somebody else", notFound, async (world) => read(await world.party(), (await leaving(world)).id)],
  [
    "in the list",
    yes([{ status: "Cancelled" }]),
    async (world) => (await stayed(world)).owner.call("listDeletionProcesses"),
  ],
  [
    "in the list of somebody else",
    yes([]),
    async (world) => {
      await leaving(world);
      return (await world.party()).call("listDeletionProcesses");
    },
  ],
]);

const sync = (party: HttpParty, type = "ExternalEventSync") => party.call("startSyncRun", { body: { type } });
const create = async (from: HttpParty, to: HttpParty) =>
  from.call("createRelationship", { body: { relationshipTemplateId: await offer(to), creationContent: base64("c") } });
stateTable("about to be deleted", [
  ["starting a sync run", noSync, async (world) => sync((await leaving(world)).owner)],
  ["starting an upgrade", noSync, async (world) => sync((await leaving(world)).owner, "DatawalletVersionUpgrade")],
  ["starting a sync run on another device", noSync, async (world) => sync(await (await leaving(world)).owner.device())],
  ["starting a sync run once it was cancelled", yes(), async (world) => sync((await stayed(world)).owner)],
  [
    "being asked for a Relationship",
    peerLeaves,
    async (world) => create(await world.party(), (await leaving(world)).owner),
  ],
  [
    "being asked for a Relationship once it was cancelled",
    yes({ status: "Pending" }),
    async (world) => create(await world.party(), (await stayed(world)).owner),
  ],
  [
    "what CanCreate says",
    can("peerIsToBeDeleted"),
    async (world) => ask(await world.party(), (await leaving(world)).owner),
  ],
  [
    "what CanCreate says once it was cancelled",
    can(null),
    async (world) => ask(await world.party(), (await stayed(world)).owner),
  ],
  [
    "what CanCreate says to a peer in a Relationship",
    can("peerIsToBeDeleted"),
    async (world) => {
      const [owner, peer] = await two(world);
      await bring(owner, peer, "Active");
      await owner.ok("startDeletionProcess", { body });
      return ask(peer, owner);
    },
  ],
  [
    "creating a Relationship",
    yes({ status: "Pending" }),
    async (world) => create((await leaving(world)).owner, await world.party()),
  ],
  [
    "accepting a Relationship",
    yes({ status: "Active" }),
    async (world) => {
      const [owner, peer] = await two(world);
      const id = await pend(peer, owner);
      await owner.ok("startDeletionProcess", { body });
      return owner.call("acceptRelationship", { id, body: { creationResponseContent: base64("c") } });
    },
  ],
  [
    "getting a Message",
    yes(),
    async (world) => {
      const [owner, peer] = await two(world);
      await bring(owner, peer, "Active");
      await owner.ok("startDeletionProcess", { body });
      return peer.call("createMessage", { body: letter(owner) });
    },
  ],
  [
    "adding a device and logging in",
    yes(),
    async (world) => (await (await leaving(world)).owner.device()).call("getDevice"),
  ],
]);
