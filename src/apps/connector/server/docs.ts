// The pages that explain the routes (spec/connector-api.md 1.1): only where the configuration wants them, behind no key.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { JsonObject } from "rapport/core";
import { stringify } from "yaml";
import type { ConnectorConfig } from "../config/shape.ts";
import type { Mounts } from "./mounts.ts";

/** What the pages show. */
export interface DocsGround {
  readonly mounts: Mounts;
  readonly config: ConnectorConfig;
  readonly document: JsonObject;
}

/** Adds the pages, and the document as JSON and as YAML. */
export function addDocs(app: FastifyInstance, { mounts, config, document }: DocsGround): void {
  for (const path of ["/docs", "/api-docs", "/api-docs/*"]) {
    app.get(path, (request, reply) => reply.redirect(`${mounts.placeOf(request.raw).prefix}/docs/swagger`, 301));
  }
  app.get("/docs/json", () => document);
  app.get("/docs/yaml", (_request, reply) => reply.type("text/vnd.yaml; charset=utf-8").send(stringify(document)));
  app.get("/docs/swagger", (_request, reply) => sendPage(reply, "swagger-ui-dist", swaggerPage));
  app.get("/docs/rapidoc", (_request, reply) => sendPage(reply, "rapidoc", rapidocPage(config)));
  app.get("/docs/assets/start.js", (_request, reply) => reply.type(javascript).send(swaggerStart));
  for (const [name, { place, type }] of Object.entries(assets)) {
    app.get(`/docs/assets/${name}`, (_request, reply) => sendAsset(reply, place, type));
  }
  app.get("/favicon.ico", (_request, reply) => sendAsset(reply, "swagger-ui-dist/favicon-32x32.png", "image/png"));
}

const html = "text/html; charset=utf-8";
const javascript = "text/javascript; charset=utf-8";

const assets: Readonly<Record<string, { readonly place: string; readonly type: string }>> = {
  "swagger-ui.css": { place: "swagger-ui-dist/swagger-ui.css", type: "text/css; charset=utf-8" },
  "swagger-ui.js": { place: "swagger-ui-dist/swagger-ui-bundle.js", type: javascript },
  "rapidoc.js": { place: "rapidoc/dist/rapidoc-min.js", type: javascript },
};

const packages = createRequire(import.meta.url);

/** Where a file of an optional package is; undefined when that is not installed. */
function placeOf(name: string): string | undefined {
  try {
    return packages.resolve(name);
  } catch {
    return undefined;
  }
}

function sendAsset(reply: FastifyReply, name: string, type: string): FastifyReply {
  const place = placeOf(name);
  if (place === undefined) return missing(reply, name.split("/", 1)[0] ?? name);
  return reply.type(type).send(readFileSync(place));
}

function sendPage(reply: FastifyReply, needed: string, page: string): FastifyReply {
  return placeOf(`${needed}/package.json`) === undefined ? missing(reply, needed) : reply.type(html).send(page);
}

function missing(reply: FastifyReply, name: string): FastifyReply {
  const text = `<p>This page needs the package <code>${name}</code>: <code>npm install ${name}</code>.</p>`;
  return reply.code(404).type(html).send(`<!doctype html><title>Not installed</title>${text}`);
}

// Relative addresses: a prefix in front of the page is in front of what it loads.
const swaggerPage = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Rapport Connector</title><link rel="stylesheet" href="assets/swagger-ui.css"></head>
<body><div id="swagger-ui"></div><script src="assets/swagger-ui.js"></script><script src="assets/start.js"></script></body>
</html>
`;

const swaggerStart = `SwaggerUIBundle({ url: "json", dom_id: "#swagger-ui", deepLinking: true });\n`;

function rapidocPage({ modules }: ConnectorConfig): string {
  const persist = modules.coreHttpApi.docs.rapidoc.persistAuth;
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Rapport Connector</title><script type="module" src="assets/rapidoc.js"></script></head>
<body><rapi-doc spec-url="json" persist-auth="${persist}" load-fonts="false" render-style="read"></rapi-doc></body>
</html>
`;
}
