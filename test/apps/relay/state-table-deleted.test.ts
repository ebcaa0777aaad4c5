// What becomes of an identity whose grace period is over (spec/backbone-protocol.md 2, 4.4).
import { expect } from "vitest";
import { minute } from "../../relay/parties.ts";
import { type Case, no, notFound, stateTable, yes } from "./state-cases.ts";
import { almostOver, ask, can, erased, leaving, over, stayed } from "./state-deletion.ts";
import { logIn } from "./state-devices.ts";
import type { StateWorld } from "./state-stores.ts";

const unauthorized = no("unauthorized", 401);
const noGrant = no("invalid_grant");

const isDeleted = ({ anonymous }: StateWorld, username: string) =>
  anonymous.call("isIdentityDeleted", { query: { username } });
const living = yes({ isDeleted: false, deletionDate: null });
const gone = yes({ isDeleted: true, deletionDate: expect.any(String) });

stateTable("when the grace period is over", [
  [
    "logging in",
    noGrant,
    async (world) => {
      const { owner } = await over(world);
      return logIn(world, owner.caller.username, owner.password);
    },
  ],
  [
    "logging in on another device",
    noGrant,
    async (world) => {
      const { second } = await over(world);
      return logIn(world, second.caller.username, second.password);
    },
  ],
  [
    "logging in a millisecond before",
    yes({ token_type: "Bearer" }),
    async (world) => {
      const { owner } = await leaving(world);
      world.clock.advance(minute - 1);
      return logIn(world, owner.caller.username, owner.password);
    },
  ],
  [
    "logging in once the identity is erased",
    noGrant,
    async (world) => {
      const { owner } = await erased(world);
      return logIn(world, owner.caller.username, owner.password);
    },
  ],
  ...(["getDevice", "listMessages", "listDeletionProcesses"] as const).map(
    (operation): Case => [
      `${operation} with a token from before`,
      unauthorized,
      async (world) => {
        const { headers } = await over(world);
        return world.anonymous.call(operation, { headers });
      },
    ],
  ),
  [
    "getDevice with a token a millisecond before",
    yes({ id: expect.stringMatching(/^DVC/) }),
    async (world) => {
      const { headers } = await almostOver(world);
      world.clock.advance(minute - 1);
      return world.anonymous.call("getDevice", { headers });
    },
  ],
  [
    "cancelling with a token from before",
    unauthorized,
    async (world) => {
      const { id, headers } = await over(world);
      return world.anonymous.call("cancelDeletionProcess", { id, body: {}, headers });
    },
  ],
  [
    "being asked for a Relationship",
    can("peerIsToBeDeleted"),
    async (world) => ask(await world.party(), (await over(world)).owner),
  ],
  [
    "being asked for a Relationship once erased",
    notFound,
    async (world) => ask(await world.party(), (await erased(world)).owner),
  ],
]);

stateTable("whether an identity is deleted", [
  ["while it lives", living, async (world) => isDeleted(world, (await world.party()).caller.username)],
  ["while it is about to be", living, async (world) => isDeleted(world, (await leaving(world)).owner.caller.username)],
  ["once it was cancelled", living, async (world) => isDeleted(world, (await stayed(world)).owner.caller.username)],
  ["when the grace period is over", gone, async (world) => isDeleted(world, (await over(world)).owner.caller.username)],
  ["by another device's name", gone, async (world) => isDeleted(world, (await over(world)).second.caller.username)],
  ["when it is erased", gone, async (world) => isDeleted(world, (await erased(world)).owner.caller.username)],
  [
    "when it is erased, by another device's name",
    gone,
    async (world) => isDeleted(world, (await erased(world)).second.caller.username),
  ],
  ["of nobody", living, async (world) => isDeleted(world, `USR${"x".repeat(17)}`)],
  ["of something that is no name", no("invalidId"), async (world) => isDeleted(world, "x")],
]);
