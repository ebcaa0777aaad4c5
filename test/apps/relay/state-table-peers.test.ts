// What peers hear of a deletion, and what a Relationship then is for them (spec/backbone-protocol.md 4.4, 6, 14).
import { expect } from "vitest";
import { bring, letter, type Status } from "../../relay/parties.ts";
import { pseudonym } from "../../relay/pseudonym.ts";
import type { HttpParty } from "./http-parties.ts";
import { type Case, no, type Outcome, stateTable, yes } from "./state-cases.ts";
import type { StateWorld } from "./state-stores.ts";

const body = {};
const two = async (world: StateWorld) => [await world.party(), await world.party()] as const;
const none = yes({ status: "NoNewEvents" });

/** What the party hears in a new sync run; without news, the answer to its start. */
async function hear(party: HttpParty) {
  const ask = { body: { type: "ExternalEventSync" } };
  const { syncRun } = await party.ok("startSyncRun", ask);
  return syncRun === null ? party.call("startSyncRun", ask) : party.call("listExternalEvents", { id: syncRun.id });
}

type Side = "from" | "to";
const statuses: readonly (readonly [Status, isTold: boolean])[] = [
  ["Pending", true],
  ["Active", true],
  ["Terminated", true],
  ["Reactivating", true],
  ["DeletionProposed", false],
  ["Rejected", false],
  ["Revoked", false],
];

/** A Relationship whose news are all fetched. The one of this side is about to go. */
async function stand(world: StateWorld, status: Status, side: Side) {
  const [from, to] = await two(world);
  const id = await bring(from, to, status);
  await Promise.all([from.sync(), to.sync()]);
  return side === "from" ? { id, owner: from, peer: to } : { id, owner: to, peer: from };
}

async function leave(owner: HttpParty): Promise<string> {
  return (await owner.ok("startDeletionProcess", { body })).id;
}

const relationshipId = expect.stringMatching(/^REL/);
const deletionDate = expect.stringMatching(/Z$/);
const toBeDeleted = { type: "PeerToBeDeleted", payload: { relationshipId, deletionDate } };
const cancelled = { type: "PeerDeletionCancelled", payload: { relationshipId } };
const deleted = { type: "PeerDeleted", payload: { relationshipId, deletionDate } };
const changed = { type: "RelationshipStatusChanged", payload: { relationshipId } };
const hears = (isTold: boolean, ...events: readonly object[]): Outcome => (isTold ? yes(events) : none);

stateTable("peers of a deletion", [
  ...statuses.flatMap(([status, isTold]) =>
    (["from", "to"] as const).flatMap((side): readonly Case[] => [
      [
        `hear of its start by ${side} while ${status}`,
        hears(isTold, toBeDeleted),
        async (world) => {
          const { owner, peer } = await stand(world, status, side);
          await leave(owner);
          return hear(peer);
        },
      ],
      [
        `hear of its cancellation by ${side} while ${status}`,
        hears(isTold, cancelled),
        async (world) => {
          const { owner, peer } = await stand(world, status, side);
          const id = await leave(owner);
          await peer.sync();
          await owner.ok("cancelDeletionProcess", { id, body });
          return hear(peer);
        },
      ],
      [
        `hear of its end by ${side} while ${status}`,
        hears(isTold, deleted, changed),
        async (world) => {
          const { owner, peer } = await stand(world, status, side);
          await world.relay.admin.eraseIdentity(owner.address);
          return hear(peer);
        },
      ],
    ]),
  ),
  [
    "are not all the same",
    none,
    async (world) => {
      const { owner } = await stand(world, "Active", "from");
      const other = await stand(world, "Active", "from");
      await leave(owner);
      return hear(other.peer);
    },
  ],
  [
    "hear the start and the cancellation together",
    yes([toBeDeleted, cancelled]),
    async (world) => {
      const { owner, peer } = await stand(world, "Active", "to");
      await owner.ok("cancelDeletionProcess", { id: await leave(owner), body });
      return hear(peer);
    },
  ],
]);

stateTable("the owner of a deletion", [
  [
    "hears nothing of it",
    none,
    async (world) => {
      const { owner } = await stand(world, "Active", "from");
      await owner.ok("cancelDeletionProcess", { id: await leave(owner), body });
      return hear(owner);
    },
  ],
  [
    "hears nothing of it on another device",
    none,
    async (world) => {
      const { owner } = await stand(world, "Active", "from");
      const second = await owner.device();
      await owner.ok("cancelDeletionProcess", { id: await leave(owner), body });
      return hear(second);
    },
  ],
]);

const entry = { createdBy: pseudonym, createdByDevice: null, reason: "DecompositionDueToIdentityDeletion" };
const before: Readonly<Partial<Record<Status, number>>> = { Pending: 1, Active: 2, Terminated: 3, Reactivating: 4 };

/** What the peer sees after an erasure. */
const remains = (status: Status, side: Side): Outcome => {
  const entries = before[status];
  const auditLog = entries === undefined ? {} : { auditLog: [...Array.from({ length: entries }, () => ({})), entry] };
  const shown = entries === undefined ? status : "DeletionProposed";
  return yes({ status: shown, [side]: pseudonym, ...auditLog });
};

async function bereft(world: StateWorld, status: Status, side: Side) {
  const { id, owner, peer } = await stand(world, status, side);
  await world.relay.admin.eraseIdentity(owner.address);
  return { id, peer };
}

stateTable("a Relationship whose other side was erased", [
  ...(["Pending", "Active", "Terminated", "Reactivating", "Rejected", "Revoked"] as const).flatMap((status) =>
    (["from", "to"] as const).map(
      (side): Case => [
        `that was ${status}, without ${side}`,
        remains(status, side),
        async (world) => {
          const { id, peer } = await bereft(world, status, side);
          return peer.call("getRelationship", { id });
        },
      ],
    ),
  ),
  [
    "takes no Message",
    no("message.noRelationshipToRecipientExists"),
    async (world) => {
      const { owner, peer } = await stand(world, "Active", "from");
      await world.relay.admin.eraseIdentity(owner.address);
      return peer.call("createMessage", { body: letter(owner) });
    },
  ],
  [
    "is left for good by the one who stayed",
    yes({ status: "ReadyForDeletion" }),
    async (world) => {
      const { id, peer } = await bereft(world, "Active", "from");
      return peer.call("decomposeRelationship", { id, body });
    },
  ],
]);
