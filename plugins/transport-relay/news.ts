/**
 * Server-sent events (spec/backbone-protocol.md 9).
 *
 * N1. Every stream that opens wakes at once: what came while there was none is not missed.
 * N2. A stream that ends, or is silent for twice its keep-alive time, is followed by another, after a back-off.
 * N3. After `stop` nothing wakes any more. A session that is not let in is not tried again: it would lock its device.
 */
import { createParser } from "eventsource-parser";
import { type ClockPort, type EntropyPort, operations, type Session } from "rapport/core";
import type { Dispatcher } from "undici";
import { newsGoodAfterMs, newsLineCharactersMax, newsWaitMaxMs, newsWaitMs } from "./limits.ts";
import type { Letterhead } from "./request.ts";
import type { Sessions } from "./sessions.ts";

/** Who listens, and to what. The pool ends streams that are silent for too long. */
export interface Listening {
  readonly pool: Dispatcher;
  readonly letterhead: Letterhead;
  readonly session: Session;
  readonly sessions: Sessions;
  readonly wake: () => void;
  readonly clock: Pick<ClockPort, "now" | "sleep">;
  readonly entropy: EntropyPort;
}

/** Listens until the returned function is called. */
export function listen(listening: Listening): () => void {
  const stop = new AbortController();
  // What goes wrong on the way ends one stream and is answered by the next.
  keepListening(listening, stop.signal).catch(() => undefined);
  return () => stop.abort();
}

async function keepListening(listening: Listening, stop: AbortSignal): Promise<void> {
  const { clock, entropy } = listening;
  for (let attempt = 1; !stop.aborted; attempt += 1) {
    const beganAtMs = clock.now();
    const end = await oneStream(listening, stop).catch((): End => "ended");
    if (end === "refused" || stop.aborted) return;
    if (end === "ended" && clock.now() - beganAtMs >= newsGoodAfterMs) attempt = 1;
    await clock.sleep(end === "locked" ? newsWaitMaxMs : waitOf(entropy, attempt), stop);
  }
}

type End = "ended" | "refused" | "locked";

function waitOf(entropy: EntropyPort, attempt: number): number {
  const full = Math.min(newsWaitMaxMs, newsWaitMs * 2 ** Math.min(attempt - 1, 30));
  const [byte = 0] = entropy.bytes(1);
  return Math.round(full * (0.5 + byte / 512));
}

async function oneStream(listening: Listening, stop: AbortSignal): Promise<End> {
  const { session, sessions } = listening;
  const login = await sessions.loginOf(session);
  if (stop.aborted) return "ended";
  if (!login.ok) return login.answer.status !== 401 ? "ended" : login.isTemporary ? "locked" : "refused";
  const status = await streamed(listening, { token: login.token, stop });
  if (status === 401) sessions.forget(session, login.token);
  return "ended";
}

// The status that the relay answered with, once the stream is over.
function streamed(
  { pool, letterhead, wake }: Listening,
  { token, stop }: { readonly token: string; readonly stop: AbortSignal },
): Promise<number> {
  const { prefix, headers } = letterhead;
  const path = `${prefix}${operations.openEventStream.path}`;
  const authorization = `Bearer ${token}`;
  const tell = () => {
    if (!stop.aborted) quietly(wake);
  };
  return new Promise((resolve) => {
    let status = 0;
    let leave = () => {};
    const over = () => {
      stop.removeEventListener("abort", leave);
      resolve(status);
    };
    const { feed } = reader(tell);
    pool.dispatch(
      { method: "GET", path, headers: { ...headers, authorization, accept: "text/event-stream" } },
      {
        onRequestStart: (controller) => {
          leave = () => controller.abort(new Error("Nobody listens any more."));
          stop.addEventListener("abort", leave);
          if (stop.aborted) leave();
        },
        onResponseStart: (controller, statusCode, fields) => {
          status = statusCode;
          const isStream = status === 200 && String(fields["content-type"]).startsWith("text/event-stream");
          if (isStream) tell();
          else controller.abort(new Error("This is no stream of news."));
        },
        onResponseData: (_controller, chunk) => feed(chunk),
        onResponseEnd: over,
        onResponseError: over,
      },
    );
  });
}

function reader(tell: () => void): { feed(chunk: Uint8Array): void } {
  const decoder = new TextDecoder();
  const parser = createParser({
    maxBufferSize: newsLineCharactersMax,
    onEvent: ({ event }) => {
      if (event === "ExternalEventCreated") tell();
    },
  });
  return { feed: (chunk) => parser.feed(decoder.decode(chunk, { stream: true })) };
}

// Whoever is woken looks after their own errors; they must not end the stream.
function quietly(wake: () => void): void {
  try {
    wake();
  } catch {}
}
