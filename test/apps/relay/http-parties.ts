// Parties that talk to a relay over HTTP, as any client would. They are those of test/relay/parties.ts, so whatever is
// written for them in one process works over the wire, too.
import { type Operation, type OperationName, operations } from "rapport/core";
import { systemEntropy } from "rapport/plugins/platform-node";
import type { Caller, RelayAnswer } from "rapport/relay";
import { type Ask, answersOf, base64, crypto, identityBody, type Party } from "../../relay/parties.ts";

/** What a call is made of. A `bytes` is the content of a File; `headers` win over those that every call has. */
export interface HttpAsk extends Ask {
  readonly bytes?: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Somebody who calls operations; without a login unless it is a party. Rejects when there is no answer at all. */
export interface HttpCaller {
  call(operation: OperationName, ask?: HttpAsk): Promise<RelayAnswer>;
  // biome-ignore lint/suspicious/noExplicitAny: results have as many shapes as there are operations.
  ok(operation: OperationName, ask?: HttpAsk): Promise<any>;
  no(operation: OperationName, ask?: HttpAsk): Promise<string>;
}

/** Somebody with an identity, logged in on one device. A token that has run out is replaced by itself. */
export interface HttpParty extends HttpCaller, Omit<Party, keyof HttpCaller> {
  readonly keys: Keys;
  /** The same identity on a new device. */
  device(): Promise<HttpParty>;
}

/** A party whose token is known. */
export interface TokenParty extends HttpParty {
  /** The token that the last call went with. */
  readonly token: string;
}

/** The people around one relay. */
export interface HttpParties<P extends HttpParty = HttpParty> {
  readonly anonymous: HttpCaller;
  party(): Promise<P>;
  /** A party whose credentials are known already. */
  logIn(known: Known): Promise<P>;
}

/** What somebody needs in order to log in. */
export interface Known {
  readonly caller: Caller;
  readonly password: string;
  readonly keys: Keys;
}

type Keys = ReturnType<typeof crypto.signing.keyPair>;
type Asker = Pick<HttpCaller, "ok">;

/** People who call the relay at this base URL. A function gives the one that holds now, for relays that start again. */
export function partiesAt(url: string | (() => string)): HttpParties<TokenParty> {
  const base = typeof url === "string" ? () => url : url;
  const anonymous = answersOf<OperationName, HttpAsk>((operation, ask) => send(base(), operation, ask));
  const logIn = async ({ caller, password, keys }: Known): Promise<TokenParty> => {
    let token = await tokenOf(anonymous, caller.username, password);
    const asked = answersOf<OperationName, HttpAsk>(async (operation, ask = {}) => {
      const attempt = () =>
        send(base(), operation, { ...ask, headers: { authorization: `Bearer ${token}`, ...ask.headers } });
      const answer = await attempt();
      if (answer.status !== 401 || ask.headers?.["authorization"] !== undefined) return answer;
      token = await tokenOf(anonymous, caller.username, password);
      return attempt();
    });
    return {
      ...asked,
      caller,
      address: caller.address,
      password,
      keys,
      get token() {
        return token;
      },
      sync: () => syncOnce(asked),
      device: async () => logIn(await addDevice(asked, { caller, keys })),
    };
  };
  return {
    anonymous,
    logIn,
    party: async () => {
      const party = await logIn(await newcomer(anonymous));
      await upgrade(party, 1);
      return party;
    },
  };
}

/** Creates an identity. */
export async function newcomer(anonymous: Asker): Promise<Known> {
  const keys = crypto.signing.keyPair(systemEntropy().bytes(32));
  const challenge = await anonymous.ok("createChallenge", { body: {} });
  const password = newPassword();
  const body = identityBody(challenge, keys, { devicePassword: password });
  const { address, device } = await anonymous.ok("createIdentity", { body });
  return { caller: { address, deviceId: device.id, username: device.username }, password, keys };
}

/** Brings the datawallet to this version. */
export async function upgrade(party: Asker, version: number): Promise<void> {
  const { syncRun } = await party.ok("startSyncRun", { version, body: { type: "DatawalletVersionUpgrade" } });
  const body = { newDatawalletVersion: version, datawalletModifications: [] };
  await party.ok("finalizeDatawalletVersionUpgrade", { id: syncRun.id, version, body });
}

/** A challenge as the protocol wants it signed. */
export function signedChallenge(challenge: { readonly id: string; readonly expiresAt: string }, keys: Keys) {
  const { challenge: text, signature } = identityBody(challenge, keys).signedChallenge;
  return { challenge: text as string, signature: signature as string };
}

/** Adds a device to an identity. */
export async function addDevice(asked: Asker, { caller, keys }: Pick<Known, "caller" | "keys">): Promise<Known> {
  const challenge = await asked.ok("createChallenge", { body: {} });
  const password = newPassword();
  const body = { devicePassword: password, signedChallenge: signedChallenge(challenge, keys) };
  const { id, username } = await asked.ok("createDevice", { body });
  return { caller: { address: caller.address, deviceId: id, username }, password, keys };
}

function newPassword(): string {
  return Buffer.from(systemEntropy().bytes(36)).toString("base64url");
}

async function tokenOf(anonymous: HttpCaller, username: string, password: string): Promise<string> {
  const body = { grant_type: "password", client_id: "test", client_secret: "test", username, password };
  return (await anonymous.ok("connectToken", { body })).access_token;
}

/** Syncs once and reports every event as done; gives the events. */
export async function syncOnce(asked: Asker) {
  const { syncRun } = await asked.ok("startSyncRun", { body: { type: "ExternalEventSync" } });
  if (syncRun === null) return [];
  const events = await asked.ok("listExternalEvents", { id: syncRun.id, query: { PageSize: "200" } });
  const externalEventResults = events.map((event: { id: string }) => ({ externalEventId: event.id }));
  const body = { externalEventResults, datawalletModifications: [] };
  await asked.ok("finalizeExternalEventSync", { id: syncRun.id, body });
  return events;
}

/** Sends one call of the table, and gives what came back in the form that the relay's core answers in. */
async function send(base: string, operation: OperationName, ask: HttpAsk = {}): Promise<RelayAnswer> {
  const row: Operation = operations[operation];
  const { id = "", key, version = 1, headers = {} } = ask;
  const isSynced = /\/(Datawallet|SyncRuns)/.test(row.path);
  const response = await fetch(`${base}${row.path.replace("{id}", encodeURIComponent(id))}${queryOf(ask)}`, {
    method: row.method,
    headers: {
      ...(isSynced ? { "x-supported-datawallet-version": String(version) } : {}),
      ...(key === undefined ? {} : { "idempotency-key": key }),
      ...(row.sends === undefined && ask.body !== undefined ? { "content-type": "application/json" } : {}),
      ...headers,
    },
    ...(ask.body === undefined ? {} : { body: bodyOf(row, ask) }),
  });
  return answerIn(row, response);
}

function queryOf({ query = {} }: HttpAsk): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().map((one) => `${name}=${encodeURIComponent(one as string)}`),
  );
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}

