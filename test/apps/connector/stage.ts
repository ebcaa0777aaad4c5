// Connectors over one relay, all in this process, with real HTTP between the test and them.
import { type Connector, type ConnectorConfigInput, configShape, createConnector } from "rapport/connector";
import { Clock, type ClockPort, type LogPort, type Plugin, Transport } from "rapport/core";
import { createSodium } from "rapport/plugins/crypto-sodium";
import { createSodiumNative, isSodiumNativeInstalled } from "rapport/plugins/crypto-sodium-native";
import { systemClock, systemEntropy } from "rapport/plugins/platform-node";
import { createMemoryBlobs, createMemoryStore } from "rapport/plugins/storage-memory";
import { createLoopbackTransport } from "rapport/plugins/transport-loopback";
import { createRelay, type Relay } from "rapport/relay";

const silent: LogPort = { write: () => undefined };

/** What a test sees of an answer. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // Tests look wherever they like.
  // biome-ignore lint/suspicious/noExplicitAny: the shape is what is tested.
  readonly body: any;
}

/** A Connector and a way to call it. */
export interface Actor extends AsyncDisposable {
  readonly connector: Connector;
  readonly url: string;
  /** Sends JSON, reads JSON (or text). `path` starts with a slash. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

/** A relay and Connectors around it. */
export interface Stage extends AsyncDisposable {
  readonly relay: Relay;
  actor(name: string, more?: ActorOptions): Promise<Actor>;
}

/** What an actor may be given. */
export interface ActorOptions {
  readonly config?: Partial<ConnectorConfigInput>;
  readonly plugins?: readonly Plugin[];
  readonly log?: LogPort;
  /** Where it listens; any free port unless told otherwise. */
  readonly port?: number;
  /** Before wrong credentials are answered; a random time unless told otherwise. */
  readonly unauthorizedDelayMs?: () => number;
  /** Deadlines, open calls and news without anybody asking; default false. */
  readonly background?: boolean;
}

const clockOf = (clock: ClockPort): Plugin => ({
  name: "clock",
  register: ({ provide }) => provide(Clock, () => clock),
});

/** Opens a relay with an empty memory. */
export async function openStage(clock: ClockPort = systemClock()): Promise<Stage> {
  const crypto = isSodiumNativeInstalled() ? createSodiumNative() : createSodium();
  await crypto.open();
  const relay = createRelay({
    store: createMemoryStore(),
    blobs: createMemoryBlobs(),
    crypto,
    clock,
    entropy: systemEntropy(),
    log: silent,
  });
  await relay.open();
  const transport: Plugin = {
    name: "transport",
    register: ({ provide }) => provide(Transport, () => createLoopbackTransport(relay)),
  };
  const actors: Actor[] = [];
  return {
    relay,
    actor: async (name, given = {}) => {
      const { config = {}, plugins = [], log = silent, port = 0, background = false, unauthorizedDelayMs } = given;
      const parsed = configShape.parse({
        debug: true,
        transportLibrary: { baseUrl: "http://localhost", platformClientId: "test", platformClientSecret: "test" },
        database: { driver: "memory", dbName: name },
        ...config,
      });
      const connector = await createConnector({
        config: parsed,
        plugins: [transport, clockOf(clock), ...plugins],
        log,
        clock,
        background,
        ...(unauthorizedDelayMs === undefined ? {} : { unauthorizedDelayMs }),
      });
      const [url = ""] = await connector.listen({ port });
      const actor = { connector, url, call: callerOf(url), [Symbol.asyncDispose]: () => connector.close() };
      actors.push(actor);
      return actor;
    },
    [Symbol.asyncDispose]: async () => {
      for (const actor of actors) await actor.connector.close();
      await relay[Symbol.asyncDispose]();
    },
  };
}

/** A way to call what listens there. */
export function callerOf(url: string): Actor["call"] {
  return async (method, path, body, headers = {}) => {
    const json = body === undefined ? {} : { "content-type": "application/json" };
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { accept: "application/json", ...json, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: "manual",
    });
    const text = await answer.text();
    const isJson = /json/.test(answer.headers.get("content-type") ?? "");
    return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : text };
  };
}
