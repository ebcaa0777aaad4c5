// Devices and logins for the cases of the state table.
import { type HttpParty, signedChallenge } from "./http-parties.ts";
import type { StateWorld } from "./state-stores.ts";

export const devicePassword = "a-device-password-of-some-forty-five-characters";

/** What POST Devices sends, with a fresh challenge that these keys sign. */
export async function deviceBody(owner: HttpParty, more: object = {}, { keys } = owner): Promise<object> {
  const challenge = await owner.ok("createChallenge", { body: {} });
  return { devicePassword, signedChallenge: signedChallenge(challenge, keys), ...more };
}

/** A device that has never logged in. */
export async function addSilent(owner: HttpParty, more: object = {}): Promise<{ id: string; username: string }> {
  return owner.ok("createDevice", { body: await deviceBody(owner, more) });
}

/** Asks for an access token. */
export function logIn({ anonymous }: StateWorld, username: string, password = devicePassword) {
  const body = { grant_type: "password", client_id: "test", client_secret: "test", username, password };
  return anonymous.call("connectToken", { body });
}
