/**
 * The Connector as an HTTP server.
 *
 * H1. Every answer has the form of spec/connector-api.md 2, whatever was sent; no answer shows a secret.
 * H2. Routes, checks and documentation come from the contract alone.
 * H3. Closing takes no new connections, and answers every request that has begun.
 */
import compress from "@fastify/compress";
import Fastify, { type FastifyInstance } from "fastify";
import type { ClockPort } from "rapport/core";
import { type ConnectionBounds, type ConnectionWaits, openListeners } from "../../serving/listeners.ts";
import type { Access } from "../access/access.ts";
import { contract } from "../contract.ts";
import { handlers } from "../handlers.ts";
import {
  bodyBytesMax,
  compressedFromBytes,
  connectionsMax,
  headerBytesMax,
  headersWaitMs,
  idleConnectionMs,
  pathParameterCharsMax,
  renderedCharsMax,
  requestWaitMs,
} from "../limits.ts";
import { addApp } from "../pages/serve-app.ts";
import type { ConnectorParts } from "../parts.ts";
import { readBodies } from "./bodies.ts";
import { createCounter } from "./counts.ts";
import { createDelay } from "./delay.ts";
import { addDocs } from "./docs.ts";
import type { EnvelopeGround } from "./envelope.ts";
import { guardOf } from "./guard.ts";
import { addHealth, createHealth, type HealthProbes, probesOf } from "./health.ts";
import { answerBrokenWith, answerMistakes, frameworkErrorWith } from "./mistakes.ts";
import { createMounts, type Mounts } from "./mounts.ts";
import { openApiOf } from "./openapi.ts";
import { createRenderedTexts } from "./rendered.ts";
import { addRoutes, type Table } from "./routes.ts";
import { correlationIdOf, stampEveryAnswer, version } from "./stamps.ts";

/** What a server is made of. */
export interface ServerOptions {
  readonly parts: Omit<ConnectorParts, "counts" | "health" | "now" | "shownConfig"> &
    Partial<Pick<ConnectorParts, "shownConfig">>;
  readonly clock: ClockPort;
  /** Absent: everybody may do everything. */
  readonly access?: Access;
  /** Other routes than those of the Connector. */
  readonly table?: Table;
  /** What is looked at for `/health`; the first identity's store and relay unless told otherwise. */
  readonly probes?: HealthProbes;
  /** How patient the server is with slow and idle connections; limits.ts has what holds otherwise. */
  readonly waits?: Partial<ConnectionWaits>;
  /** Before wrong credentials are answered; a random time unless told otherwise. */
  readonly unauthorizedDelayMs?: () => number;
}

/** Where to listen; the host is 127.0.0.1 and the port any free one unless told otherwise. */
export interface ListenOptions {
  readonly port?: number;
  readonly hosts?: readonly string[];
}

/** A server that listens from `listen` until `close`. */
export interface Server {
  readonly parts: ConnectorParts;
  /** Gives the base URLs, one for each host that this machine has. */
  listen(where?: ListenOptions): Promise<readonly string[]>;
  close(): Promise<void>;
}

const usualBounds: ConnectionBounds = {
  headersMs: headersWaitMs,
  requestMs: requestWaitMs,
  idleMs: idleConnectionMs,
  headerBytesMax,
  connectionsMax,
};

/** Makes one; nothing listens before `listen`. */
export function createServer(options: ServerOptions): Server {
  const { clock, waits } = options;
  const counter = createCounter(clock.now());
  const parts: ConnectorParts = {
    shownConfig: () => ({}),
    ...options.parts,
    now: clock.now,
    counts: counter.counts,
    health: createHealth(options.probes ?? probesOf(options.parts.identities), clock.now),
  };
  const { docsBaseUrl, debug } = parts.config;
  const envelope: EnvelopeGround = { docsBaseUrl, isDebug: debug, now: clock.now };
  const mounts = createMounts(parts.identities);
  const app = createApp({ parts, envelope, mounts });
  const listeners = openListeners(
    { request: (request, response) => app.routing(request, response), broken: answerBrokenWith(envelope) },
    { ...usualBounds, ...waits },
  );
  stampEveryAnswer(app, { now: clock.now, isClosing: () => listeners.isClosing });
  counter.watch(app);
  let prepared: Promise<unknown> | undefined;
  const prepare = async () => {
    await addEverything(app, { ...options, parts, envelope, mounts });
    await app.ready();
  };
  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= listeners.close().then(() => app.close());
    return closed;
  };
  return Object.freeze({
    parts,
    listen: async ({ port = 0, hosts = ["127.0.0.1"] }: ListenOptions = {}) => {
      prepared ??= prepare();
      await prepared;
      return listeners.listen(port, hosts);
    },
    close,
  });
}

interface AppGround {
  readonly parts: ConnectorParts;
  readonly envelope: EnvelopeGround;
  readonly mounts: Mounts;
}

function createApp({ parts, envelope, mounts }: AppGround): FastifyInstance {
  const { trustProxy } = parts.config.infrastructure.httpServer;
  return Fastify({
    logger: false,
    bodyLimit: bodyBytesMax,
    genReqId: correlationIdOf,
    frameworkErrors: frameworkErrorWith(envelope),
    rewriteUrl: mounts.rewrite,
    // One hop: what stands before the proxy's own entry was written by whoever asks.
    trustProxy: trustProxy && ((_address, hop) => hop === 0),
    routerOptions: {
      caseSensitive: false,
      maxParamLength: pathParameterCharsMax,
      querystringParser: () => ({}),
    },
  });
}

async function addEverything(app: FastifyInstance, ground: ServerOptions & AppGround): Promise<void> {
  const { parts: connector, mounts, envelope, access, unauthorizedDelayMs, table = { contract, handlers } } = ground;
  const guarding = {
    access,
    mounts,
    identities: connector.identities,
    delay: createDelay(unauthorizedDelayMs),
  };
  readBodies(app);
  const encodings: ("br" | "gzip" | "deflate")[] = ["br", "gzip", "deflate"];
  await app.register(compress, { threshold: compressedFromBytes, encodings });
  await access?.register?.(app);
  answerMistakes(app, { ...envelope, log: connector.log, guard: guardOf("anybody known", guarding) });
  if (connector.config.modules.coreHttpApi.app) addApp(app);
  addHealth(app, { connector, mounts });
  if (connector.config.modules.coreHttpApi.docs.enabled) {
    const document = openApiOf({ contract: table.contract, config: connector.config, version });
    addDocs(app, { mounts, config: connector.config, document });
  }
  app.register(async (scope) => {
    addRoutes(scope, { ...guarding, table, connector, texts: createRenderedTexts(renderedCharsMax) });
  });
}
