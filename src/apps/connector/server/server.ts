/**
 * The Connector as an HTTP server.
 *
 * H1. Every answer has the form of spec/connector-api.md 2, whatever was sent; no answer shows a secret.
 * H2. Routes, checks and documentation come from the contract alone.
 */
import { randomUUID } from "node:crypto";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { type ClockPort, catalogue, type JsonObject, RapportError } from "rapport/core";
import { contract, type OperationName } from "../contract.ts";
import type { Ask, Reply } from "../handler.ts";
import { handlers } from "../handlers.ts";
import { mountPaths, type Operation } from "../operation.ts";
import type { ConnectorParts } from "../parts.ts";
import { profileOf } from "../profiles/profiles.ts";

/** What a server is made of. */
export interface ServerOptions {
  readonly parts: Omit<ConnectorParts, "counts" | "health" | "shownConfig">;
  readonly clock: ClockPort;
}

/** A server that listens from `listen` until `close`. */
export interface Server {
  readonly parts: ConnectorParts;
  listen(where?: { readonly port?: number; readonly hosts?: readonly string[] }): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Makes one; nothing listens before `listen`. */
export function createServer({ parts, clock }: ServerOptions): Server {
  const whole: ConnectorParts = {
    ...parts,
    counts: () => ({ since: new Date(clock.now()).toISOString(), requestCount: 0, requestCountByStatus: {} }),
    health: async () => ({ isHealthy: true, services: {} }),
    shownConfig: () => ({}),
  };
  const app = Fastify({ routerOptions: { caseSensitive: false }, genReqId: () => randomUUID() });
  for (const name of Object.keys(contract) as OperationName[]) addRoutes(app, name, whole);
  app.setErrorHandler((error, _request, reply) => sendError(reply, error));
  return {
    parts: whole,
    listen: async ({ port = 0, hosts = ["127.0.0.1"] } = {}) => {
      const [host = "127.0.0.1"] = hosts;
      return [await app.listen({ port, host })];
    },
    close: () => app.close(),
  };
}

function addRoutes(app: FastifyInstance, name: OperationName, parts: ConnectorParts): void {
  const operation: Operation = contract[name];
  for (const mount of operation.mounts) {
    app.route({
      method: operation.method,
      url: `${mountPaths[mount]}${operation.path}`,
      handler: async (request, reply) => send(reply, operation, await handlers[name](askOf(request, parts))),
    });
  }
}

function askOf(request: FastifyRequest, connector: ConnectorParts): Ask {
  const [hosted] = connector.identities;
  if (hosted === undefined) throw new RapportError("account.notFound", "This Connector has no identity.");
  return {
    account: hosted.account,
    profile: profileOf("union", { legacyRealm: connector.config.legacyRealm }),
    params: request.params as Ask["params"],
    query: {},
    filter: request.query as Ask["filter"],
    page: {},
    body: (request.body ?? {}) as JsonObject,
    file: undefined,
    wants: "json",
    prefers: { prefer: undefined, isClientForm: false },
    command: {},
    correlationId: request.id,
    connector,
  };
}

function send(reply: FastifyReply, operation: Operation, answer: Reply): unknown {
  if (answer.kind === "nothing") return reply.code(204).send();
  if (answer.kind === "result") return reply.code(operation.success).send({ result: answer.result });
  if (answer.kind === "plain") return reply.code(answer.status ?? 200).send(answer.body);
  return reply.code(500).send();
}

function sendError(reply: FastifyReply, error: unknown): unknown {
  const code = error instanceof RapportError ? error.code : "engine.closed";
  return reply.code(catalogue[code].http).send({ error: { code, message: String(error) } });
}
