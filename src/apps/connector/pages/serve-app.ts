// Serves the page that people use with a phone: plain files, read once, behind no key. What they call is.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { FastifyInstance, FastifyReply } from "fastify";

/** Adds /app and its files. The page asks the Connector at its own address, so a prefix in front of it is kept. */
export function addApp(app: FastifyInstance): void {
  // What the page names lies beside it: with a slash at the end, it would be looked for one floor too low.
  app.get("/app", (request, reply) =>
    /\/(\?|$)/.test(request.originalUrl) ? reply.redirect("../app") : send(reply, fileOf("index.html")),
  );
  for (const name of [...modules, ...assets]) app.get(`/app/${name}`, (_request, reply) => send(reply, fileOf(name)));
}

const assets = ["app.css", "controls.css", "icon.svg", "jsqr.js"] as const;
const modules = [
  "answers",
  "api",
  "attribute-input",
  "connector",
  "element",
  "form-settings",
  "inputs",
  "item-card",
  "item-words",
  "json",
  "key-screen",
  "main",
  "offer",
  "problems",
  "qr",
  "reference",
  "relationship-screen",
  "relationship-words",
  "request-screen",
  "screen",
  "start-screen",
  "value-types",
].map((name) => `${name}.js`);

interface File {
  readonly type: string;
  readonly bytes: Buffer;
}

const read = new Map<string, File>();

function fileOf(name: string): File {
  const known = read.get(name);
  if (known !== undefined) return known;
  const file = { type: types[name.slice(name.lastIndexOf("."))] ?? "text/plain", bytes: readFileSync(placeOf(name)) };
  read.set(name, file);
  return file;
}

const types: { readonly [ending: string]: string } = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** From source it is the page of the last build: browsers read no TypeScript. */
const built = new URL(
  import.meta.url.endsWith(".ts") ? "../../../../dist/src/apps/connector/pages/app/" : "./app/",
  import.meta.url,
);

function placeOf(name: string): string | URL {
  if (name === "jsqr.js") return createRequire(import.meta.url).resolve("jsqr/dist/jsQR.js");
  return new URL(name, built);
}

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

function send(reply: FastifyReply, { type, bytes }: File): FastifyReply {
  return reply
    .header("content-type", type)
    .header("content-security-policy", policy)
    .header("x-content-type-options", "nosniff")
    .header("referrer-policy", "no-referrer")
    .header("cache-control", "no-cache")
    .send(bytes);
}
