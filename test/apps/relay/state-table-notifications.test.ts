// Who may send Notifications (spec/backbone-protocol.md 5.5).
import { bring, type Status } from "../../relay/parties.ts";
import type { HttpParty } from "./http-parties.ts";
import { type Case, invalid, no, type Outcome, stateTable, yes } from "./state-cases.ts";
import type { StateWorld } from "./state-stores.ts";

const notification = (code: string) => no(`notification.${code}`);
const unknown = notification("codeDoesNotExist");
const none = notification("noRelationshipToOneOrMoreRecipientsExists");
const ended = notification("relationshipToRecipientIsNotInCorrectStatus");

/** Somebody, and others who each have a Relationship with them in one of these statuses. */
async function among(world: StateWorld, ...statuses: readonly Status[]) {
  await world.relay.admin.notificationCodes.set(["code"]);
  const from = await world.party();
  const peers: HttpParty[] = [];
  for (const status of statuses) {
    const peer = await world.party();
    await bring(from, peer, status);
    peers.push(peer);
  }
  return { from, peers, addresses: peers.map(({ address }) => address) };
}

const send = (from: HttpParty, recipients: unknown, code: unknown = "code") =>
  from.call("sendNotification", { body: { recipients, code } });

const standings: readonly (readonly [Status, Outcome])[] = [
  ["Pending", yes()],
  ["Active", yes()],
  ["Terminated", yes()],
  ["Reactivating", yes()],
  ["Rejected", ended],
  ["Revoked", ended],
  ["DeletionProposed", ended],
];

stateTable("sending a Notification", [
  ...standings.flatMap(([status, outcome]): readonly Case[] => [
    [
      `while ${status}, by the initiator`,
      outcome,
      async (world) => {
        const { from, addresses } = await among(world, status);
        return send(from, addresses);
      },
    ],
    [
      `while ${status}, by the templator`,
      outcome,
      async (world) => {
        const { from, peers } = await among(world, status);
        return send(peers[0] as HttpParty, [from.address]);
      },
    ],
  ]),
  [
    "after both have left",
    ended,
    async (world) => {
      const { from, peers, addresses } = await among(world, "Active");
      const [peer] = peers as [HttpParty];
      const [{ payload }] = await peer.sync();
      const ask = { id: payload.relationshipId, body: {} };
      await from.ok("terminateRelationship", ask);
      for (const party of [from, peer]) await party.ok("decomposeRelationship", ask);
      return send(from, addresses);
    },
  ],
  [
    "to several",
    yes(),
    async (world) => {
      const { from, addresses } = await among(world, "Active", "Pending", "Terminated");
      return send(from, addresses);
    },
  ],
  [
    "to several, one of whom is unknown",
    none,
    async (world) => {
      const { from, addresses } = await among(world, "Active");
      return send(from, [...addresses, (await world.party()).address]);
    },
  ],
  [
    "to several, one of whose Relationships has ended",
    ended,
    async (world) => {
      const { from, addresses } = await among(world, "Active", "Rejected");
      return send(from, addresses);
    },
  ],
  [
    "to oneself",
    none,
    async (world) => {
      const { from } = await among(world);
      return send(from, [from.address]);
    },
  ],
  [
    "to nobody",
    invalid,
    async (world) => {
      const { from } = await among(world);
      return send(from, []);
    },
  ],
  [
    "to a hundred times the same",
    yes(),
    async (world) => {
      const { from, addresses } = await among(world, "Active");
      return send(from, Array(100).fill(addresses[0]));
    },
  ],
  [
    "to more than a hundred",
    invalid,
    async (world) => {
      const { from, addresses } = await among(world, "Active");
      return send(from, Array(101).fill(addresses[0]));
    },
  ],
  [
    "with a code that the operator has not set",
    unknown,
    async (world) => {
      const { from, addresses } = await among(world, "Active");
      return send(from, addresses, "other");
    },
  ],
  [
    "with a code that does not exist, to somebody unknown",
    unknown,
    async (world) => {
      const { from } = await among(world);
      return send(from, [(await world.party()).address], "other");
    },
  ],
  [
    "without a code",
    invalid,
    async (world) => {
      const { from, addresses } = await among(world, "Active");
      return send(from, addresses, null);
    },
  ],
  [
    "to somebody about to be deleted",
    yes(),
    async (world) => {
      const { from, peers, addresses } = await among(world, "Active");
      await peers[0]?.ok("startDeletionProcess", { body: {} });
      return send(from, addresses);
    },
  ],
  [
    "to somebody who was erased",
    none,
    async (world) => {
      const { from, addresses } = await among(world, "Active");
      for (const address of addresses) await world.relay.admin.eraseIdentity(address);
      return send(from, addresses);
    },
  ],
]);
