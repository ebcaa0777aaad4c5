/** Challenges, identities and devices (spec/backbone-protocol.md 3, 4). */
import { type Outcome, refuse } from "../errors/refusal.ts";
import { challengeLifeMs } from "../limits.ts";
import { newId } from "../model/ids.ts";
import { instantOf } from "../model/instant.ts";
import { addressOf } from "../sealed/address.ts";
import { readPublicKey } from "../sealed/keys.ts";
import type { WireChallenge, WireIdentity } from "../wire/shapes.ts";
import { type Asked, type Handler, idOf, notFound, type OpenHandler, work } from "./asked.ts";
import { countIdentity, gatherClient, isKnownClient } from "./clients.ts";
import type { Desk } from "./desk.ts";
import { languageIn, newDevice, wireDevice } from "./device.ts";
import {
  type ChallengeDocument,
  challengeKey,
  type DeviceDocument,
  deviceKey,
  type EpochDocument,
  epochKey,
  type IdentityDocument,
  identityKey,
  type LoginDocument,
  loginKey,
  sentCounter,
} from "./documents.ts";
import { answerOnly, createDraft } from "./draft.ts";
import { fieldsOf, invalid } from "./fields.ts";
import { countAgainstQuota } from "./quotas.ts";
import { hashSecret, isSecret } from "./secrets.ts";
import { signedChallengeId, usableChallenge } from "./signed-challenge.ts";

export const createChallenge: OpenHandler = (asked, desk, caller) => {
  const id = newId("CHL", desk.entropy);
  const document: ChallengeDocument = {
    expiresAtMs: asked.nowMs + challengeLifeMs,
    createdBy: caller?.address ?? null,
    createdByDevice: caller?.deviceId ?? null,
  };
  return work({
    gather: async () => undefined,
    plan: () => {
      const draft = createDraft();
      draft.put(challengeKey(id), document);
      if (caller !== undefined) {
        const { address } = caller;
        countAgainstQuota(draft, desk, { address, metric: "NumberOfCreatedChallenges", by: 1, nowMs: asked.nowMs });
      }
      return draft.answer(wireChallenge(id, document));
    },
  });
};

export const getChallenge: Handler = (asked) => {
  const id = idOf(asked, "CHL");
  if (!id.ok) return id;
  return work({
    gather: (reads) => reads.peek<ChallengeDocument>(challengeKey(id.value)),
    plan: (challenge) =>
      challenge === undefined ? notFound("Challenge") : answerOnly(wireChallenge(id.value, challenge.document)),
  });
};

function wireChallenge(id: string, { expiresAtMs, createdBy, createdByDevice }: ChallengeDocument): WireChallenge {
  return { id, expiresAt: instantOf(expiresAtMs), createdBy, createdByDevice };
}

/** The client is checked before the rest of the body, as the protocol has it. */
export const createIdentity: OpenHandler = (asked, desk) =>
  work({
    gather: async (reads) => {
      const client = await gatherClient(reads, desk, asked.body["clientId"]);
      const isKnown = isKnownClient(desk, client, asked.body["clientSecret"]);
      const newcomer = isKnown ? newcomerIn(asked, desk) : unknownClient;
      if (!newcomer.ok) return { client, newcomer };
      const challenge = await reads.get<ChallengeDocument>(challengeKey(newcomer.value.challengeId));
      const identity = await reads.get<IdentityDocument>(identityKey(newcomer.value.address));
      return { client, newcomer, challenge, identity };
    },
    plan: ({ client, newcomer, challenge, identity }) => {
      if (!newcomer.ok) return newcomer;
      const usable = usableChallenge(challenge, asked.nowMs);
      if (!usable.ok) return usable;
      if (identity !== undefined) {
        return refuse("error.platform.validation.device.addressAlreadyExists", "An identity with this key exists.");
      }
      const { address, publicKey, device } = newcomer.value;
      const { now: createdAt } = asked;
      const draft = createDraft();
      draft.delete(usable.value.key);
      const document: IdentityDocument = { address, publicKey, createdAt, status: "Active", clientId: client.id };
      draft.put(identityKey(address), document);
      draft.put(deviceKey(device.username), device, "absent");
      countIdentity(draft, desk, client);
      const { id, username } = device;
      const result: WireIdentity = { address, createdAt, device: { id, username, createdAt: device.createdAt } };
      return draft.answer(result);
    },
  });

