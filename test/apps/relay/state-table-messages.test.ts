// Who may send and see Messages (spec/backbone-protocol.md 12.4).
import { bring, letter, type Party, type Status, send } from "../../relay/parties.ts";
import type { HttpParty } from "./http-parties.ts";
import { type Case, invalid, no, notFound, stateTable, yes } from "./state-cases.ts";
import type { StateWorld } from "./state-stores.ts";

const body = {};
/** Messages that may wait for one recipient (spec/backbone-protocol.md 5.3). */
const unreceivedMessagesMax = 20;
const none = no("message.noRelationshipToRecipientExists");
const ended = no("message.relationshipToRecipientNotActive");
const tooMany = no("message.maxNumberOfUnreceivedMessagesReached");

const two = async (world: StateWorld) => [await world.party(), await world.party()] as const;
const three = async (world: StateWorld) => [await world.party(), await world.party(), await world.party()] as const;
const write = (from: HttpParty, ...to: readonly Party[]) => from.call("createMessage", { body: letter(...to) });

const open: readonly Status[] = ["Pending", "Active", "Terminated", "Reactivating"];
const closed: readonly Status[] = ["Rejected", "Revoked", "DeletionProposed"];

const sending = (status: Status, side: 0 | 1) => async (world: StateWorld) => {
  const people = await two(world);
  await bring(...people, status);
  return write(people[side], people[1 - side] as HttpParty);
};

stateTable("sending a Message", [
  ["to somebody unknown", none, async (world) => write(...(await two(world)))],
  [
    "to somebody who does not exist",
    none,
    async (world) => {
      const from = await world.party();
      return write(from, { ...from, address: "did:e:localhost:dids:0123456789abcdef012301" });
    },
  ],
  ...open.flatMap((status): readonly Case[] => [
    [`while ${status}, by the initiator`, yes({ id: {} }), sending(status, 0)],
    [`while ${status}, by the templator`, yes({ id: {} }), sending(status, 1)],
  ]),
  ...closed.flatMap((status): readonly Case[] => [
    [`when ${status}, by the initiator`, ended, sending(status, 0)],
    [`when ${status}, by the templator`, ended, sending(status, 1)],
  ]),
  [
    "after both have left",
    ended,
    async (world) => {
      const [from, to] = await two(world);
      const id = await bring(from, to, "DeletionProposed");
      await to.ok("decomposeRelationship", { id, body });
      return write(from, to);
    },
  ],
  [
    "in a new Relationship after an old one was rejected",
    yes(),
    async (world) => {
      const [from, to] = await two(world);
      await bring(from, to, "Rejected");
      await bring(to, from, "Active");
      return write(from, to);
    },
  ],
  [
    "to one known and one unknown",
    none,
    async (world) => {
      const [from, to, other] = await three(world);
      await bring(from, to, "Active");
      return write(from, to, other);
    },
  ],
  [
    "to two",
    yes(),
    async (world) => {
      const [from, to, other] = await three(world);
      await bring(from, to, "Active");
      await bring(from, other, "Active");
      return write(from, to, other);
    },
  ],
  ["to nobody", invalid, async (world) => write(await world.party())],
  [
    "twice to the same",
    invalid,
    async (world) => {
      const [from, to] = await two(world);
      await bring(from, to, "Active");
      return write(from, to, to);
    },
  ],
  [
    "when the recipient has not read that many",
    tooMany,
    async (world) => {
      const [from, to] = await two(world);
      await bring(from, to, "Active");
      await Promise.all(Array.from({ length: unreceivedMessagesMax }, () => send(from, to)));
      return write(from, to);
    },
  ],
  [
    "when the recipient has read one of that many",
    yes(),
    async (world) => {
      const [from, to] = await two(world);
      await bring(from, to, "Active");
      const [id = ""] = await Promise.all(Array.from({ length: unreceivedMessagesMax }, () => send(from, to)));
      await to.ok("getMessage", { id });
      return write(from, to);
    },
  ],
  [
    "when one's own answers are not read either",
    yes(),
    async (world) => {
      const [from, to] = await two(world);
      await bring(from, to, "Active");
      await Promise.all(Array.from({ length: unreceivedMessagesMax }, () => send(to, from)));
      return write(from, to);
    },
  ],
]);

/** A Message in a Relationship of `from` and `to`; who then leave it, as far as they are named. */
async function written(from: HttpParty, to: HttpParty, ...leaving: readonly HttpParty[]): Promise<string> {
  const relationship = await bring(from, to, "Active");
  const id = await send(from, to);
  if (leaving.length > 0) await from.ok("terminateRelationship", { id: relationship, body });
  for (const leaver of leaving) await leaver.ok("decomposeRelationship", { id: relationship, body });
  return id;
}

const see = (reader: HttpParty, id: string) => reader.call("getMessage", { id });

stateTable("seeing a Message", [
  [
    "as its sender",
    yes({ recipients: [{ receivedAt: null }] }),
    async (world) => {
      const [from, to] = await two(world);
      return see(from, await written(from, to));
    },
  ],
  [
    "as its recipient",
    yes({ recipients: [{ receivedByDevice: {} }] }),
    async (world) => {
      const [from, to] = await two(world);
      return see(to, await written(from, to));
    },
  ],
  [
    "as a stranger",
    notFound,
    async (world) => {
      const [from, to, other] = await three(world);
      return see(other, await written(from, to));
    },
  ],
  [
    "in a stranger's list",
    yes([]),
    async (world) => {
      const [from, to, other] = await three(world);
      return other.call("listMessages", { query: { ids: await written(from, to) } });
    },
  ],
  [
    "as its sender who has left",
    notFound,
    async (world) => {
      const [from, to] = await two(world);
      return see(from, await written(from, to, from));
    },
  ],
  [
    "as its recipient whose sender has left",
    yes(),
    async (world) => {
      const [from, to] = await two(world);
      return see(to, await written(from, to, from));
    },
  ],
  [
    "as its recipient who has left",
    notFound,
    async (world) => {
      const [from, to] = await two(world);
      return see(to, await written(from, to, to));
    },
  ],
  [
    "as its sender whose recipient has left",
    yes(),
    async (world) => {
      const [from, to] = await two(world);
      return see(from, await written(from, to, to));
    },
  ],
  [
    "as its recipient when both have left",
    notFound,
    async (world) => {
      const [from, to] = await two(world);
      return see(to, await written(from, to, from, to));
    },
  ],
  [
    "as its sender when one of two recipients is left",
    yes({ recipients: [{}, {}] }),
    async (world) => {
      const [from, to, other] = await three(world);
      const id = await bring(from, to, "Active");
      await bring(from, other, "Active");
      const message = await send(from, to, other);
      await from.ok("terminateRelationship", { id, body });
      await from.ok("decomposeRelationship", { id, body });
      return see(from, message);
    },
  ],
  [
    "with its body left out",
    yes({ id: {} }),
    async (world) => {
      const [from, to] = await two(world);
      return to.call("getMessage", { id: await written(from, to), query: { noBody: "true" } });
    },
  ],
]);
