import { createSodium } from "rapport/plugins/crypto-sodium";
import { createSodiumNative, isSodiumNativeInstalled } from "rapport/plugins/crypto-sodium-native";
import { createMemoryBlobs, createMemoryStore } from "rapport/plugins/storage-memory";
import { type Caller, createRelay, type Relay, type RelayAnswer, type RelayOptions } from "rapport/relay";
import { createHandClock, type HandClock } from "../kit/hand-clock.ts";
import { createSeededEntropy } from "../kit/seeded-entropy.ts";

export const crypto = isSodiumNativeInstalled() ? createSodiumNative() : createSodium();
await crypto.open();

// biome-ignore lint/suspicious/noExplicitAny: results have as many shapes as there are operations.
type Any = any;

/** What a call is made of, without ceremony. */
export interface Ask {
  readonly id?: string;
  readonly body?: object;
  readonly query?: { readonly [name: string]: string | readonly string[] };
  readonly key?: string;
  readonly version?: number;
  readonly bytes?: Uint8Array;
}

/** Somebody with an identity at the relay. */
export interface Party {
  readonly caller: Caller;
  readonly address: string;
  readonly password: string;
  /** The key pair of the identity. */
  readonly keys: { readonly publicKey: Uint8Array; readonly privateKey: Uint8Array };
  call(operation: Any, ask?: Ask): Promise<RelayAnswer>;
  /** The result; fails the test on a refusal. */
  ok(operation: Any, ask?: Ask): Promise<Any>;
  /** The refusal's code without its namespace; fails the test on a success. */
  no(operation: Any, ask?: Ask): Promise<string>;
  /** Syncs once and reports every event as done; gives the events. */
  sync(): Promise<Any[]>;
}

/** A relay of one test. */
export interface RelayWorld {
  readonly relay: Relay;
  readonly clock: HandClock;
  anonymous: Pick<Party, "call" | "ok" | "no">;
  party(): Promise<Party>;
  /** Somebody who has logged in before, or says so. */
  as(caller: Caller): Pick<Party, "call" | "ok" | "no">;
  /** An instant that many milliseconds ahead. */
  in(ms: number): string;
}

export const base64 = (text: string): string => Buffer.from(text).toString("base64url");
export const encryptedKey = base64("k".repeat(64));
export const minute = 60_000;

/** Opens a relay on a memory store. */
export async function openRelay(options: Partial<RelayOptions> & { seed?: number } = {}): Promise<RelayWorld> {
  const { seed = 1, ...more } = options;
  const clock = createHandClock();
  const entropy = createSeededEntropy(seed);
  const relay = createRelay({
    store: createMemoryStore(),
    blobs: createMemoryBlobs(),
    clock,
    entropy,
    crypto,
    ...more,
  });
  await relay.open();
  const anonymous = asking(relay, undefined);
  return {
    relay,
    clock,
    anonymous,
    party: async () => {
      const keys = crypto.signing.keyPair(entropy.bytes(32));
      const challenge = await anonymous.ok("createChallenge", { body: {} });
      const password = base64(String(entropy.bytes(30)));
      const body = identityBody(challenge, keys, { devicePassword: password });
      const { address, device } = await anonymous.ok("createIdentity", { body });
      const caller = { address, deviceId: device.id, username: device.username };
      const asked = asking(relay, caller);
      const { syncRun } = await asked.ok("startSyncRun", { body: { type: "DatawalletVersionUpgrade" } });
      const upgrade = { newDatawalletVersion: 1, datawalletModifications: [] };
      await asked.ok("finalizeDatawalletVersionUpgrade", { id: syncRun.id, body: upgrade });
      return { caller, address, password, keys, ...asked, sync: () => syncOnce(asked) };
    },
    as: (caller) => asking(relay, caller),
    in: (ms) => new Date(clock.now() + ms).toISOString(),
  };
}

/** What POST Identities sends, signed with these keys. */
export function identityBody(
  challenge: { readonly id: string; readonly expiresAt: string },
  keys: { readonly publicKey: Uint8Array; readonly privateKey: Uint8Array },
  more: object = {},
): Any {
  const text = JSON.stringify({ expiresAt: challenge.expiresAt, id: challenge.id, type: "Identity" });
  const sig = Buffer.from(crypto.signing.sign(Buffer.from(text), keys.privateKey)).toString("base64url");
  const pub = Buffer.from(keys.publicKey).toString("base64url");
  return {
    clientId: "test",
    clientSecret: "test",
    identityPublicKey: base64(JSON.stringify({ pub, alg: 3, "@type": "CryptoSignaturePublicKey" })),
    devicePassword: "a-device-password-of-some-forty-five-characters",
    signedChallenge: {
      challenge: text,
      signature: base64(JSON.stringify({ sig, alg: 2, "@type": "CryptoSignature" })),
    },
    identityVersion: 1,
    ...more,
  };
}

