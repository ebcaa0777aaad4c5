/**
 * Making an identity at the relay (spec/backbone-protocol.md 4.2). Keys are stored, sealed, before the relay hears of
 * them; a creation that a crash or a silent relay left open is taken up again with the same keys and bytes.
 */

import { invariant } from "../errors/bug.ts";
import { fault } from "../errors/rapport-error.ts";
import { extended } from "../model/extended.ts";
import { newId, randomText } from "../model/ids.ts";
import { instantOf } from "../model/instant.ts";
import type { JsonObject } from "../model/json.ts";
import { accountCommandKey, accountKey, accountNameKey, keyOf } from "../model/keys.ts";
import type { AccountRecord } from "../model/records.ts";
import type { Version } from "../ports/store.ts";
import type { Answer } from "../ports/transport.ts";
import { isAddressOf } from "../sealed/address.ts";
import { type Challenge, signChallenge } from "../sealed/challenge.ts";
import { newSigningKeyPair, type StoredKeyPair, writePublicKey } from "../sealed/keys.ts";
import type { WireIdentity } from "../wire/shapes.ts";
import type { Engine } from "./context.ts";
import { isPassing } from "./relay-refusals.ts";
import { readSecret, sealed } from "./vault.ts";

/** Who this program is towards the relay (spec/backbone-protocol.md 2, OAuth client). */
export interface RelayClient {
  readonly id: string;
  readonly secret: string;
}

/** `engine/names/<name>`: which account has the name; `creating` while the relay has not confirmed it, `erasing` at its end. */
export type NameRecord = { readonly account: string; readonly creating?: true; readonly erasing?: true };

/** The secret `identity` of an account. `creating` are the bytes for the relay, which hold the password. */
export type IdentitySecret = {
  readonly identity: StoredKeyPair;
  readonly device: StoredKeyPair;
  readonly password: string;
  readonly username?: string;
  readonly creating?: { readonly body: string; readonly idempotencyKey: string };
};

/** An account as it is opened. */
export interface Identity {
  readonly record: AccountRecord;
  readonly secret: IdentitySecret & { readonly username: string };
}

const passwordLength = 48;

/** What an identity is made under. Whoever repeats the `commandId` gets the same one. */
export interface NewIdentity {
  readonly name: string;
  readonly commandId?: string | undefined;
}

/** Makes a new identity under this name. Throws `account.nameTaken` when the name has one, and `command.idReused`. */
export async function createIdentity(
  engine: Engine,
  { name, commandId }: NewIdentity,
  client: RelayClient,
): Promise<Identity> {
  const nameKey = accountNameKey(name);
  const commandKey = commandId === undefined ? undefined : accountCommandKey(commandId);
  const before =
    commandKey === undefined ? undefined : (await engine.store.get<{ name: string }>(commandKey))?.document;
  if (before !== undefined && before.name !== name)
    throw fault("command.idReused", `The commandId "${commandId}" was used for another account. Choose a new one.`);
  const known = await engine.store.get<NameRecord>(nameKey);
  if (known !== undefined) {
    if (known.document.creating === undefined && before === undefined) throw taken(name);
    return finishIdentity(engine, name, client);
  }
  const id = newId("ACC", engine.entropy);
  const keys = newKeys(engine);
  const secret: IdentitySecret = extended(keys, { creating: await drafted(engine, keys, client) });
  const result = await engine.store.commit({
    puts: [
      { key: nameKey, document: { account: id, creating: true }, expect: "absent" },
      { key: keyOf(id, "secrets", "identity"), document: sealed(extended(engine, { id }), "identity", secret) },
      ...(commandKey === undefined ? [] : [{ key: commandKey, document: { name } }]),
    ],
  });
  if (!result.ok) throw taken(name);
  return finishIdentity(engine, name, client);
}

/** Takes up a creation; the same keys, and the same bytes as long as their challenge lives. */
export function finishIdentity(engine: Engine, name: string, client: RelayClient): Promise<Identity> {
  return finish(engine, { name, client, draftsLeft: draftsMax });
}

interface Finishing {
  readonly name: string;
  readonly client: RelayClient;
  /** A relay that does not know its own new challenge, or knows every new key, would have us draft for ever. */
  readonly draftsLeft: number;
}

/** One more for a challenge that is over, and one for keys that were used up by an answer that got lost. */
const draftsMax = 2;

async function finish(engine: Engine, finishing: Finishing): Promise<Identity> {
  const { name, client, draftsLeft } = finishing;
  const key = accountNameKey(name);
  const stored = await engine.store.get<NameRecord>(key);
  if (stored === undefined)
    throw fault("account.notFound", `There is no account "${name}". Create it, or list the accounts.`);
  const { account: id, creating: isOpen } = stored.document;
  if (isOpen === undefined) return readIdentity(engine, id);
  const { creating, ...secret } = await identitySecret(engine, id);
  // Another process has finished it in between.
  if (secret.username !== undefined) return readIdentity(engine, id);
  invariant(creating, `The account ${id} is being made and its bytes for the relay are missing.`);
  const answer = await engine.transport.call({ operation: "createIdentity", ...creating });
  const making: Making = { name, id, named: { key, document: stored.document, expect: stored.version } };
  if (answer.ok) {
    const wire = answer.result as WireIdentity;
    return (await confirmed(engine, { ...making, secret, wire })) ?? finish(engine, finishing);
  }
  const keys = draftsLeft === 0 ? undefined : keysForAnother(engine, secret, answer);
  if (keys === undefined) {
    if (!isPassing(answer) && !(await giveUp(engine, making))) return finish(engine, finishing);
    throw refused(answer);
  }
  await draftAgain(engine, making, { ...keys, creating: await drafted(engine, keys, client) });
  return finish(engine, { name, client, draftsLeft: draftsLeft - 1 });
}

