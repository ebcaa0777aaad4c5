import { createMemoryStore } from "rapport/plugins/storage-memory";
import { describe, expect, test } from "vitest";
import { createCrashPoints } from "../kit/crash-points.ts";
import { createSeededEntropy } from "../kit/seeded-entropy.ts";
import { crypto, identityBody, minute, openRelay, type Party, type RelayWorld } from "./parties.ts";

const foreignKeys = crypto.signing.keyPair(createSeededEntropy(43).bytes(32));
const devicePassword = "another-device-password-of-forty-five-letters";

/** What POST Devices sends, with a fresh challenge. */
async function deviceBody(owner: Party, more: object = {}, keys = owner.keys) {
  const { signedChallenge } = identityBody(await owner.ok("createChallenge", { body: {} }), keys);
  return { devicePassword, signedChallenge: { ...signedChallenge, "@type": "ChallengeSigned" }, ...more };
}

/** A device that has never logged in. */
async function addDevice(owner: Party, more: object = {}) {
  return owner.ok("createDevice", { body: await deviceBody(owner, more) });
}

const logIn = ({ anonymous }: RelayWorld, username: string, password = devicePassword) =>
  anonymous.call("connectToken", { body: { grant_type: "password", username, password } });

describe("creating a device", () => {
  test("gives another login of the same identity", async () => {
    const world = await openRelay();
    const owner = await world.party();

    const answer = await owner.call("createDevice", { body: await deviceBody(owner) });

    expect(answer).toMatchObject({ status: 201, result: { createdAt: world.in(0), isBackupDevice: false } });
    const { id, username, createdByDevice } = answer.ok ? (answer.result as { [name: string]: string }) : {};
    expect(createdByDevice).toBe(owner.caller.deviceId);
    expect(await world.relay.authenticate(username ?? "", devicePassword)).toMatchObject({
      ok: true,
      value: { address: owner.address, deviceId: id, username },
    });
  });

  test("needs the identity's own signature over the very text", async () => {
    const world = await openRelay();
    const owner = await world.party();
    const good = await deviceBody(owner);
    const { challenge } = good.signedChallenge;
    const foreign = await deviceBody(owner, {}, foreignKeys);
    const changed = { ...good, signedChallenge: { ...good.signedChallenge, challenge: `${challenge} ` } };

    expect(await owner.no("createDevice", { body: foreign })).toBe("device.invalidSignature");
    expect(await owner.no("createDevice", { body: changed })).toBe("device.invalidSignature");
    expect(await owner.no("createDevice", { body: { devicePassword } })).toBe("invalidPropertyValue");
    expect(await owner.no("createDevice", { body: { ...good, isBackupDevice: "yes" } })).toBe("invalidPropertyValue");
  });

  test("takes a challenge once, even when it is sent twice at the same time (V1)", async () => {
    const world = await openRelay();
    const owner = await world.party();
    const [once, twice] = [await deviceBody(owner), await deviceBody(owner)];

    await owner.ok("createDevice", { body: once });
    const both = await Promise.all([1, 2].map(() => owner.call("createDevice", { body: twice })));

    expect(await owner.no("createDevice", { body: once })).toBe("recordNotFound");
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
  });

  test("takes no challenge that has expired", async () => {
    const world = await openRelay();
    const owner = await world.party();
    const body = await deviceBody(owner);

    world.clock.advance(10 * minute);

    expect(await owner.no("createDevice", { body })).toBe("device.challengeHasExpired");
  });

  test("makes one backup device at most, even at the same time (V2)", async () => {
    const world = await openRelay();
    const [owner, other] = [await world.party(), await world.party()];
    const bodies = await Promise.all([1, 2, 3].map(() => deviceBody(owner, { isBackupDevice: true })));

    const answers = await Promise.all(bodies.map((body) => owner.call("createDevice", { body })));

    expect(answers.filter(({ ok }) => ok)).toMatchObject([{ result: { isBackupDevice: true } }]);
    expect(await owner.no("createDevice", { body: await deviceBody(owner, { isBackupDevice: true }) })).toBe(
      "device.onlyOneBackupDeviceCanExist",
    );
    expect(await addDevice(owner)).toMatchObject({ isBackupDevice: false });
    expect(await addDevice(other, { isBackupDevice: true })).toMatchObject({ isBackupDevice: true });
  });
});

test("a backup device that logs in tells nobody", async () => {
  const world = await openRelay();
  const owner = await world.party();
  const { username } = await addDevice(owner, { isBackupDevice: true });

  expect(await logIn(world, username)).toMatchObject({ status: 200 });

  expect(await owner.sync()).toEqual([]);
});

