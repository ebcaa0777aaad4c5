/**
 * The relay as an HTTP server: routes from the table, limits, and an orderly end.
 *
 * H1. Every answer has the protocol's form, whatever was sent; no answer shows a stack.
 * H2. Nobody who has not logged in makes the relay hold more than a small body.
 * H3. Closing takes no new connections, answers every request that has begun, and ends the streams.
 */
import Fastify, { type FastifyInstance } from "fastify";
import type { LogPort } from "rapport/core";
import type { Relay, RelayAdmin } from "rapport/relay";
import { type ConnectionBounds, type ConnectionWaits, openListeners } from "../serving/listeners.ts";
import { addAdminRoutes, type Operator } from "./admin-routes.ts";
import { createCallers } from "./callers.ts";
import { createEventStreams, type EventStreams } from "./event-streams.ts";
import { addHealth } from "./health.ts";
import { addLandingPage } from "./landing.ts";
import {
  connectionsMax,
  headerBytesMax,
  headersWaitMs,
  idleConnectionMs,
  requestBytesMax,
  requestWaitMs,
  streamKeepAliveMs,
} from "./limits.ts";
import type { Metrics } from "./metrics.ts";
import { answerBrokenRequest, answerMistakes, frameworkError } from "./mistakes.ts";
import { observe } from "./observing.ts";
import { limitRates, type RateLimits } from "./rates.ts";
import { addRoutes, type RoutesOptions } from "./routes.ts";
import { correlationIdOf, stampEveryAnswer, stampsOf } from "./stamps.ts";

/** What a server is made of. */
export interface RelayServerOptions {
  /** Opening and closing it is its owner's matter. */
  readonly relay: Relay;
  readonly log?: LogPort;
  /** Between two signs of life on an event stream; 240 s unless told otherwise. */
  readonly streamKeepAliveMs?: number;
  /** How patient the server is with slow and idle connections; limits.ts has what holds otherwise. */
  readonly waits?: Partial<ConnectionWaits>;
  /** Absent: everybody may ask as often as they like. */
  readonly rateLimits?: RateLimits;
  readonly metrics?: Metrics;
  /** Absent: there are no routes for an operator. */
  readonly operator?: Operator & { readonly admin: RelayAdmin };
  /** True behind one proxy that says who asks: the last address in `X-Forwarded-For`. Default false. */
  readonly trustProxy?: boolean;
}

/** Where to listen; the host is 127.0.0.1 and the port any free one unless told otherwise. */
export interface ListenOptions {
  readonly port?: number;
  readonly hosts?: readonly string[];
}

/** A server that listens from `listen` until `close`. */
export interface RelayServer extends AsyncDisposable {
  /** Gives the base URLs, one for each host that this machine has. */
  listen(options?: ListenOptions): Promise<readonly string[]>;
  close(): Promise<void>;
}

const usualBounds: ConnectionBounds = {
  headersMs: headersWaitMs,
  requestMs: requestWaitMs,
  idleMs: idleConnectionMs,
  headerBytesMax,
  connectionsMax,
};

/** Makes a server for an open relay; nothing listens before `listen`. */
export function createRelayServer(options: RelayServerOptions): RelayServer {
  const streams = createEventStreams(options.relay, options.streamKeepAliveMs ?? streamKeepAliveMs);
  const app = createApp(options, streams);
  const listeners = openListeners(
    { request: (request, response) => app.routing(request, response), broken: answerBrokenRequest },
    { ...usualBounds, ...options.waits },
  );
  stampEveryAnswer(app, { isClosing: () => listeners.isClosing });
  let closed: Promise<void> | undefined;
  const closing = async () => {
    const last = listeners.close();
    streams.close();
    await last;
    await app.close();
  };
  const close = () => {
    closed ??= closing();
    return closed;
  };
  return Object.freeze({
    listen: async ({ port = 0, hosts = ["127.0.0.1"] }: ListenOptions = {}) => {
      await app.ready();
      return listeners.listen(port, hosts);
    },
    close,
    [Symbol.asyncDispose]: close,
  });
}

function createApp(options: RelayServerOptions, streams: EventStreams): FastifyInstance {
  const { relay, log, metrics, operator, rateLimits, trustProxy = false } = options;
  const app = Fastify({
    logger: false,
    bodyLimit: requestBytesMax,
    exposeHeadRoutes: false,
    genReqId: correlationIdOf,
    frameworkErrors: frameworkError,
    // One hop: what stands before the proxy's own entry was written by whoever asks.
    trustProxy: trustProxy && ((_address, hop) => hop === 0),
    routerOptions: { caseSensitive: false, querystringParser: () => ({}) },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body));
  const callers = createCallers();
  metrics?.streamsFrom(() => streams.count);
  answerMistakes(app, log);
  observe(app, { log, metrics, callers });
  const rates = rateLimits === undefined ? undefined : limitRates(app, rateLimits, callers);
  const stream: RoutesOptions["stream"] = (request, reply, caller) => {
    streams.open(reply.hijack().raw, caller, stampsOf(request.id, reply.elapsedTime));
  };
  app.register(async (scope) => {
    addRoutes(scope, { relay, callers, rates, stream });
    addHealth(scope, relay);
    addLandingPage(scope);
    if (operator !== undefined) addAdminRoutes(scope, { ...operator, metrics });
  });
  return app;
}
