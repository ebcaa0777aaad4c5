// When news of Messages are delivered (spec/backbone-protocol.md 6).
import { bring, type Status, send } from "../../relay/parties.ts";
import type { HttpParty } from "./http-parties.ts";
import { stateTable, yes } from "./state-cases.ts";
import type { StateWorld } from "./state-stores.ts";

const body = {};
const two = async (world: StateWorld) => [await world.party(), await world.party()] as const;
const start = (party: HttpParty) => party.call("startSyncRun", { body: { type: "ExternalEventSync" } });

const count = (eventCount: number) => yes({ status: "Created", syncRun: { eventCount } });
const nothing = yes({ status: "NoNewEvents", syncRun: null });

/** A Message to each side in a Relationship that has this status, after all other news were fetched. */
async function held(world: StateWorld, status: Status) {
  const [from, to] = await two(world);
  const id = await bring(from, to, status);
  await from.sync();
  await to.sync();
  await send(from, to);
  return { from, to, id };
}

stateTable("news of a Message", [
  ["while Active", count(1), async (world) => start((await held(world, "Active")).to)],
  ["while Pending are held back", nothing, async (world) => start((await held(world, "Pending")).to)],
  ["while Terminated are held back", nothing, async (world) => start((await held(world, "Terminated")).to)],
  [
    "come once it is accepted",
    count(1),
    async (world) => {
      const { to, id } = await held(world, "Pending");
      await to.ok("acceptRelationship", { id, body });
      return start(to);
    },
  ],
  [
    "are gone once it is rejected",
    nothing,
    async (world) => {
      const { to, id } = await held(world, "Pending");
      await to.ok("rejectRelationship", { id, body });
      return start(to);
    },
  ],
  [
    "are gone once it is revoked, which is news itself",
    count(1),
    async (world) => {
      const { from, to, id } = await held(world, "Pending");
      await from.ok("revokeRelationship", { id, body });
      return start(to);
    },
  ],
  [
    "come once it is reactivated, which is news itself",
    count(2),
    async (world) => {
      const { from, to, id } = await held(world, "Reactivating");
      await from.ok("acceptReactivation", { id, body });
      return start(to);
    },
  ],
  [
    "stay held back when a reactivation is taken back",
    nothing,
    async (world) => {
      const { to, id } = await held(world, "Reactivating");
      await to.ok("revokeReactivation", { id, body });
      return start(to);
    },
  ],
  [
    "are gone for who decomposes",
    nothing,
    async (world) => {
      const [from, to] = await two(world);
      const id = await bring(from, to, "Active");
      await send(from, to);
      await from.ok("terminateRelationship", { id, body });
      await to.ok("decomposeRelationship", { id, body });
      return start(to);
    },
  ],
  [
    "of one who has left still come to the other",
    count(3),
    async (world) => {
      const [from, to] = await two(world);
      const id = await bring(from, to, "Active");
      await to.sync();
      await send(from, to);
      await from.ok("terminateRelationship", { id, body });
      await from.ok("decomposeRelationship", { id, body });
      return start(to);
    },
  ],
  ["never come to its sender", nothing, async (world) => start((await held(world, "Active")).from)],
]);
