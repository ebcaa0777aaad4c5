// Sync runs (spec/backbone-protocol.md 7).
import { type HttpParty, upgrade } from "./http-parties.ts";
import { type Case, invalid, no, notFound, stateTable, yes } from "./state-cases.ts";
import { begun, external, finalize, finalizeUpgrade, item, nothing, start, upgrading, withNews } from "./state-sync.ts";

const run = (code: string) => no(`syncRun.${code}`);
const running = run("cannotStartSyncRunWhenAnotherSyncRunIsRunning");
const over = run("syncRunAlreadyFinalized");
const kind = run("unexpectedSyncRunType");
const old = no("datawallet.insufficientSupportedDatawalletVersion");
const tooHigh = no("datawallet.datawalletVersionOfModificationTooHigh");
const downgrade = no("datawallet.cannotDowngrade");
const none = { status: "NoNewEvents", syncRun: null };

const failing = (party: HttpParty) => async () => {
  const { syncRun } = await party.ok("startSyncRun", { body: external });
  const [{ id: externalEventId }] = await party.ok("listExternalEvents", { id: syncRun.id });
  const externalEventResults = [{ externalEventId, errorCode: "error.some" }];
  await party.ok("finalizeExternalEventSync", { id: syncRun.id, body: { ...nothing, externalEventResults } });
};

stateTable("starting a sync run", [
  ["without news", yes(none), async (world) => start(await world.party())],
  ["with news", yes({ status: "Created", syncRun: { eventCount: 1 } }), async (world) => start(await withNews(world))],
  ["while one is active", running, async (world) => start((await begun(world)).party)],
  ["of the other kind while one is active", running, async (world) => start((await begun(world)).party, upgrading)],
  [
    "a millisecond before the other expires",
    running,
    async (world) => {
      const { party } = await begun(world);
      world.clock.advance(9_999);
      return start(party);
    },
  ],
  [
    "when the other has expired",
    yes({ syncRun: { eventCount: 1, index: 2 } }),
    async (world) => {
      const { party } = await begun(world);
      world.clock.advance(10_000);
      return start(party);
    },
  ],
  [
    "after its own duration",
    running,
    async (world) => {
      const { party } = await begun(world, { ...external, duration: 60 });
      world.clock.advance(59_999);
      return start(party);
    },
  ],
  [
    "after it was refreshed",
    running,
    async (world) => {
      const { party, id } = await begun(world);
      world.clock.advance(9_000);
      await party.ok("refreshSyncRun", { id, body: {} });
      world.clock.advance(9_000);
      return start(party);
    },
  ],
  [
    "with a client older than the datawallet",
    old,
    async (world) => {
      const party = await world.party();
      await upgrade(party, 3);
      return start(party, external, 2);
    },
  ],
  ["without a version", invalid, async (world) => start(await world.party(), external, 0)],
  ["of a kind that does not exist", invalid, async (world) => start(await world.party(), { type: "Other" })],
  [
    "after an event failed twice",
    yes({ status: "Created" }),
    async (world) => {
      const party = await withNews(world);
      for (const fail of [failing(party), failing(party)]) await fail();
      return start(party);
    },
  ],
  [
    "after an event failed three times",
    yes(none),
    async (world) => {
      const party = await withNews(world);
      for (const fail of [failing(party), failing(party), failing(party)]) await fail();
      return start(party);
    },
  ],
]);

const byStrangers: readonly Case[] = (["listExternalEvents", "refreshSyncRun", "getSyncRun"] as const).map(
  (operation): Case => [
    `${operation} of somebody else's`,
    notFound,
    async (world) => {
      const [{ id }, other] = [await begun(world), await world.party()];
      return other.call(operation, { id, ...(operation === "refreshSyncRun" ? { body: {} } : {}) });
    },
  ],
);

stateTable("within and after a sync run", [
  ...byStrangers,
  ["finalising somebody else's", notFound, async (world) => finalize(await world.party(), (await begun(world)).id)],
  [
    "finalising",
    yes({ newDatawalletModificationIndex: null, newUnsyncedExternalEventsExist: true }),
    async (world) => {
      const { party, id } = await begun(world);
      return finalize(party, id);
    },
  ],
  [
    "finalising with a modification",
    yes({ newDatawalletModificationIndex: 0 }),
    async (world) => {
      const { party, id } = await begun(world);
      return finalize(party, id, { ...nothing, datawalletModifications: [item()] });
    },
  ],
  [
    "finalising with a modification that is too new",
    tooHigh,
    async (world) => {
      const { party, id } = await begun(world);
      return finalize(party, id, { ...nothing, datawalletModifications: [item(2)] });
    },
  ],
  [
    "finalising twice",
    over,
    async (world) => {
      const { party, id } = await begun(world);
      await finalize(party, id);
      return finalize(party, id);
    },
  ],
  [
    "listing events afterwards",
    over,
    async (world) => {
      const { party, id } = await begun(world);
      await finalize(party, id);
      return party.call("listExternalEvents", { id });
    },
  ],
  [
    "finalising one that gave way to another",
    over,
    async (world) => {
      const { party, id } = await begun(world);
      world.clock.advance(10_000);
      await start(party);
      return finalize(party, id);
    },
  ],
  [
    "finalising an upgrade as a sync",
    kind,
    async (world) => {
      const { party, id } = await begun(world, upgrading);
      return finalize(party, id);
    },
  ],
  [
    "finalising a sync as an upgrade",
    kind,
    async (world) => {
      const { party, id } = await begun(world);
      return finalizeUpgrade(party, id, 2);
    },
  ],
  [
    "an upgrade to an older version",
    downgrade,
    async (world) => {
      const party = await world.party();
      await upgrade(party, 3);
      const { syncRun } = await party.ok("startSyncRun", { body: upgrading, version: 3 });
      const body = { newDatawalletVersion: 2, datawalletModifications: [] };
      return party.call("finalizeDatawalletVersionUpgrade", { id: syncRun.id, version: 3, body });
    },
  ],
  [
    "an upgrade with a modification that is too new",
    tooHigh,
    async (world) => {
      const { party, id } = await begun(world, upgrading);
      return finalizeUpgrade(party, id, 2, [item(3)]);
    },
  ],
]);