function bodyOf(row: Operation, { body = {}, bytes }: HttpAsk): string | URLSearchParams | FormData {
  if (row.sends === "form") return new URLSearchParams(body as Record<string, string>);
  if (row.sends !== "multipart") return JSON.stringify(body);
  const form = new FormData();
  for (const [name, value] of Object.entries(body)) form.append(name, String(value));
  if (bytes !== undefined) form.append("content", new Blob([bytes]), "cipher.bin");
  return form;
}

async function answerIn(row: Operation, response: Response): Promise<RelayAnswer> {
  const { status, headers } = response;
  const etag = headers.get("etag") ?? undefined;
  const more = { rapport: headers.has("x-rapport-relay"), ...(etag === undefined ? {} : { etag }) };
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (row.answers === "bytes" && status === 200) return { ok: true, status, result: {}, bytes, ...more };
  // biome-ignore lint/suspicious/noExplicitAny: bodies have as many shapes as there are operations.
  const json: any = bytes.length === 0 ? {} : JSON.parse(new TextDecoder().decode(bytes));
  if (status < 300 || status === 304) {
    if (row.answers === "raw") return { ok: true, status, result: json, ...more };
    const { result = {}, pagination } = json;
    return { ok: true, status, result, ...(pagination === undefined ? {} : { pagination }), ...more };
  }
  if (typeof json.error !== "object") {
    const { error: code, error_description: message } = json;
    return { ok: false, status, error: { code, message }, reason: code, ...more };
  }
  const { code, message, data } = json.error;
  return { ok: false, status, error: data === null ? { code, message } : { code, message, data }, ...more };
}

/** The content of a File and what is said about it. */
export function fileOf(expiresAt: string, text = "cipher"): { readonly body: object; readonly bytes: Uint8Array } {
  const body = { cipherHash: base64("hash"), ownerSignature: base64("signature"), expiresAt };
  return {
    body: { ...body, encryptedProperties: base64("properties"), owner: "ignored" },
    bytes: new TextEncoder().encode(text),
  };
}
