// The page behind `/r/<id>`: for people whose device opened a reference as a web address (spec/backbone-protocol.md 11).
import { createHash } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { named } from "./naming.ts";

/** Adds the page. It looks nothing up, so it cannot tell whether an id exists; the key behind the `#` stays in the browser. */
export function addLandingPage(app: FastifyInstance): void {
  app.get("/r/:id", { config: named("landingPage") }, async (request, reply) => {
    const { id } = request.params as { readonly id: string };
    return reply.headers(headers).send(pageFor(id.slice(0, 3)));
  });
}

const kinds: Readonly<Record<string, { readonly title: string; readonly text: string }>> = {
  RLT: {
    title: "An invitation to connect",
    text: "Somebody would like to be in contact with you, and has written down on what terms. Your app shows you the terms before anything about you is sent.",
  },
  TOK: {
    title: "Something is waiting for you",
    text: "Somebody left something for you, locked. Your app can open it with the key that is part of this link.",
  },
  FIL: {
    title: "A file for you",
    text: "Somebody shares a file with you, locked. Your app can open it with the key that is part of this link.",
  },
};

const unknown = {
  title: "A link for your app",
  text: "This link is meant for an app, not for a web browser.",
};

const style = `:root{color-scheme:light dark}body{font:1.05rem/1.6 system-ui,sans-serif;margin:0;display:grid;min-height:100vh;place-items:center}
main{max-width:34rem;padding:2rem 1.5rem}h1{font-size:1.6rem;line-height:1.25;margin:0 0 1rem}ol{padding-left:1.3rem}li{margin:.4rem 0}
p.quiet{font-size:.9rem;opacity:.75;border-top:1px solid;padding-top:1rem;margin-top:2rem}`;

const styleHash = createHash("sha256").update(style).digest("base64");

const headers = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
  "x-robots-tag": "noindex",
} as const;

function pageFor(prefix: string): string {
  const { title, text } = kinds[prefix] ?? unknown;
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><style>${style}</style></head>
<body><main>
<h1>${title}</h1>
<p>${text}</p>
<ol>
<li>Open the app that you use for such contacts.</li>
<li>Choose to scan a code or to enter a link.</li>
<li>Scan the code you came from, or copy the whole address of this page, with everything behind the #, and paste it there.</li>
</ol>
<p>If you have no such app, ask whoever gave you this link which one to use.</p>
<p class="quiet">The part behind the # is the key. Your browser has not sent it to us: this page cannot show what the link leads to, and whoever has the whole link may be able to open it. Pass it on only to people you trust.</p>
</main></body>
</html>
`;
}
