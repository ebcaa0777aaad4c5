// Logins of devices and their passwords (spec/backbone-protocol.md 2, 4.3).
import { minute } from "../../relay/parties.ts";
import type { HttpParty } from "./http-parties.ts";
import { no, stateTable, yes } from "./state-cases.ts";
import { addSilent, logIn } from "./state-devices.ts";
import type { StateWorld } from "./state-stores.ts";

const noGrant = no("invalid_grant");
const token = yes({ token_type: "Bearer", expires_in: 300 });

const change = (party: HttpParty, oldPassword: string) =>
  party.call("changePassword", { body: { oldPassword, newPassword: "new" } });
const guess = (world: StateWorld, username: string, times: number) =>
  Promise.all(Array.from({ length: times }, () => logIn(world, username, "wrong")));

stateTable("logging in", [
  ["with the password", token, async (world) => logIn(world, (await addSilent(await world.party())).username)],
  ["with a wrong one", noGrant, async (world) => logIn(world, (await world.party()).caller.username, "wrong")],
  ["as nobody", noGrant, async (world) => logIn(world, `USR${"x".repeat(17)}`)],
  [
    "after two wrong ones",
    token,
    async (world) => {
      const { username } = await addSilent(await world.party());
      await guess(world, username, 2);
      return logIn(world, username);
    },
  ],
  [
    "after three wrong ones",
    no("access_denied"),
    async (world) => {
      const { username } = await addSilent(await world.party());
      await guess(world, username, 3);
      return logIn(world, username);
    },
  ],
  [
    "ten minutes after three wrong ones",
    token,
    async (world) => {
      const { username } = await addSilent(await world.party());
      await guess(world, username, 3);
      world.clock.advance(10 * minute);
      return logIn(world, username);
    },
  ],
  [
    "on another device after three wrong ones",
    token,
    async (world) => {
      const owner = await world.party();
      await guess(world, owner.caller.username, 3);
      return logIn(world, (await addSilent(owner)).username);
    },
  ],
  ["and changing the password", yes(), async (world) => change(...(await withPassword(world)))],
  [
    "and changing the password without the old one",
    no("device.changePasswordFailed"),
    async (world) => change(await world.party(), "wrong"),
  ],
  [
    "with the old password after it was changed",
    noGrant,
    async (world) => {
      const [owner, password] = await withPassword(world);
      await owner.ok("changePassword", { body: { oldPassword: password, newPassword: "new" } });
      return logIn(world, owner.caller.username, password);
    },
  ],
  [
    "with the new password",
    token,
    async (world) => {
      const [owner, password] = await withPassword(world);
      await owner.ok("changePassword", { body: { oldPassword: password, newPassword: "new" } });
      return logIn(world, owner.caller.username, "new");
    },
  ],
  [
    "on another device after the password was changed",
    token,
    async (world) => {
      const [owner, password] = await withPassword(world);
      const { username } = await addSilent(owner);
      await owner.ok("changePassword", { body: { oldPassword: password, newPassword: "new" } });
      return logIn(world, username);
    },
  ],
]);

async function withPassword(world: StateWorld): Promise<readonly [HttpParty, string]> {
  const owner = await world.party();
  return [owner, owner.password];
}
