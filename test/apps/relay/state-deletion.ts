// Identities about to be deleted, and deleted ones, for the cases of the state table.
import { minute } from "../../relay/parties.ts";
import type { HttpParty } from "./http-parties.ts";
import { yes } from "./state-cases.ts";
import type { StateWorld } from "./state-stores.ts";

const body = {};
const day = 24 * 60 * minute;

/** Somebody about to be deleted in a minute, shorter than an access token lives. */
export async function leaving(world: StateWorld) {
  const owner = await world.party();
  const { id } = await owner.ok("startDeletionProcess", { body: { lengthOfGracePeriodInDays: minute / day } });
  return { owner, id: id as string };
}

/** Somebody who was about to be deleted, and is not any more. */
export async function stayed(world: StateWorld) {
  const { owner, id } = await leaving(world);
  await owner.ok("cancelDeletionProcess", { id, body });
  return { owner, id };
}

/** Asks CanCreate. */
export const ask = (from: HttpParty, { address: peer }: HttpParty) =>
  from.call("canCreateRelationship", { query: { peer } });
/** What CanCreate answers with this code. */
export const can = (code: string | null) =>
  yes({ canCreate: code === null, code: code && `error.platform.validation.relationship.${code}` });

/** Somebody about to be deleted in a minute, on two devices, with an access token that lives longer. */
export async function almostOver(world: StateWorld) {
  const { owner, id } = await leaving(world);
  const { caller, password } = owner;
  const { username } = caller;
  const given = { grant_type: "password", client_id: "test", client_secret: "test", username, password };
  const { access_token } = await world.anonymous.ok("connectToken", { body: given });
  return { owner, second: await owner.device(), id, headers: { authorization: `Bearer ${access_token}` } };
}

/** The same when that minute is over. */
export async function over(world: StateWorld) {
  const ended = await almostOver(world);
  world.clock.advance(minute);
  return ended;
}

/** Somebody who is no more. */
export async function erased(world: StateWorld) {
  const { owner, second } = await over(world);
  await world.relay.admin.runDueTimers();
  return { owner, second };
}
