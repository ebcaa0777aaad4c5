/**
 * The devices of an identity (spec/backbone-protocol.md 4.3).
 *
 * V1. A challenge makes one device at most: the commit that makes it deletes the challenge.
 * V2. An identity has at most one backup device, since its place is one document.
 * V3. A device that has logged in is never deleted alone; a login and a deletion at the same time exclude each other.
 */
import { refuse } from "../errors/refusal.ts";
import { listMax, pushHandleCharsMax, pushHandleCharsMin } from "../limits.ts";
import { newId } from "../model/ids.ts";
import type { Reads } from "../turn/turn.ts";
import type { WireNewDevice, WirePushRegistration } from "../wire/shapes.ts";
import { cut, type Handler, idOf, idsOf, notFound, pageOf, queryList, work } from "./asked.ts";
import { languageIn, newDevice, wireDevice } from "./device.ts";
import {
  type BackupDeviceDocument,
  backupDeviceKey,
  type ChallengeDocument,
  challengeKey,
  type DeviceDocument,
  deviceKey,
  devicePath,
  epochKey,
  type IdentityDocument,
  identityKey,
  type LoginDocument,
  loginKey,
  type PushDocument,
  pushKey,
} from "./documents.ts";
import { answerOnly, createDraft } from "./draft.ts";
import { fieldsOf } from "./fields.ts";
import { countAgainstQuota } from "./quotas.ts";
import { signedChallengeId, usableChallenge } from "./signed-challenge.ts";

export const createDevice: Handler = (asked, desk, caller) => {
  const fields = fieldsOf(asked.body);
  const password = fields.text("devicePassword", 500);
  const { isBackupDevice = false } = asked.body;
  if (isBackupDevice !== null && typeof isBackupDevice !== "boolean") fields.fail("isBackupDevice", "true or false");
  if (fields.problem !== undefined) return { ok: false, refusal: fields.problem };
  const language = languageIn(asked.body["communicationLanguage"]);
  if (!language.ok) return language;
  const { address, deviceId: createdByDevice } = caller;
  const given = { address, password, language: language.value, createdByDevice };
  const device = newDevice(asked, desk, { ...given, isBackupDevice: isBackupDevice === true });
  return work({
    gather: async (reads) => {
      const identity = await reads.get<IdentityDocument>(identityKey(address));
      const challengeId = signedChallengeId(asked, desk, identity?.document.publicKey ?? "");
      const challenge = challengeId.ok
        ? await reads.get<ChallengeDocument>(challengeKey(challengeId.value))
        : undefined;
      const backup = device.isBackupDevice ? await reads.get(backupDeviceKey(address)) : undefined;
      return { challengeId, challenge, backup };
    },
    plan: ({ challengeId, challenge, backup }) => {
      if (!challengeId.ok) return challengeId;
      const usable = usableChallenge(challenge, asked.nowMs);
      if (!usable.ok) return usable;
      if (backup !== undefined) return onlyOneBackupDevice;
      const { id, username, createdAt, isBackupDevice } = device;
      const document: BackupDeviceDocument = { deviceId: id };
      const draft = createDraft();
      draft.delete(usable.value.key);
      draft.put(deviceKey(username), device, "absent");
      if (isBackupDevice) draft.put(backupDeviceKey(address), document);
      countAgainstQuota(draft, desk, { address, metric: "NumberOfCreatedDevices", by: 1, nowMs: asked.nowMs });
      const result: WireNewDevice = { id, username, createdAt, createdByDevice, isBackupDevice };
      return draft.answer(result);
    },
  });
};

const onlyOneBackupDevice = refuse(
  "error.platform.validation.device.onlyOneBackupDeviceCanExist",
  "The identity has a backup device already.",
);

export const listDevices: Handler = (asked, _desk, caller) => {
  const page = pageOf(asked);
  if (!page.ok) return page;
  const ids = queryList(asked, "ids") === undefined ? undefined : idsOf(asked, "DVC");
  if (ids?.ok === false) return ids;
  return work({
    gather: async (reads) => {
      const found: DeviceDocument[] = [];
      const where = { address: [{ anyOf: [caller.address] }] };
      for await (const { document } of reads.find<DeviceDocument>({ under: devicePath, where, limit: listMax })) {
        if (ids === undefined || ids.value.includes(document.id)) found.push(document);
      }
      const { items, pagination } = cut(found, page.value);
      return { shown: await Promise.all(items.map((device) => gatherShown(reads, device))), pagination };
    },
    plan: ({ shown, pagination }) => answerOnly(shown, pagination === undefined ? {} : { pagination }),
  });
};