/** Asks the relay itself, as this caller. */
export function asking(relay: Relay, caller: Caller | undefined): Pick<Party, "call" | "ok" | "no"> {
  const call: Party["call"] = (operation, { id, body, query, key, version, bytes } = {}) =>
    relay.call(
      {
        operation,
        ...(id === undefined ? {} : { params: { id } }),
        ...(query === undefined ? {} : { query }),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(key === undefined ? {} : { idempotencyKey: key }),
        ...(version === undefined ? {} : { supportedDatawalletVersion: version }),
        ...(bytes === undefined ? {} : { bytes }),
      },
      caller,
    );
  return answersOf(call);
}

/** The same call as results and as codes: `ok` rejects what was refused, `no` what succeeded. */
export function answersOf<O extends string, A>(call: (operation: O, ask?: A) => Promise<RelayAnswer>) {
  return {
    call,
    ok: async (operation: O, ask?: A): Promise<Any> => {
      const answer = await call(operation, ask);
      if (!answer.ok) throw new Error(`${operation} was refused: ${answer.error.code} ${answer.error.message}`);
      return answer.result;
    },
    no: async (operation: O, ask?: A): Promise<string> => {
      const answer = await call(operation, ask);
      if (answer.ok) throw new Error(`${operation} succeeded: ${JSON.stringify(answer.result)}`);
      return answer.error.code.replace(/^error\.platform\.(validation\.)?/, "");
    },
  };
}

async function syncOnce(asked: Pick<Party, "ok">): Promise<Any[]> {
  const { syncRun } = await asked.ok("startSyncRun", { body: { type: "ExternalEventSync" } });
  if (syncRun === null) return [];
  const events: Any[] = await asked.ok("listExternalEvents", { id: syncRun.id });
  const externalEventResults = events.map((event) => ({ externalEventId: event.id }));
  const body = { externalEventResults, datawalletModifications: [] };
  await asked.ok("finalizeExternalEventSync", { id: syncRun.id, body });
  return events;
}

/** A template of the owner, loaded by nobody. */
export async function offer(owner: Party, more: object = {}): Promise<string> {
  return (await owner.ok("createTemplate", { body: { content: base64("a template"), ...more } })).id;
}

/** A pending Relationship that `from` created on a new template of `to`. */
export async function pend(from: Party, to: Party): Promise<string> {
  const body = { relationshipTemplateId: await offer(to), creationContent: base64("creation") };
  return (await from.ok("createRelationship", { body })).id;
}

/** Takes a new Relationship to a status, and gives its id. */
export async function bring(from: Party, to: Party, status: Status): Promise<string> {
  const id = await pend(from, to);
  if (status === "Pending") return id;
  if (status === "Rejected") await to.ok("rejectRelationship", { id, body: {} });
  else if (status === "Revoked") await from.ok("revokeRelationship", { id, body: {} });
  else await to.ok("acceptRelationship", { id, body: { creationResponseContent: base64("response") } });
  if (["Terminated", "Reactivating", "DeletionProposed"].includes(status)) {
    await from.ok("terminateRelationship", { id, body: {} });
  }
  if (status === "Reactivating") await to.ok("requestReactivation", { id, body: {} });
  if (status === "DeletionProposed") await from.ok("decomposeRelationship", { id, body: {} });
  return id;
}

/** `Reactivating`: Terminated, and the templator asked to revive it. `DeletionProposed`: the initiator has left. */
export type Status = "Pending" | "Active" | "Rejected" | "Revoked" | "Terminated" | "Reactivating" | "DeletionProposed";

/** Sends one Message and gives its id. */
export async function send(from: Party, ...to: readonly Party[]): Promise<string> {
  return (await from.ok("createMessage", { body: letter(...to) })).id;
}

/** What POST Messages sends. */
export function letter(...to: readonly Party[]): object {
  return { recipients: to.map(({ address }) => ({ address, encryptedKey })), body: base64("hello"), attachments: [] };
}