/** A creation under way. Whatever is committed expects the name as it was read: another process may be at the same one. */
interface Making {
  readonly name: string;
  readonly id: string;
  readonly named: { readonly key: string; readonly document: NameRecord; readonly expect: Version };
}

async function draftAgain(engine: Engine, { id, named }: Making, secret: IdentitySecret): Promise<void> {
  const document = sealed(extended(engine, { id }), "identity", secret);
  await engine.store.commit({ puts: [named, { key: keyOf(id, "secrets", "identity"), document }] });
}

// The keys of the next try: the same ones, unless the relay made an identity of them, told nobody who heard it, and keeps no
// idempotency key to tell it again. Its username is lost then, and with it the identity.
function keysForAnother(
  engine: Engine,
  secret: IdentitySecret,
  { error }: Extract<Answer, { ok: false }>,
): IdentitySecret | undefined {
  if (error.code.endsWith("addressAlreadyExists")) return newKeys(engine);
  return isChallengeOver(error.code) ? secret : undefined;
}

function newKeys(engine: Engine): IdentitySecret {
  return {
    identity: newSigningKeyPair(engine),
    device: newSigningKeyPair(engine),
    password: randomText(passwordLength, engine.entropy),
  };
}

// A relay forgets challenges that are over, and then does not know them any more.
function isChallengeOver(code: string): boolean {
  return code.endsWith("challengeHasExpired") || code === "error.platform.recordNotFound";
}

/** An account that the relay has confirmed. */
export async function readIdentity(engine: Engine, id: string): Promise<Identity> {
  const record = (await engine.store.get<AccountRecord>(accountKey(id)))?.document;
  if (record === undefined) throw fault("account.notFound", `There is no account with the id ${id}.`);
  const secret = await identitySecret(engine, id);
  if (secret.username === undefined)
    throw fault("account.notReady", `The account ${id} is not confirmed by its relay yet.`);
  return { record, secret: { ...secret, username: secret.username } };
}

async function drafted(engine: Engine, secret: IdentitySecret, client: RelayClient) {
  const asked = await engine.transport.call({ operation: "createChallenge", body: "{}" });
  if (!asked.ok) throw refused(asked);
  const challenge = asked.result as unknown as Challenge;
  const { publicKey, privateKey } = secret.identity;
  const body = JSON.stringify({
    clientId: client.id,
    clientSecret: client.secret,
    identityPublicKey: writePublicKey(publicKey),
    devicePassword: secret.password,
    signedChallenge: signChallenge(engine.crypto, challenge, { type: "Identity", privateKey }),
    identityVersion: 1,
  });
  return { body, idempotencyKey: newId("IDK", engine.entropy) };
}

// Nothing when another process was faster.
async function confirmed(
  engine: Engine,
  made: Making & { secret: IdentitySecret; wire: WireIdentity },
): Promise<Identity | undefined> {
  const { name, id, named, wire } = made;
  const { publicKey } = made.secret.identity;
  const { hostName, baseUrl } = engine.transport;
  if (!isAddressOf(engine.crypto, wire.address, publicKey) || !wire.address.startsWith(`did:e:${hostName}:`)) {
    const message = `The relay made the address ${wire.address}, which is not that of our key at ${hostName}. Check the host name.`;
    throw fault("relay.addressMismatch", message);
  }
  const createdAt = instantOf(Date.parse(wire.createdAt));
  const record: AccountRecord = {
    id,
    name,
    createdAt,
    address: wire.address,
    deviceId: wire.device.id,
    publicKey,
    relay: baseUrl,
  };
  const secret = extended(made.secret, { username: wire.device.username });
  const { ok } = await engine.store.commit({
    puts: [
      { ...named, document: { account: id } },
      { key: accountKey(id), document: record },
      { key: keyOf(id, "secrets", "identity"), document: sealed(extended(engine, { id }), "identity", secret) },
    ],
  });
  return ok ? { record, secret } : undefined;
}

// The relay said no: the name is free again and the keys are gone. False when another process was faster.
async function giveUp({ store }: Engine, { id, named: { key, expect } }: Making): Promise<boolean> {
  const { ok } = await store.commit({ deletes: [{ key, expect }, { key: keyOf(id, "secrets", "identity") }] });
  return ok;
}

function refused(answer: Extract<Answer, { ok: false }>) {
  const { error, status } = answer;
  const details: JsonObject = { relayCode: error.code, status };
  const code = isPassing(answer) ? "relay.unreachable" : "relay.refused";
  return fault(code, `The relay did not make the identity: ${error.message}`, { details });
}

function taken(name: string) {
  return fault("account.nameTaken", `There is an account "${name}". Choose another name, or get that one.`);
}

async function identitySecret(engine: Engine, id: string): Promise<IdentitySecret> {
  const owner = extended(engine, { id });
  const secret = await readSecret<IdentitySecret & JsonObject>(owner, engine.store.get, "identity");
  if (secret === undefined)
    throw fault("store.corrupted", `The keys of the account ${id} are missing. Restore a backup.`);
  return secret;
}
