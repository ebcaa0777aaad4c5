// Sync runs for the cases of the state table.
import { base64, bring } from "../../relay/parties.ts";
import type { HttpParty } from "./http-parties.ts";
import type { StateWorld } from "./state-stores.ts";

/** What a run asks for that fetches news. */
export const external = { type: "ExternalEventSync" };
/** What a run asks for that upgrades the datawallet. */
export const upgrading = { type: "DatawalletVersionUpgrade" };
/** An end of a run that reports nothing. */
export const nothing = { externalEventResults: [], datawalletModifications: [] };
/** A modification of this version. */
export const item = (datawalletVersion = 1) => ({
  objectIdentifier: "object",
  collection: "Collection",
  type: "Create",
  encryptedPayload: base64("payload"),
  datawalletVersion,
});

/** Starts a run, as a client that knows this version. */
export const start = (party: HttpParty, body: object = external, version = 1) =>
  party.call("startSyncRun", { body, version });

/** Somebody with one piece of news. */
export async function withNews(world: StateWorld): Promise<HttpParty> {
  const [from, to] = [await world.party(), await world.party()];
  await bring(from, to, "Pending");
  return to;
}

/** A run of somebody with one piece of news. */
export async function begun(world: StateWorld, body: object = external) {
  const party = await withNews(world);
  const { syncRun } = await party.ok("startSyncRun", { body });
  return { party, id: syncRun.id as string };
}

/** Ends a run for news. */
export const finalize = (party: HttpParty, id: string, body: object = nothing) =>
  party.call("finalizeExternalEventSync", { id, body });
/** Ends a run for an upgrade. */
export const finalizeUpgrade = (
  party: HttpParty,
  id: string,
  newDatawalletVersion: number,
  modifications: object[] = [],
) =>
  party.call("finalizeDatawalletVersionUpgrade", {
    id,
    body: { newDatawalletVersion, datawalletModifications: modifications },
  });
