// A relay behind HTTP in the process of a test, and people who talk to it with plain requests.
import { systemClock, systemEntropy } from "rapport/plugins/platform-node";
import { createMemoryStore } from "rapport/plugins/storage-memory";
import { type Caller, createRelay, type Relay, type RelayAnswer, type RelayOptions } from "rapport/relay";
import { createRelayServer, hashOfKey, type RelayServer, type RelayServerOptions } from "rapport/relay/http";
import { onTestFinished } from "vitest";
import { crypto, identityBody } from "../../relay/parties.ts";

// biome-ignore lint/suspicious/noExplicitAny: answers have as many shapes as there are routes.
type Any = any;

/** What one request asks for. */
export interface Ask {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What came back. */
export interface Told {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Any;
}

/** Somebody with an identity and a token. */
export interface Client {
  readonly caller: Caller;
  readonly password: string;
  readonly token: string;
  ask(path: string, ask?: Ask): Promise<Told>;
  /** The same somebody at another process of the relay. */
  at(ask: Client["ask"]): Client["ask"];
}

/** A server of one test. */
export interface Served {
  readonly relay: Relay;
  readonly server: RelayServer;
  readonly url: string;
  ask(path: string, ask?: Ask): Promise<Told>;
  client(): Promise<Client>;
}

/** A relay that answers every call of somebody who is logged in with what it was asked. */
export function repeating(relay: Relay, more: Partial<RelayAnswer> = {}): Relay {
  return {
    ...relay,
    callerOf: async () => ({ ok: true, value: { address: "did:e:x:dids:y", deviceId: "DVC1", username: "USR1" } }),
    call: async ({ bytes, ...call }) => {
      const result: Any = { ...call, ...(bytes === undefined ? {} : { bytes: Buffer.from(bytes).toString("hex") }) };
      const answer: Any = { ok: true, status: 200, result, rapport: true, ...more };
      return answer;
    },
  };
}

/** Starts one; it ends with the test. */
export async function serve(
  options: Omit<RelayServerOptions, "relay" | "operator"> & { readonly operatorKey?: string } = {},
  more: Partial<RelayOptions> & { readonly as?: (relay: Relay) => Relay } = {},
): Promise<Served> {
  const { operatorKey, ...rest } = options;
  const { as = (one) => one, ...relayOptions } = more;
  const parts = { store: createMemoryStore(), clock: systemClock(), entropy: systemEntropy(), crypto };
  const relay = as(createRelay({ ...parts, ...relayOptions }));
  await relay.open();
  const operator =
    operatorKey === undefined ? {} : { operator: { admin: relay.admin, keyHash: hashOfKey(operatorKey) } };
  const server = createRelayServer({ relay, ...rest, ...operator });
  const [url = ""] = await server.listen();
  onTestFinished(async () => {
    await server.close();
    await relay[Symbol.asyncDispose]();
  });
  const ask = asking(url);
  return { relay, server, url, ask, client: () => clientOf(ask) };
}

/** Sends requests to one base URL. Objects travel as JSON, everything else as it is. */
export function asking(url: string): Client["ask"] {
  return async (path, { method, body, headers = {} } = {}) => {
    const isJson = typeof body === "object" && body !== null && Object.getPrototypeOf(body) === Object.prototype;
    const response = await fetch(url + path, {
      method: method ?? (body === undefined ? "GET" : "POST"),
      headers: {
        ...(isJson ? { "content-type": "application/json" } : {}),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: isJson ? JSON.stringify(body) : (body as string | URLSearchParams | FormData) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: jsonOf(text) };
  };
}

function jsonOf(text: string): Any {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Creates an identity through the given requests and logs it in. */
export async function clientOf(ask: Client["ask"], oauth = { id: "test", secret: "test" }): Promise<Client> {
  const keys = crypto.signing.keyPair(systemEntropy().bytes(32));
  const challenge = await ask("/api/v2/Challenges", { body: {} });
  const body = identityBody(challenge.json.result, keys, { clientId: oauth.id, clientSecret: oauth.secret });
  const { address, device } = (await ask("/api/v2/Identities", { body })).json.result;
  const caller = { address, deviceId: device.id, username: device.username };
  const { devicePassword: password } = body;
  const token = await logIn(ask, { username: device.username, password, oauth });
  const at = (other: Client["ask"]) => withToken(other, token);
  return { caller, password, token, ask: at(ask), at };
}

/** Asks the token endpoint for an access token. */
async function logIn(
  ask: Client["ask"],
  { username, password, oauth }: { username: string; password: string; oauth: { id: string; secret: string } },
): Promise<string> {
  const fields = { grant_type: "password", client_id: oauth.id, client_secret: oauth.secret, username, password };
  return (await ask("/connect/token", { body: new URLSearchParams(fields) })).json.access_token;
}

function withToken(ask: Client["ask"], token: string): Client["ask"] {
  return (path, { headers = {}, ...rest } = {}) =>
    ask(path, { ...rest, headers: { authorization: `Bearer ${token}`, ...headers } });
}
