// The operator's routes, made from their table, and the counts. All of them need the operator's key.
import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { RapportError } from "rapport/core";
import type { RelayAdmin } from "rapport/relay";
import { sendError } from "./answering.ts";
import { headerOf } from "./asking.ts";
import { type AdminOperation, adminOperations } from "./contract.ts";
import { refused } from "./envelope.ts";
import { adminBytesMax } from "./limits.ts";
import type { Metrics } from "./metrics.ts";
import { named } from "./naming.ts";

/** Who the operator is: whoever has the key. */
export interface Operator {
  /** The SHA-256 of the operator's key, in base64url. */
  readonly keyHash: string;
}

/** The form in which a key is kept. */
export function hashOfKey(key: string): string {
  return createHash("sha256").update(key).digest("base64url");
}

/** Adds the routes. */
export function addAdminRoutes(
  app: FastifyInstance,
  { admin, keyHash, metrics }: Operator & { readonly admin: RelayAdmin; readonly metrics: Metrics | undefined },
): void {
  const onRequest = async (request: FastifyRequest) => assertOperator(request, keyHash);
  for (const [words, row] of Object.entries(adminOperations)) addRoute(app, { words, row, admin, onRequest });
  if (metrics === undefined) return;
  app.get("/metrics", { onRequest, config: named("metrics") }, async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.text()),
  );
}

interface Addition {
  readonly words: string;
  readonly row: AdminOperation;
  readonly admin: RelayAdmin;
  readonly onRequest: (request: FastifyRequest) => Promise<void>;
}

function addRoute(app: FastifyInstance, { words, row, admin, onRequest }: Addition): void {
  app.route({
    method: row.method,
    url: row.path.replace("{id}", ":id"),
    bodyLimit: adminBytesMax,
    config: named(`admin ${words}`),
    onRequest,
    handler: async (request, reply) => {
      const { id = "" } = request.params as { readonly id?: string };
      const result = await row.run(admin, { id, body: row.body === undefined ? undefined : parsed(request.body) });
      reply.header("cache-control", "no-store");
      if (result === false) return sendError(reply, refused("error.platform.recordNotFound", `${id} not found.`));
      if (result === undefined || result === true) return reply.code(204).send();
      return reply.type("application/json; charset=utf-8").send(JSON.stringify({ result }));
    },
  });
}

function assertOperator(request: FastifyRequest, keyHash: string): void {
  const key = /^Bearer (.+)$/i.exec(headerOf(request, "authorization") ?? "")?.[1] ?? "";
  // Hashes are of one length, so the comparison takes the same time for every key.
  if (timingSafeEqual(Buffer.from(hashOfKey(key)), Buffer.from(keyHash))) return;
  throw new RapportError("error.platform.unauthorized", "This needs the operator's key as a bearer token.");
}

function parsed(body: unknown): unknown {
  try {
    return JSON.parse(typeof body === "string" ? body : "");
  } catch {
    throw new RapportError("error.platform.inputCannotBeParsed", "The body must be JSON.");
  }
}
