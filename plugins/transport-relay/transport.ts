/**
 * A relay over HTTP: the table of operations spoken with undici (spec/backbone-protocol.md 1, 2, 5, 9).
 *
 * H1. The body of a call leaves exactly as it was given.
 * H2. What is repeated here was certainly not carried out (a 401), or changes nothing (a GET, a login) and met a connection
 *     that broke. Everything else is the caller's, who knows about intents and idempotency keys; so is every back-off.
 * H3. No answer of a relay, however odd, is more than an Answer or the fault `relay.unreachable`.
 */
import {
  type Answer,
  type Call,
  type ClockPort,
  type EntropyPort,
  fault,
  type JsonObject,
  operations,
  type Session,
  type TransportPort,
} from "rapport/core";
import { type Dispatcher, Pool } from "undici";
import { answerOf, isRapport, jsonOf } from "./answer.ts";
import { exchange, type HttpAnswer, unreachable } from "./exchange.ts";
import {
  answerMsDefault,
  connectionsDefault,
  connectMs,
  keepAliveMsDefault,
  tokenLifeSecondsDefault,
} from "./limits.ts";
import { listen } from "./news.ts";
import { type HttpRequest, type Letterhead, requestOf } from "./request.ts";
import { createSessions, type Login, type Sessions } from "./sessions.ts";
import { systemClock, systemEntropy } from "./system.ts";
import { type RelayTls, tlsOptions } from "./tls.ts";

/** What `createRelayTransport` and `relayTransport` can be told. */
export interface RelayTransportOptions {
  /** Where the relay is, as references name it; a path before `/api` is fine. */
  readonly baseUrl: string;
  /** The host name in addresses, when it is not that of `baseUrl`. */
  readonly hostName?: string;
  /** Where the stream of news is, when it is not at `baseUrl`. */
  readonly sseBaseUrl?: string;
  /** Who this program is towards the relay; default `rapport`, `rapport`. */
  readonly client?: { readonly id: string; readonly secret: string };
  /** Which certificates are trusted. Verification cannot be turned off. */
  readonly tls?: RelayTls;
  /** Headers to add to every request. */
  readonly headers?: { readonly [name: string]: string };
  /** Connections at most, besides one per session that listens to news. */
  readonly connections?: number;
  /** How long an answer may take to begin, and to go on, in milliseconds. */
  readonly answerMs?: number;
  /** How often the relay shows that its stream of news lives, in milliseconds. */
  readonly keepAliveMs?: number;
  readonly clock?: Pick<ClockPort, "now" | "sleep">;
  /** For the jitter between two streams of news. */
  readonly entropy?: EntropyPort;
}

/** A transport to the relay at `baseUrl`. Nothing is connected before the first call. Faults: `input.invalid`. */
export function createRelayTransport(options: RelayTransportOptions): TransportPort {
  const { clock = systemClock, entropy = systemEntropy, headers = {} } = options;
  const place = placeOf(options.baseUrl);
  const newsPlace = options.sseBaseUrl === undefined ? place : placeOf(options.sseBaseUrl);
  const { connections = connectionsDefault, answerMs = answerMsDefault, keepAliveMs = keepAliveMsDefault } = options;
  const pool = poolTo(place, options, { connections, bodyTimeout: answerMs });
  const newsPool = poolTo(newsPlace, options, { connections: null, bodyTimeout: 2 * keepAliveMs });
  const way: Way = { pool, letterhead: { prefix: place.prefix, headers }, client: options.client ?? anyClient, clock };
  const sessions = createSessions((session) => logIn(way, session), clock.now);
  const stops = new Set<() => void>();
  let isClosed = false;

  return {
    baseUrl: place.baseUrl,
    hostName: options.hostName ?? place.hostName,
    call: (call, session) => {
      if (isClosed) return Promise.reject(unreachable("The transport was closed.", { sent: false }));
      return session === undefined ? send(way, call) : sendAs(way, call, { session, sessions });
    },
    onNews: (session, wake) => {
      const stop = listen({
        pool: newsPool,
        letterhead: { prefix: newsPlace.prefix, headers },
        session,
        sessions,
        wake,
        clock,
        entropy,
      });
      stops.add(stop);
      return () => {
        stops.delete(stop);
        stop();
      };
    },
    [Symbol.asyncDispose]: async () => {
      isClosed = true;
      for (const stop of stops) stop();
      sessions.forgetAll();
      await Promise.all([pool.destroy(), newsPool.destroy()]);
    },
  };
}

const anyClient = { id: "rapport", secret: "rapport" };

