// Security headers and CORS (spec/connector-api.md 2.4, 3).
import cors from "@fastify/cors";
import helmet, { type FastifyHelmetOptions } from "@fastify/helmet";
import Fastify, { type FastifyInstance } from "fastify";
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
  const usual = await headersOf({ ...policy(strict), ...helmetOptions });
  const isLoose = debug && helmetOptions["contentSecurityPolicy"] === undefined;
  const forDocs = isLoose ? await headersOf({ ...policy(loose), ...helmetOptions }) : usual;
  app.addHook("onRequest", (request, reply, done) => {
    reply.headers(docsPath.test(request.url) ? forDocs : usual);
    done();
  });
  await app.register(cors, { ...corsOptions });
}

const policy = (directives: typeof strict) => ({ contentSecurityPolicy: { useDefaults: false, directives } });

/** What helmet says to every request. It would work the same headers out for each of them, which costs 5 % of a small one. */
async function headersOf(options: FastifyHelmetOptions): Promise<Readonly<Record<string, string>>> {
  const probe = Fastify();
  const without = namesOf(await probe.get("/", answerNothing).inject("/"));
  await probe.close();
  const app = Fastify();
  await app.register(helmet, options);
  const { headers } = await app.get("/", answerNothing).inject("/");
  await app.close();
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (without.has(name) ? [] : [[name, String(value)]])),
  );
}

const answerNothing = async () => "";

const namesOf = ({ headers }: { readonly headers: object }) => new Set(Object.keys(headers));
