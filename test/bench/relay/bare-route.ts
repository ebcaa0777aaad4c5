// The floor of a route: Fastify alone, which validates the body of `POST RelationshipTemplates` with a compiled schema and
// writes the document that the relay writes; no login, no rules.
import { randomBytes } from "node:crypto";
import Fastify from "fastify";
import type { StorePort } from "rapport/core";
import { collections } from "rapport/relay";

const body = {
  type: "object",
  required: ["content"],
  properties: {
    content: { type: "string", pattern: "^[A-Za-z0-9_-]+$", maxLength: 14_000_000 },
    expiresAt: { type: ["string", "null"], format: "date-time" },
    maxNumberOfAllocations: { type: ["integer", "null"], minimum: 1 },
    forIdentity: { type: ["string", "null"] },
    password: { type: ["string", "null"] },
  },
};

interface Asked {
  readonly content: string;
  readonly expiresAt: string;
}

/** Listens, and gives the base URL. */
export async function openBareRoute(store: StorePort): Promise<string> {
  await store.open(collections);
  const app = Fastify({ logger: false });
  const response = {
    201: {
      type: "object",
      properties: { result: { type: "object", properties: { id: { type: "string" }, createdAt: { type: "string" } } } },
    },
  };
  app.post<{ Body: Asked }>(
    "/api/v2/RelationshipTemplates",
    { schema: { body, response } },
    async ({ body }, reply) => {
      const { content, expiresAt } = body;
      const id = `RLT${randomBytes(13).toString("hex").slice(0, 17)}`;
      const createdAt = new Date().toISOString();
      const document = {
        id,
        createdAt,
        forIdentity: null,
        password: null,
        createdBy: "did:e:localhost:dids:0123456789abcdef012345",
        createdByDevice: "DVC00000000000000000",
        expiresAt,
        maxNumberOfAllocations: null,
        content,
      };
      await store.commit({ puts: [{ key: `relay/template/${id}`, document }] });
      reply.code(201);
      return { result: { id, createdAt } };
    },
  );
  return app.listen({ port: 0, host: "127.0.0.1" });
}
