// The datawallet (spec/backbone-protocol.md 7).
import { base64 } from "../../relay/parties.ts";
import { type HttpParty, upgrade } from "./http-parties.ts";
import { no, stateTable, yes } from "./state-cases.ts";
import type { StateWorld } from "./state-stores.ts";

const old = no("datawallet.insufficientSupportedDatawalletVersion");
const busy = no("datawallet.cannotPushDatawalletModificationsDuringActiveSyncRun");
const stale = no("datawallet.datawalletNotUpToDate");
const tooHigh = no("datawallet.datawalletVersionOfModificationTooHigh");

const item = (datawalletVersion = 1) => ({
  objectIdentifier: "object",
  collection: "Collection",
  type: "Create",
  encryptedPayload: base64("payload"),
  datawalletVersion,
});
const push = (party: HttpParty, localIndex: number, modification: object = item()) =>
  party.call("pushModifications", { body: { localIndex, modifications: [modification] } });

/** Somebody with a run that ends in ten seconds. */
async function syncing(world: StateWorld): Promise<HttpParty> {
  const party = await world.party();
  await party.ok("startSyncRun", { body: { type: "DatawalletVersionUpgrade" } });
  return party;
}

stateTable("the datawallet", [
  ["its version", yes({ version: 1 }), async (world) => (await world.party()).call("getDatawallet")],
  ["a first push", yes({ newIndex: 0 }), async (world) => push(await world.party(), -1)],
  [
    "a push behind the latest",
    stale,
    async (world) => {
      const party = await world.party();
      await push(party, -1);
      return push(party, -1);
    },
  ],
  [
    "a push ahead of the latest",
    stale,
    async (world) => {
      const party = await world.party();
      await push(party, -1);
      return push(party, 1);
    },
  ],
  [
    "a push after the latest",
    yes({ newIndex: 1 }),
    async (world) => {
      const party = await world.party();
      await push(party, -1);
      return push(party, 0);
    },
  ],
  ["a push while a run is active", busy, async (world) => push(await syncing(world), -1)],
  [
    "a push after a run has expired",
    yes({ newIndex: 0 }),
    async (world) => {
      const party = await syncing(world);
      world.clock.advance(10_000);
      return push(party, -1);
    },
  ],
  ["a push that is too new", tooHigh, async (world) => push(await world.party(), -1, item(2))],
  [
    "a push by an older client",
    old,
    async (world) => {
      const party = await world.party();
      await upgrade(party, 2);
      return push(party, -1);
    },
  ],
  [
    "only the newest of the same thing is listed",
    yes([{ index: 1 }]),
    async (world) => {
      const party = await world.party();
      await push(party, -1);
      await push(party, 0);
      return party.call("listModifications", { query: { localIndex: "-1" } });
    },
  ],
  [
    "nothing is listed after the latest",
    yes([]),
    async (world) => {
      const party = await world.party();
      await push(party, -1);
      return party.call("listModifications", { query: { localIndex: "0" } });
    },
  ],
]);
