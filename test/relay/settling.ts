// An identity that did everything a relay keeps something of, and a look at where the store names it.
import type { MemoryDisk } from "rapport/plugins/storage-memory";
import { base64, bring, identityBody, minute, offer, type Party, pend, type RelayWorld, send } from "./parties.ts";

const body = {};
const devicePassword = "another-device-password-of-forty-five-letters";

type Named = Pick<Party, "address" | "caller">;

/** The identity, its second device, and somebody who knows it. */
export async function settle(world: RelayWorld) {
  const [party, peer, third] = [await world.party(), await world.party(), await world.party()];
  const second = await addDevice(world, party);
  await bring(party, peer, "Active");
  await bring(third, party, "Rejected");
  await pend(third, party);
  await publishAndRead(world, party, peer);
  await party.ok("createTemplate", { body: { content: base64("t") }, key: "template" });
  for (const [from, to] of [
    [party, peer],
    [peer, party],
    [peer, party],
  ] as const)
    await send(from, to);
  await party.ok("listMessages");
  await party.ok("createChallenge", { body });
  const modification = { objectIdentifier: "x", collection: "c", type: "Create", datawalletVersion: 1 };
  await party.ok("pushModifications", { body: { localIndex: -1, modifications: [modification] } });
  await party.ok("raiseEpoch", { body: { epoch: 1, sent: 0 } });
  await party.ok("startSyncRun", { body: { type: "ExternalEventSync", duration: 1 } });
  world.clock.advance(minute);
  const { id } = await party.ok("startDeletionProcess", { body });
  await party.ok("cancelDeletionProcess", { id, body });
  await party.ok("startDeletionProcess", { body });
  await send(peer, party);
  const texts = { en: { title: "t", body: "b" } };
  await world.relay.admin.announcements.create({ severity: "Low", texts, recipients: [party.address, third.address] });
  return { party, second, peer };
}

async function addDevice(world: RelayWorld, party: Party): Promise<Named> {
  const { signedChallenge } = identityBody(await party.ok("createChallenge", { body }), party.keys);
  const { id, username } = await party.ok("createDevice", {
    body: { devicePassword, signedChallenge, isBackupDevice: true },
    key: "device",
  });
  await world.anonymous.ok("connectToken", { body: { grant_type: "password", username, password: devicePassword } });
  const push = { platform: "fcm", handle: "a-long-enough-handle", appId: "app" };
  const caller = { address: party.address, deviceId: id, username };
  await world.as(caller).ok("registerPushNotifications", { body: push });
  return { address: party.address, caller };
}

async function publishAndRead(world: RelayWorld, party: Party, peer: Party): Promise<void> {
  const token = { content: base64("t"), expiresAt: world.in(60 * minute), password: base64("p") };
  for (const [owner, reader] of [
    [party, peer],
    [peer, party],
  ] as const) {
    const template = await offer(owner, { maxNumberOfAllocations: 2 });
    await reader.ok("getTemplate", { id: template });
    await offer(owner, { forIdentity: reader.address });
    const { id } = await owner.ok("createToken", { body: token });
    await reader.no("getToken", { id });
    await reader.ok("getToken", { id, query: { password: base64("p") } });
    await owner.ok("createToken", { body: { ...token, forIdentity: reader.address } });
  }
}

/**
 * Keys of the documents whose key or text has the address or a username, or which are about one of its devices. Where
 * others were told the id of a device, it stays: in audit logs and Messages.
 */
export function namedIn(disk: MemoryDisk, { address, caller: { deviceId, username } }: Named): string[] {
  const named: string[] = [];
  for (const [key, document] of disk.documents()) {
    const text = `${key} ${JSON.stringify(document)}`;
    const isTold = /^relay\/(relationship|message)\//.test(key);
    if ([address, username].some((name) => text.includes(name)) || (!isTold && text.includes(deviceId)))
      named.push(key);
  }
  return named;
}
