/**
 * Login of people with a browser, by OpenID Connect (spec/connector-api.md 3).
 *
 * L1. A login ends only in the browser that began it: its state, nonce and code verifier are in a signed cookie of that browser.
 * L2. A session begins under a new id, after the issuer has said who it is. Whoever only looks leaves nothing here.
 * L3. A session's cookie alone changes nothing from another origin.
 */
import cookie from "@fastify/cookie";
import session from "@fastify/session";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { RapportError } from "rapport/core";
import type { OidcConfig } from "../config/authentication-shape.ts";
import type { AccessGround, Caller } from "./access.ts";
import { createIssuerClient, type IssuerClient } from "./issuer-client.ts";
import { loginMs, sessionMs } from "./limits.ts";
import { cookieKeyOf, sealedLogin, unsealedLogin } from "./login-cookie.ts";
import { createSessionStore } from "./session-store.ts";

/** Somebody who is logged in, as the session keeps it. */
interface LoggedIn {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly endsAtMs: number;
}

declare module "fastify" {
  interface Session {
    loggedIn?: LoggedIn;
  }
}

/** The login of one Connector. */
export interface Login {
  /** Who is logged in; a browser that is not is sent to the login. */
  identify(request: FastifyRequest, reply: FastifyReply): Promise<Caller | undefined | "answered">;
  /** Adds cookies, sessions and the routes of the login. */
  register(app: FastifyInstance): Promise<void>;
}

const loginCookie = "rapport.login";
const sessionCookie = "rapport.session";

/** A login at the issuer; nothing is asked before the first one. */
export function createLogin(config: OidcConfig, ground: AccessGround): Login {
  const client = createIssuerClient(config, ground);
  const way: Way = { config, ground, client };
  return {
    identify: async (request, reply) => {
      const { loggedIn } = request.session;
      if (loggedIn !== undefined && ground.clock.now() < loggedIn.endsAtMs) {
        return isForeign(request, config) ? undefined : { name: loggedIn.name, scopes: loggedIn.scopes };
      }
      if (!isBrowser(request)) return undefined;
      await reply.redirect(`${pathOf(config)}/login?returnTo=${encodeURIComponent(request.originalUrl)}`, 302);
      return "answered";
    },
    register: async (app) => {
      await app.register(cookie, { secret: cookieKeyOf(config.secret, "login") });
      await app.register(session, {
        secret: cookieKeyOf(config.secret, "session"),
        cookieName: sessionCookie,
        cookie: { ...cookieOptions(config), secure: false, maxAge: sessionMs },
        saveUninitialized: false,
        rolling: false,
        store: createSessionStore(ground.clock),
      });
      if (isSecure(config)) app.addHook("onSend", secured);
      app.get("/login", (request, reply) => begin(way, request, reply));
      app.get("/callback", (request, reply) => end(way, request, reply));
      app.get("/logout", (request, reply) => leave(way, request, reply));
    },
  };
}

interface Way {
  readonly config: OidcConfig;
  readonly ground: AccessGround;
  readonly client: IssuerClient;
}

function isBrowser({ method, headers }: FastifyRequest): boolean {
  const isPage = method === "GET" && (headers.accept ?? "").includes("text/html");
  return isPage && headers["x-requested-with"] === undefined;
}

// Browsers name the origin of every call that changes something.
function isForeign({ method, headers }: FastifyRequest, { baseURL }: OidcConfig): boolean {
  if (method === "GET" || method === "HEAD" || headers.origin === undefined) return false;
  return headers.origin !== new URL(baseURL).origin;
}

function isSecure({ baseURL }: OidcConfig): boolean {
  return baseURL.startsWith("https:");
}

/** What comes before every path when a proxy serves the Connector below its root. */
function pathOf({ baseURL }: OidcConfig): string {
  return new URL(baseURL).pathname.replace(/\/+$/, "");
}

function cookieOptions(config: OidcConfig) {
  return { path: `${pathOf(config)}/`, httpOnly: true, sameSite: "lax" } as const;
}

// A proxy speaks TLS for us, so nothing here knows of it but the base URL.
async function secured(_request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const lines = [reply.getHeader("set-cookie") ?? []].flat().map(String);
  if (lines.length === 0) return;
  reply.removeHeader("set-cookie");
  reply.header(
    "set-cookie",
    lines.map((line) => (/;\s*secure\b/i.test(line) ? line : `${line}; Secure`)),
  );
}

async function begin({ config, ground, client }: Way, request: FastifyRequest, reply: FastifyReply) {
  const returnTo = new URLSearchParams(queryOf(request)).get("returnTo");
  const { url, state, nonce, verifier } = await client.begin();
  const endsAtMs = ground.clock.now() + loginMs;
  const sealed = sealedLogin({ state, nonce, verifier, returnTo: localPath(returnTo), endsAtMs });
  reply.setCookie(loginCookie, sealed, { ...cookieOptions(config), signed: true, maxAge: loginMs / 1000 });
  return reply.redirect(url, 302);
}

async function end({ config, ground, client }: Way, request: FastifyRequest, reply: FastifyReply) {
  const unsigned = request.unsignCookie(request.cookies[loginCookie] ?? "");
  const begun = unsigned.valid ? unsealedLogin(unsigned.value ?? "", ground.clock.now()) : undefined;
  reply.clearCookie(loginCookie, cookieOptions(config));
  if (begun === undefined) {
    const message = "This browser has begun no login, or took too long. Begin again at /login.";
    throw new RapportError("access.loginFailed", message);
  }
  const { name, scopes } = await client.end(queryOf(request), begun);
  await request.session.regenerate();
  request.session.loggedIn = { name, scopes, endsAtMs: ground.clock.now() + sessionMs };
  return reply.redirect(`${pathOf(config)}${begun.returnTo}`, 302);
}

async function leave({ config, client }: Way, request: FastifyRequest, reply: FastifyReply) {
  const wasLoggedIn = request.session.loggedIn !== undefined;
  await request.session.destroy();
  reply.clearCookie(sessionCookie, cookieOptions(config));
  return reply.redirect(wasLoggedIn ? await client.leave() : config.baseURL, 302);
}

// Servers may read queries in ways of their own, or not at all.
function queryOf({ originalUrl }: FastifyRequest): string {
  return /\?(.*)$/.exec(originalUrl)?.[1] ?? "";
}

/** A path of this Connector, and never an address somewhere else. */
function localPath(given: unknown): string {
  if (typeof given !== "string" || !/^\/(?![/\\])[\x21-\x7e]*$/.test(given) || given.includes("\\")) return "/";
  return given;
}
