// Devices of an identity (spec/backbone-protocol.md 4.3).

import { expect } from "vitest";
import { minute } from "../../relay/parties.ts";
import type { HttpParty } from "./http-parties.ts";
import { no, notFound, stateTable, yes } from "./state-cases.ts";
import { addSilent, deviceBody, logIn } from "./state-devices.ts";
import type { StateWorld } from "./state-stores.ts";

const device = (code: string) => no(`device.${code}`);
const badSignature = device("invalidSignature");
const badLanguage = no("invalidDeviceCommunicationLanguage");
const undeletable = device("deviceCannotBeDeleted");
const noGrant = no("invalid_grant");
const backup = { isBackupDevice: true };

const two = async (world: StateWorld) => [await world.party(), await world.party()] as const;
const create = (owner: HttpParty, body: object) => owner.call("createDevice", { body });

stateTable("creating a device", [
  [
    "for one's own identity",
    yes({ id: expect.stringMatching(/^DVC/), isBackupDevice: false }),
    async (world) => {
      const owner = await world.party();
      return create(owner, await deviceBody(owner));
    },
  ],
  [
    "on a device that was created before",
    yes({ isBackupDevice: false }),
    async (world) => {
      const second = await (await world.party()).device();
      return create(second, await deviceBody(second));
    },
  ],
  [
    "with a challenge of nobody",
    yes(),
    async (world) => {
      const owner = await world.party();
      return create(owner, await deviceBody({ ...owner, ok: world.anonymous.ok }));
    },
  ],
  [
    "with somebody else's signature",
    badSignature,
    async (world) => {
      const [owner, other] = await two(world);
      return create(owner, await deviceBody(owner, {}, other));
    },
  ],
  [
    "for somebody else with their own signature",
    badSignature,
    async (world) => {
      const [owner, other] = await two(world);
      return create(other, await deviceBody(owner));
    },
  ],
  [
    "with a challenge that was used before",
    notFound,
    async (world) => {
      const owner = await world.party();
      const body = await deviceBody(owner);
      await owner.ok("createDevice", { body });
      return create(owner, body);
    },
  ],
  [
    "a millisecond before its challenge expires",
    yes(),
    async (world) => {
      const owner = await world.party();
      const body = await deviceBody(owner);
      world.clock.advance(10 * minute - 1);
      return create(owner, body);
    },
  ],
  [
    "when its challenge has expired",
    device("challengeHasExpired"),
    async (world) => {
      const owner = await world.party();
      const body = await deviceBody(owner);
      world.clock.advance(10 * minute);
      return create(owner, body);
    },
  ],
  [
    "as the backup device",
    yes(backup),
    async (world) => {
      const owner = await world.party();
      return create(owner, await deviceBody(owner, backup));
    },
  ],
  [
    "as the backup device beside another",
    device("onlyOneBackupDeviceCanExist"),
    async (world) => {
      const owner = await world.party();
      await addSilent(owner, backup);
      return create(owner, await deviceBody(owner, backup));
    },
  ],
  [
    "as the backup device after another was deleted",
    yes(backup),
    async (world) => {
      const owner = await world.party();
      await owner.ok("deleteDevice", { id: (await addSilent(owner, backup)).id });
      return create(owner, await deviceBody(owner, backup));
    },
  ],
  [
    "in a language that does not exist",
    badLanguage,
    async (world) => {
      const owner = await world.party();
      return create(owner, await deviceBody(owner, { communicationLanguage: "xx" }));
    },
  ],
]);

const update = (party: HttpParty, communicationLanguage: string) =>
  party.call("updateDevice", { body: { communicationLanguage } });

stateTable("reading and changing devices", [
  [
    "one's own",
    yes({ communicationLanguage: "en", isBackupDevice: false, lastLogin: { time: expect.any(String) } }),
    async (world) => (await world.party()).call("getDevice"),
  ],
  [
    "in the list, one that has never logged in",
    yes([{ lastLogin: null }]),
    async (world) => {
      const owner = await world.party();
      return owner.call("listDevices", { query: { ids: (await addSilent(owner)).id } });
    },
  ],
  [
    "in the list of somebody else",
    yes([]),
    async (world) => {
      const [owner, other] = await two(world);
      return other.call("listDevices", { query: { ids: owner.caller.deviceId } });
    },
  ],
  ["to a language", yes(), async (world) => update(await world.party(), "de")],
  ["to a language that does not exist", badLanguage, async (world) => update(await world.party(), "xx")],
  [
    "to a language, which the other device keeps",
    yes({ communicationLanguage: "en" }),
    async (world) => {
      const owner = await world.party();
      const second = await owner.device();
      await second.ok("updateDevice", { body: { communicationLanguage: "fr" } });
      return owner.call("getDevice");
    },
  ],
]);

const remove = (party: HttpParty, id: string) => party.call("deleteDevice", { id });

stateTable("deleting a device", [
  [
    "that has never logged in",
    yes(),
    async (world) => {
      const owner = await world.party();
      return remove(owner, (await addSilent(owner)).id);
    },
  ],
  [
    "that tried a wrong password",
    yes(),
    async (world) => {
      const owner = await world.party();
      const { id, username } = await addSilent(owner);
      await logIn(world, username, "wrong");
      return remove(owner, id);
    },
  ],
  [
    "that has never logged in, on another device",
    yes(),
    async (world) => {
      const owner = await world.party();
      const { id } = await addSilent(owner);
      return remove(await owner.device(), id);
    },
  ],
  [
    "that has logged in",
    undeletable,
    async (world) => {
      const owner = await world.party();
      const { id, username } = await addSilent(owner);
      await logIn(world, username);
      return remove(owner, id);
    },
  ],
  [
    "that asks for it itself",
    undeletable,
    async (world) => {
      const owner = await world.party();
      return remove(owner, owner.caller.deviceId);
    },
  ],
  [
    "of somebody else",
    notFound,
    async (world) => {
      const [owner, other] = await two(world);
      return remove(other, (await addSilent(owner)).id);
    },
  ],
  ["that does not exist", notFound, async (world) => remove(await world.party(), `DVC${"x".repeat(17)}`)],
  [
    "twice",
    notFound,
    async (world) => {
      const { owner, id } = await removed(world);
      return remove(owner, id);
    },
  ],
  ["which then logs in", noGrant, async (world) => logIn(world, (await removed(world)).username)],
  [
    "which is then in no list",
    yes([]),
    async (world) => {
      const { owner, id } = await removed(world);
      return owner.call("listDevices", { query: { ids: id } });
    },
  ],
]);

/** A device that is there no more. */
async function removed(world: StateWorld) {
  const owner = await world.party();
  const { id, username } = await addSilent(owner);
  await owner.ok("deleteDevice", { id });
  return { owner, id, username };
}