const unknownClient = refuse("error.platform.unauthorized", "The client id or secret is wrong.", { status: 400 });

interface Newcomer {
  readonly address: string;
  readonly publicKey: string;
  readonly challengeId: string;
  readonly device: DeviceDocument;
}

/** Who wants an identity, as far as the body alone can prove it. */
function newcomerIn(asked: Asked, desk: Desk): Outcome<Newcomer> {
  const fields = fieldsOf(asked.body);
  const publicKeyText = fields.base64("identityPublicKey", { max: 1_000 });
  const password = fields.text("devicePassword", 500);
  const language = languageIn(asked.body["deviceCommunicationLanguage"]);
  fields.integer("identityVersion", 0);
  if (fields.problem !== undefined) return { ok: false, refusal: fields.problem };
  if (!language.ok) return language;
  const publicKey = readPublicKey(publicKeyText);
  if (!publicKey.ok) return invalid('The member "identityPublicKey" must be an Ed25519 public key.');
  const challengeId = signedChallengeId(asked, desk, publicKey.value);
  if (!challengeId.ok) return challengeId;
  const address = addressOf(desk.crypto, publicKey.value, desk.hostName);
  const device = newDevice(asked, desk, { address, password, language: language.value });
  return { ok: true, value: { address, publicKey: publicKey.value, challengeId: challengeId.value, device } };
}

export const getDevice: Handler = (_asked, _desk, caller) =>
  work({
    gather: async (reads) => ({
      device: await reads.peek<DeviceDocument>(deviceKey(caller.username)),
      login: await reads.peek<LoginDocument>(loginKey(caller.username)),
    }),
    plan: ({ device, login }) => {
      if (device === undefined) return notFound("Device");
      return answerOnly(wireDevice(device.document, login?.document));
    },
  });

export const changePassword: Handler = (asked, desk, caller) => {
  const fields = fieldsOf(asked.body);
  const before = fields.text("oldPassword", 500);
  const after = fields.text("newPassword", 500);
  if (fields.problem !== undefined) return { ok: false, refusal: fields.problem };
  return work({
    gather: (reads) => reads.get<DeviceDocument>(deviceKey(caller.username)),
    plan: (device) => {
      if (device === undefined) return notFound("Device");
      if (!isSecret(desk, device.document.password, before)) {
        return refuse("error.platform.validation.device.changePasswordFailed", "The old password is wrong.");
      }
      const draft = createDraft();
      draft.put(deviceKey(caller.username), { ...device.document, password: hashSecret(desk, after) });
      return draft.answer({});
    },
  });
};

/**
 * Rapport's own operation. No two answers to a device have the same epoch, so what an epoch stands for is used once
 * (invariant C2). The relay also counts the device's Messages: a client that is behind runs on an old copy of its store.
 */
export const raiseEpoch: Handler = (asked, _desk, caller) => {
  const fields = fieldsOf(asked.body);
  const given = { epoch: fields.integer("epoch", 0), sent: fields.integer("sent", 0) };
  if (fields.problem !== undefined) return { ok: false, refusal: fields.problem };
  return work({
    gather: async (reads) => ({
      kept: await reads.get<EpochDocument>(epochKey(caller.deviceId)),
      counted: await reads.peek<{ readonly n: number }>(sentCounter(caller.deviceId)),
    }),
    plan: ({ kept, counted }) => {
      const known = kept?.document ?? { epoch: given.epoch, restores: 0 };
      const sent = counted?.document.n ?? 0;
      const epoch = Math.max(known.epoch, given.epoch) + 1;
      const restored = given.epoch < known.epoch || given.sent < sent;
      const restores = known.restores + (restored ? 1 : 0);
      const draft = createDraft();
      draft.put(epochKey(caller.deviceId), { epoch, restores });
      return draft.answer({ epoch, sent, restored, restores });
    },
  });
};
