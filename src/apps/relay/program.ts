// The relay as a process: opens what it is made of, listens, keeps time, and ends in order.
import { createServer, type Server } from "node:http";
import { type LogPort, RapportError } from "rapport/core";
import { createSodium } from "rapport/plugins/crypto-sodium";
import { createSodiumNative, isSodiumNativeInstalled } from "rapport/plugins/crypto-sodium-native";
import { systemClock, systemEntropy } from "rapport/plugins/platform-node";
import { createRelay, type Relay, type RelayOptions } from "rapport/relay";
import { type Client, firstClientOf, type OperatorKey, operatorCollection, operatorKeyOf } from "./first-start.ts";
import { perAddressRateDefault, perDeviceRateDefault, timersEveryMs } from "./limits.ts";
import { createMetrics, type Metrics } from "./metrics.ts";
import { pinoLog } from "./pino-log.ts";
import { type Places, placesOf } from "./places.ts";
import type { RateLimits } from "./rates.ts";
import { createRelayServer, type RelayServer } from "./server.ts";
import type { Settings } from "./settings.ts";

/** A relay that runs. */
export interface Program {
  readonly urls: readonly string[];
  readonly metricsUrl: string | undefined;
  readonly relay: Relay;
  readonly places: Places;
  readonly rateLimits: RateLimits;
  /** Made now, and never shown again. */
  readonly newClient: Client | undefined;
  readonly newKey: string | undefined;
  /** Answers what has begun, then closes everything. */
  stop(): Promise<void>;
}

/** Starts one. Whatever was opened is closed again when something fails. */
export async function startRelay(settings: Settings): Promise<Program> {
  const log = pinoLog(settings.log);
  const metrics = createMetrics();
  const places = await placesOf(settings);
  const store = withOperator(metrics.watching(places.store));
  const relay = createRelay(relayOptions(settings, { ...places, store, log }));
  const stops: (() => Promise<void>)[] = [async () => relay[Symbol.asyncDispose]()];
  const stop = async () => {
    for (const end of stops.splice(0).toReversed()) await end();
  };
  try {
    await relay.open();
    const key = await operatorKeyOf(store, settings);
    const newClient = await firstClientOf(relay, settings.client);
    const rateLimits = rateLimitsOf(settings);
    const server = serverOf(settings, { relay, log, metrics, key, rateLimits });
    stops.push(() => server.close());
    const urls = await listen(server, settings);
    stops.push(keepTime(relay, log));
    const metricsUrl = await tellMetrics(settings, metrics, stops);
    return { urls, metricsUrl, relay, places, rateLimits, newClient, newKey: key.made, stop };
  } catch (problem) {
    await stop().catch(() => undefined);
    throw problem;
  }
}

type Store = RelayOptions["store"];

function withOperator(store: Store): Store {
  return { ...store, open: (collections) => store.open([...collections, operatorCollection]) };
}

function relayOptions(settings: Settings, places: Omit<Places, "says"> & { readonly log: LogPort }): RelayOptions {
  const { hostName, port, baseUrl, client, gracePeriodDays, recipients, quotas } = settings;
  return {
    ...places,
    crypto: isSodiumNativeInstalled() ? createSodiumNative() : createSodium(),
    clock: systemClock(),
    entropy: systemEntropy(),
    hostName,
    baseUrl: baseUrl ?? `http://${hostName}:${port}`,
    clients: client,
    settings: {
      ...(gracePeriodDays === undefined ? {} : { gracePeriodDays }),
      ...(recipients === undefined ? {} : { messageRecipientsMax: recipients }),
      ...(quotas === undefined ? {} : { quotas }),
    },
  };
}

interface ServerParts {
  readonly relay: Relay;
  readonly log: LogPort;
  readonly metrics: Metrics;
  readonly key: OperatorKey;
  readonly rateLimits: RateLimits;
}

function serverOf(settings: Settings, { relay, key, ...rest }: ServerParts): RelayServer {
  const { trustProxy, keepAlive } = settings;
  const operator = { admin: relay.admin, keyHash: key.hash };
  const more = keepAlive === undefined ? {} : { streamKeepAliveMs: keepAlive * 1000 };
  return createRelayServer({ relay, operator, trustProxy, ...rest, ...more });
}

const loopbacks = ["127.0.0.1", "::1", "localhost"];

/** Nobody limits themselves: a relay that only this machine reaches, and no proxy, has no rates unless they are asked for. */
function rateLimitsOf({ host = [], trustProxy, rateLimit, rateLimitAddress }: Settings): RateLimits {
  const isPrivate = !trustProxy && host.every((one) => loopbacks.includes(one));
  const perDevice = rateLimit ?? (isPrivate ? 0 : perDeviceRateDefault);
  const perAddress = rateLimitAddress ?? (isPrivate ? 0 : perAddressRateDefault);
  return { ...(perDevice === 0 ? {} : { perDevice }), ...(perAddress === 0 ? {} : { perAddress }) };
}

async function listen(
  server: RelayServer,
  { port, host = ["127.0.0.1", "::1"] }: Settings,
): Promise<readonly string[]> {
  try {
    return await server.listen({ port, hosts: [...host] });
  } catch (cause) {
    throw notListening(cause, `${host.join(", ")} with port ${port}`);
  }
}

function notListening(cause: unknown, place: string): RapportError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
  const advice = code === "EADDRINUSE" ? " Somebody else listens there: choose another --port." : "";
  return new RapportError("input.invalid", `Cannot listen on ${place} (${code}).${advice}`, { cause });
}

/** Erases what is due, at once and then every minute; gives the way to stop, which waits for the run that goes on. */
function keepTime(relay: Relay, log: LogPort): () => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  let isBusy = false;
  const run = async () => {
    isBusy = true;
    try {
      const done = await relay.admin.runDueTimers();
      if (Object.values(done).some((count) => count > 0)) log.write("info", "Erased what was due.", done);
    } catch (error) {
      const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      log.write("error", "Due timers failed. They run again in a minute.", { reason });
    } finally {
      isBusy = false;
    }
  };
  running = run();
  const timer = setInterval(() => {
    if (!isBusy) running = run();
  }, timersEveryMs);
  return async () => {
    clearInterval(timer);
    await running;
  };
}

/** A port of its own for those who count; there nobody needs the operator's key. */
async function tellMetrics(
  { metricsPort, metricsHost }: Settings,
  metrics: Metrics,
  stops: (() => Promise<void>)[],
): Promise<string | undefined> {
  if (metricsPort === undefined) return undefined;
  const server = createServer(async (request, response) => {
    if (request.url !== "/metrics") return void response.writeHead(404).end();
    response.writeHead(200, { "content-type": metrics.contentType }).end(await metrics.text());
  });
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen({ port: metricsPort, host: metricsHost }, resolve);
    });
  } catch (cause) {
    throw notListening(cause, `${metricsHost} with port ${metricsPort}`);
  }
  stops.push(() => closed(server));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : metricsPort;
  return `http://${metricsHost.includes(":") ? `[${metricsHost}]` : metricsHost}:${port}/metrics`;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