describe("the devices of an identity", () => {
  test("are listed for it alone, in pages, and say when they logged in", async () => {
    const world = await openRelay();
    const [owner, other] = [await world.party(), await world.party()];
    const added = await addDevice(owner, { communicationLanguage: "de" });
    const never = await addDevice(owner);
    await addDevice(other);
    world.clock.advance(minute);
    await logIn(world, added.username);

    const answer = await owner.call("listDevices");
    const page = await owner.call("listDevices", { query: { PageNumber: "2", PageSize: "2" } });

    expect(answer).toMatchObject({
      result: [
        { id: owner.caller.deviceId, username: owner.caller.username, lastLogin: null, communicationLanguage: "en" },
        { id: added.id, lastLogin: { time: world.in(0) }, communicationLanguage: "de", isBackupDevice: false },
        { id: never.id, createdByDevice: owner.caller.deviceId, lastLogin: null },
      ],
    });
    expect(JSON.stringify(answer)).not.toMatch(/hash|salt|did:e/);
    expect(page).toMatchObject({ result: [{ id: never.id }], pagination: { totalPages: 2, totalRecords: 3 } });
    expect(await owner.ok("listDevices", { query: { ids: [never.id] } })).toMatchObject([{ id: never.id }]);
    expect(await other.ok("listDevices", { query: { ids: never.id } })).toEqual([]);
    expect(await owner.no("listDevices", { query: { ids: "x" } })).toBe("invalidId");
  });

  test("each have their own language", async () => {
    const world = await openRelay();
    const owner = await world.party();
    const { id, username } = await addDevice(owner);
    const second = world.as({ address: owner.address, deviceId: id, username });

    expect(await second.call("updateDevice", { body: { communicationLanguage: "fr" } })).toMatchObject({ status: 204 });

    expect(await second.ok("getDevice")).toMatchObject({ id, communicationLanguage: "fr" });
    expect(await owner.ok("getDevice")).toMatchObject({ communicationLanguage: "en" });
  });

  test("register for push notifications and keep the id when they do so again", async () => {
    const world = await openRelay();
    const owner = await world.party();
    const body = { platform: "fcm", handle: "a-long-enough-handle", appId: "app" };

    const { devicePushIdentifier: first } = await owner.ok("registerPushNotifications", { body });
    const { devicePushIdentifier: second } = await owner.ok("registerPushNotifications", {
      body: { ...body, handle: "another-long-handle", environment: "Development" },
    });
    expect(await owner.call("deletePushNotifications")).toMatchObject({ status: 204 });
    const { devicePushIdentifier: third } = await owner.ok("registerPushNotifications", { body });

    expect(first).toMatch(/^DPI[A-Za-z0-9]{17}$/);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  test.for([
    { platform: "pigeon" },
    { handle: "too short" },
    { handle: "h".repeat(501) },
    { environment: "Staging" },
    { appId: "" },
  ])("register for push notifications with what is known: not %o", async (wrong) => {
    const world = await openRelay();
    const owner = await world.party();
    const body = { platform: "apns", handle: "a-long-enough-handle", appId: "app", ...wrong };

    expect(await owner.no("registerPushNotifications", { body })).toBe("invalidPropertyValue");
  });
});

test.for(["xx", "de-DE", "DE", "d", "", 7])("the language %j is refused wherever one is given", async (language) => {
  const world = await openRelay();
  const owner = await world.party();
  const code = "invalidDeviceCommunicationLanguage";
  const challenge = await world.anonymous.ok("createChallenge", { body: {} });
  const identity = identityBody(challenge, foreignKeys, { deviceCommunicationLanguage: language });

  expect(await world.anonymous.no("createIdentity", { body: identity })).toBe(code);
  expect(await owner.no("createDevice", { body: await deviceBody(owner, { communicationLanguage: language }) })).toBe(
    code,
  );
  expect(await owner.no("updateDevice", { body: { communicationLanguage: language } })).toBe(code);
  expect(await owner.no("updateDevice", { body: {} })).toBe(code);
});

describe("deleting a device", () => {
  test("works while it has never logged in, and makes room for another backup device", async () => {
    const world = await openRelay();
    const owner = await world.party();
    const { id, username } = await addDevice(owner, { isBackupDevice: true });
    await logIn(world, username, "a wrong password");

    expect(await owner.call("deleteDevice", { id })).toMatchObject({ status: 204 });

    expect(await logIn(world, username)).toMatchObject({ ok: false, reason: "invalid_grant" });
    expect(await owner.no("deleteDevice", { id })).toBe("recordNotFound");
    expect(await owner.ok("listDevices")).toHaveLength(1);
    expect(await addDevice(owner, { isBackupDevice: true })).toMatchObject({ isBackupDevice: true });
  });

  test("is refused for one that has logged in, for oneself and for those of others", async () => {
    const world = await openRelay();
    const [owner, other] = [await world.party(), await world.party()];
    const { id, username } = await addDevice(owner);
    const { id: foreign } = await addDevice(other);
    await logIn(world, username);

    expect(await owner.no("deleteDevice", { id })).toBe("device.deviceCannotBeDeleted");
    expect(await owner.no("deleteDevice", { id: owner.caller.deviceId })).toBe("device.deviceCannotBeDeleted");
    expect(await owner.no("deleteDevice", { id: foreign })).toBe("recordNotFound");
    expect(await owner.no("deleteDevice", { id: "DVCunknownunknown000" })).toBe("recordNotFound");
  });

  test("and its first login exclude each other, wherever they meet (V3)", async () => {
    for (let at = 1; ; at += 1) {
      const points = createCrashPoints();
      const world = await openRelay({ store: points.store(createMemoryStore()) });
      const owner = await world.party();
      const { id, username } = await addDevice(owner);
      let hasLoggedIn = false;
      const meanwhile = async () => {
        hasLoggedIn = (await logIn(world, username)).ok;
      };
      points.watch({ at, when: "before", how: "wait", meanwhile });

      const { ok: isDeleted } = await owner.call("deleteDevice", { id });

      if (!points.hasStruck) break;
      expect({ isDeleted, hasLoggedIn }, `${at}`).toEqual({ isDeleted: !hasLoggedIn, hasLoggedIn });
      expect(await owner.ok("listDevices"), `${at}`).toHaveLength(hasLoggedIn ? 2 : 1);
    }
  });
});
