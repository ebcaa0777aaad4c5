// A sync run that another device of the identity has started (spec/backbone-protocol.md 7).
import { no, stateTable, yes } from "./state-cases.ts";
import type { StateWorld } from "./state-stores.ts";
import { begun, external, finalize, finalizeUpgrade, item, nothing, start, upgrading } from "./state-sync.ts";

const run = (code: string) => no(`syncRun.${code}`);
const running = run("cannotStartSyncRunWhenAnotherSyncRunIsRunning");
const foreign = run("cannotFinalizeSyncRunStartedByAnotherDevice");
const unreadable = run("cannotReadExternalEventsOfASyncRunStartedByAnotherDevice");

/** A run, and another device of whoever started it. */
async function begunElsewhere(world: StateWorld, body: object = external) {
  const { party, id } = await begun(world, body);
  return { party, id, second: await party.device() };
}

stateTable("a sync run of another device", [
  ["starting one beside it", running, async (world) => start((await begunElsewhere(world)).second)],
  [
    "starting one when it has expired",
    yes({ status: "Created", syncRun: { index: 2, eventCount: 1 } }),
    async (world) => {
      const { second } = await begunElsewhere(world);
      world.clock.advance(10_000);
      return start(second);
    },
  ],
  [
    "reading its events",
    unreadable,
    async (world) => {
      const { second, id } = await begunElsewhere(world);
      return second.call("listExternalEvents", { id });
    },
  ],
  [
    "finalising it",
    foreign,
    async (world) => {
      const { second, id } = await begunElsewhere(world);
      return finalize(second, id);
    },
  ],
  [
    "finalising an upgrade",
    foreign,
    async (world) => {
      const { second, id } = await begunElsewhere(world, upgrading);
      return finalizeUpgrade(second, id, 2);
    },
  ],
  [
    "refreshing it",
    foreign,
    async (world) => {
      const { second, id } = await begunElsewhere(world);
      return second.call("refreshSyncRun", { id, body: {} });
    },
  ],
  [
    "looking at it",
    yes({ eventCount: 1 }),
    async (world) => {
      const { second, id } = await begunElsewhere(world);
      return second.call("getSyncRun", { id });
    },
  ],
  [
    "pushing to the datawallet beside it",
    no("datawallet.cannotPushDatawalletModificationsDuringActiveSyncRun"),
    async (world) => {
      const { second } = await begunElsewhere(world);
      return second.call("pushModifications", { body: { localIndex: -1, modifications: [item()] } });
    },
  ],
  [
    "reading its events, by the device that started it, after the other tried",
    yes([{ type: "RelationshipStatusChanged", syncErrorCount: 0 }]),
    async (world) => {
      const { party, second, id } = await begunElsewhere(world);
      await finalize(second, id);
      return party.call("listExternalEvents", { id });
    },
  ],
  [
    "starting one after it was finalised",
    yes({ status: "Created", syncRun: { index: 2 } }),
    async (world) => {
      const { party, second, id } = await begunElsewhere(world);
      await party.ok("finalizeExternalEventSync", { id, body: nothing });
      return start(second);
    },
  ],
]);
