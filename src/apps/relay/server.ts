/**
 * The relay as an HTTP server: routes from the table, limits, and an orderly end.
 *
 * H1. Every answer has the protocol's form, whatever was sent; no answer shows a stack.
 * H2. Nobody who has not logged in makes the relay hold more than a small body.
 * H3. Closing takes no new connections, answers every request that has begun, and ends the streams.
 */
import Fastify, { type FastifyInstance } from "fastify";
import type { LogPort } from "rapport/core";
import type { Relay } from "rapport/relay";
import { createCallers } from "./callers.ts";
import { requestBytesMax } from "./limits.ts";
import { openListeners } from "./listeners.ts";
import { answerMistakes, frameworkError } from "./mistakes.ts";
import { addRoutes } from "./routes.ts";
import { correlationIdOf, stampEveryAnswer } from "./stamps.ts";

/** What a server is made of. */
export interface RelayServerOptions {
  /** Opening and closing it is its owner's matter. */
  readonly relay: Relay;
  readonly log?: LogPort;
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

/** Makes a server for an open relay; nothing listens before `listen`. */
export function createRelayServer(options: RelayServerOptions): RelayServer {
  const app = createApp(options);
  const listeners = openListeners((request, response) => app.routing(request, response));
  stampEveryAnswer(app, { isClosing: () => listeners.isClosing });
  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= listeners.close().then(() => app.close());
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

function createApp({ relay, log }: RelayServerOptions): FastifyInstance {
  const app = Fastify({
    logger: false,
    bodyLimit: requestBytesMax,
    exposeHeadRoutes: false,
    genReqId: correlationIdOf,
    frameworkErrors: frameworkError,
    routerOptions: { caseSensitive: false, querystringParser: () => ({}) },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body));
  answerMistakes(app, log);
  addRoutes(app, { relay, callers: createCallers() });
  return app;
}