interface Way {
  readonly pool: Dispatcher;
  readonly letterhead: Letterhead;
  readonly client: { readonly id: string; readonly secret: string };
  readonly clock: Pick<ClockPort, "now" | "sleep">;
}

interface Place {
  readonly baseUrl: string;
  readonly origin: string;
  readonly prefix: string;
  readonly hostName: string;
}

function placeOf(given: string): Place {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  const isPlain = url?.username === "" && url.password === "" && url.search === "" && url.hash === "";
  if (url === undefined || !/^https?:$/.test(url.protocol) || !isPlain || given.includes("|")) {
    const message =
      "The base URL of a relay is http(s)://host[:port][/path], without credentials, query or vertical bar.";
    throw fault("input.invalid", message);
  }
  const prefix = url.pathname.replace(/\/+$/, "");
  return { baseUrl: given.replace(/\/+$/, ""), origin: url.origin, prefix, hostName: url.hostname };
}

function poolTo(
  { origin }: Place,
  { tls, answerMs = answerMsDefault }: RelayTransportOptions,
  { connections, bodyTimeout }: { readonly connections: number | null; readonly bodyTimeout: number },
): Pool {
  return new Pool(origin, {
    connections,
    pipelining: 1,
    bodyTimeout,
    headersTimeout: answerMs,
    connect: { timeout: connectMs, rejectUnauthorized: true, ...tlsOptions(tls) },
  });
}

async function send({ pool, letterhead }: Way, call: Call, token?: string): Promise<Answer> {
  const request = requestOf(call, letterhead, token);
  return answerOf(call.operation, await carried(pool, request, operations[call.operation].method === "GET"));
}

// A connection that was kept may have been closed by the other side just when it was used again.
async function carried(pool: Dispatcher, request: HttpRequest, isHarmless: boolean): Promise<HttpAnswer> {
  try {
    return await exchange(pool, request);
  } catch (problem) {
    if (isHarmless && hasBroken(problem)) return exchange(pool, request);
    throw problem;
  }
}

function hasBroken(problem: unknown): boolean {
  const cause = problem instanceof Error ? problem.cause : undefined;
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  return code === "UND_ERR_SOCKET" || code === "ECONNRESET" || code === "EPIPE";
}

interface As {
  readonly session: Session;
  readonly sessions: Sessions;
}

async function sendAs(way: Way, call: Call, as: As): Promise<Answer> {
  const { session, sessions } = as;
  const first = await sessions.loginOf(session).catch((problem: Error): never => {
    throw unreachable(problem.cause ?? problem, { sent: false });
  });
  if (!first.ok) return first.answer;
  const answer = await send(way, call, first.token);
  if (answer.ok && call.operation === "changePassword") sessions.forget(session, first.token);
  if (answer.ok || answer.status !== 401) return answer;
  sessions.forget(session, first.token);
  const second = await sessions.loginOf(session);
  if (!second.ok) return second.answer;
  const again = await send(way, call, second.token);
  if (!again.ok && again.status === 401) sessions.forget(session, second.token);
  return again;
}

// Who is not let in gets the 401 that the call would have got.
async function logIn({ pool, letterhead, client, clock }: Way, { username, password }: Session): Promise<Login> {
  const form = { client_id: client.id, client_secret: client.secret, grant_type: "password", username, password };
  const request = requestOf({ operation: "connectToken", body: JSON.stringify(form) }, letterhead);
  const askedAtMs = clock.now();
  const response = await carried(pool, request, true);
  const { status, headers } = response;
  const json = jsonOf(response);
  const { access_token: token, expires_in: life, error, error_description: why } = (json ?? {}) as JsonObject;
  if (status === 200 && typeof token === "string" && /^[\x21-\x7e]+$/.test(token)) {
    const seconds = Number(life ?? tokenLifeSecondsDefault);
    return {
      ok: true,
      token,
      endsAtMs: askedAtMs + (Number.isFinite(seconds) ? seconds : tokenLifeSecondsDefault) * 1000,
    };
  }
  const isRefused = typeof error === "string" && (status === 400 || status === 401);
  if (!isRefused) {
    const answer = answerOf("connectToken", response);
    if (!answer.ok) return { ok: false, answer, isTemporary: true };
    throw unreachable("what it gave is no access token.", { status });
  }
  const message = typeof why === "string" && why !== "" ? why : `The relay does not let this device in: ${error}.`;
  const code = "error.platform.unauthorized";
  return {
    ok: false,
    isTemporary: error === "access_denied",
    answer: { ok: false, status: 401, rapport: isRapport(headers), error: { code, message } },
  };
}
