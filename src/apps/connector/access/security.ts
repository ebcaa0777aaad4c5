// Security headers and CORS (spec/connector-api.md 2.4, 3).
import cors from "@fastify/cors";
import helmet from "@fastify/helmet";
import type { FastifyInstance } from "fastify";
import type { ConnectorConfig } from "../config/shape.ts";

/** What every page may do; /app works under it. */
const strict = {
  "default-src": ["'none'"],
  "script-src": ["'self'"],
  "style-src": ["'self'"],
  "img-src": ["'self'", "blob:", "data:"],
  "media-src": ["'self'", "blob:"],
  "font-src": ["'self'"],
  "connect-src": ["'self'"],
  "manifest-src": ["'self'"],
  "worker-src": ["'self'"],
  "form-action": ["'self'"],
  "base-uri": ["'none'"],
  "frame-ancestors": ["'none'"],
};

/** The docs pages write styles and scripts into themselves; they are there in debug mode only. */
const loose = {
  ...strict,
  "script-src": ["'self'", "'unsafe-inline'", "'unsafe-eval'"],
  "style-src": ["'self'", "'unsafe-inline'"],
  "font-src": ["'self'", "data:"],
  "worker-src": ["'self'", "blob:"],
};

const docsPath = /^\/(docs|api-docs)/i;

/** Puts the headers on every answer, and answers preflights. Before any route. */
export async function addSecurity(app: FastifyInstance, { debug, infrastructure }: ConnectorConfig): Promise<void> {
  const { cors: corsOptions, helmetOptions } = infrastructure.httpServer;
  const policy = (directives: typeof strict) => ({ contentSecurityPolicy: { useDefaults: false, directives } });
  await app.register(helmet, { ...policy(strict), ...helmetOptions });
  if (debug && helmetOptions["contentSecurityPolicy"] === undefined) {
    app.addHook("onRequest", async (request, reply) => {
      if (docsPath.test(request.url)) await reply.helmet(policy(loose));
    });
  }
  await app.register(cors, { ...corsOptions });
}