async function gatherShown(reads: Reads, device: DeviceDocument) {
  return wireDevice(device, (await reads.peek<LoginDocument>(loginKey(device.username)))?.document);
}

export const updateDevice: Handler = (asked, _desk, caller) => {
  const { communicationLanguage: given = "" } = asked.body;
  const language = languageIn(given ?? "");
  if (!language.ok) return language;
  return work({
    gather: (reads) => reads.get<DeviceDocument>(deviceKey(caller.username)),
    plan: (device) => {
      if (device === undefined) return notFound("Device");
      const draft = createDraft();
      draft.put(device.key, { ...device.document, communicationLanguage: language.value });
      return draft.answer({});
    },
  });
};

/** Somebody else's device is not there for the caller. */
export const deleteDevice: Handler = (asked, _desk, caller) => {
  const id = idOf(asked, "DVC");
  if (!id.ok) return id;
  return work({
    gather: async (reads) => {
      const username = await usernameOf(reads, id.value);
      if (username === undefined) return { device: undefined, login: undefined };
      const device = await reads.get<DeviceDocument>(deviceKey(username));
      return { device, login: await reads.get<LoginDocument>(loginKey(username)) };
    },
    plan: ({ device, login }) => {
      if (device?.document.address !== caller.address) return notFound("Device");
      const { id: deviceId, username, isBackupDevice } = device.document;
      if (deviceId === caller.deviceId || (login?.document.lastLoginAt ?? null) !== null) {
        return refuse(
          "error.platform.validation.device.deviceCannotBeDeleted",
          "Only a device that has never logged in can be deleted.",
        );
      }
      const draft = createDraft();
      for (const key of [device.key, loginKey(username), epochKey(deviceId), pushKey(deviceId)]) draft.delete(key);
      if (isBackupDevice) draft.delete(backupDeviceKey(caller.address));
      return draft.answer({});
    },
  });
};

async function usernameOf(reads: Reads, deviceId: string): Promise<string | undefined> {
  const where = { id: [{ anyOf: [deviceId] }] };
  for await (const { document } of reads.find<DeviceDocument>({ under: devicePath, where, limit: 1 })) {
    return document.username;
  }
  return undefined;
}

const platforms = ["fcm", "apns", "dummy", "sse"] as const;
const environments = ["Development", "Production"] as const;

/** Registering again changes what was registered and keeps its id. */
export const registerPushNotifications: Handler = (asked, desk, caller) => {
  const fields = fieldsOf(asked.body);
  const handle = fields.text("handle", pushHandleCharsMax);
  if (handle.length < pushHandleCharsMin) fields.fail("handle", `a text of at least ${pushHandleCharsMin} characters`);
  const appId = fields.text("appId", pushHandleCharsMax);
  const platform = platforms.find((known) => known === asked.body["platform"]);
  if (platform === undefined) fields.fail("platform", `one of ${platforms.join(", ")}`);
  const environment = environments.find((known) => known === (asked.body["environment"] ?? "Production"));
  if (environment === undefined) fields.fail("environment", `one of ${environments.join(", ")}`);
  if (fields.problem !== undefined) return { ok: false, refusal: fields.problem };
  const newPushId = newId("DPI", desk.entropy);
  return work({
    gather: (reads) => reads.get<PushDocument>(pushKey(caller.deviceId)),
    plan: (registered) => {
      const id = registered?.document.id ?? newPushId;
      const document = { id, platform: platform ?? "", handle, appId, environment: environment ?? "" };
      const draft = createDraft();
      draft.put(pushKey(caller.deviceId), document);
      const result: WirePushRegistration = { devicePushIdentifier: id };
      return draft.answer(result);
    },
  });
};

export const deletePushNotifications: Handler = (_asked, _desk, caller) =>
  work({
    gather: async () => undefined,
    plan: () => {
      const draft = createDraft();
      draft.delete(pushKey(caller.deviceId));
      return draft.answer({});
    },
  });
