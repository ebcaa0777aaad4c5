/**
 * News through LISTEN and NOTIFY, on a connection of its own.
 *
 * W1. At most one connection is open or being opened. W2. While there is none, what is told is dropped.
 */
import { createTellings, topicsIn, type WakeUpsPort } from "rapport/core";
import { loadPg } from "./driver.ts";
import { faultOf } from "./faults.ts";
import {
  connectMs,
  notifiesWaitingMax,
  payloadBytesMax,
  reconnectMaxMs,
  reconnectMinMs,
  tellPauseMs,
  topicsWaitingMax,
} from "./limits.ts";

/** The methods this plugin needs of a connection that listens. `pg` has them as Client. */
export interface PostgresListener {
  query(text: string, values: unknown[]): Promise<unknown>;
  on(event: "notification", hear: (message: { payload?: string | undefined }) => void): unknown;
  on(event: "error" | "end", gone: () => void): unknown;
  end(): Promise<unknown>;
}

/** Options of news through PostgreSQL. */
export type PostgresWakeUpsOptions = {
  /** The channel that all processes of a relay share: `rapport_wake_ups`. */
  readonly channel?: string;
} & (
  | { readonly connectionString: string; readonly listen?: undefined }
  /** Opens a connection that is not shared with anybody, behind no pooler that hands it to others. */
  | { readonly listen: () => Promise<PostgresListener>; readonly connectionString?: undefined }
);

/** Carries news between all processes that use the same database and channel. */
export function createPostgresWakeUps(options: PostgresWakeUpsOptions): WakeUpsPort {
  const { channel = "rapport_wake_ups" } = options;
  const listen = options.listen ?? (() => listenWithPg(options.connectionString));
  let line: Line | undefined;
  const tellings = createTellings({
    send: (payload) => line?.notify(payload),
    later: (run) => setTimeout(run, tellPauseMs).unref(),
    payloadBytesMax,
    topicsWaitingMax,
  });

  return {
    open: async (hear) => {
      const opened = createLine({ listen, channel, hear });
      try {
        await opened.connect();
      } catch (problem) {
        throw faultOf(problem, channel);
      }
      line = opened;
    },
    tell: (topics) => {
      if (line !== undefined) tellings.tell(topics);
    },
    [Symbol.asyncDispose]: async () => {
      tellings.finish();
      const ending = line;
      line = undefined;
      await ending?.end();
    },
  };
}

interface LineParts {
  readonly listen: () => Promise<PostgresListener>;
  readonly channel: string;
  readonly hear: (topics: readonly string[]) => void;
}

type Line = ReturnType<typeof createLine>;

/** A connection that is opened again when it breaks. */
function createLine({ listen, channel, hear }: LineParts) {
  let listener: PostgresListener | undefined;
  let timer: NodeJS.Timeout | undefined;
  let pauseMs = reconnectMinMs;
  let isEnding = false;
  let last: Promise<unknown> = Promise.resolve();
  const running = new Set<Promise<unknown>>();

  const connect = async () => {
    const made = await listen();
    const gone = () => lost(made);
    made.on("error", gone);
    made.on("end", gone);
    made.on("notification", ({ payload = "" }) => {
      if (!isEnding) hear(topicsIn(payload));
    });
    try {
      // A notification need not outlive a crash of the server, so it does not wait for the disk.
      await made.query("SET synchronous_commit = off", []);
      await made.query(`LISTEN "${channel.replaceAll('"', '""')}"`, []);
    } catch (problem) {
      await closed(made);
      throw problem;
    }
    if (isEnding) return closed(made);
    listener = made;
    pauseMs = reconnectMinMs;
  };
  const again = () => {
    if (isEnding || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      track(connect().catch(again));
    }, pauseMs).unref();
    pauseMs = Math.min(2 * pauseMs, reconnectMaxMs);
  };
  const lost = (broken: PostgresListener) => {
    if (listener !== broken) return;
    listener = undefined;
    track(closed(broken));
    again();
  };
  const track = (work: Promise<unknown>) => {
    running.add(work);
    work.finally(() => running.delete(work)).catch(() => {});
  };

  return {
    connect,
    notify: (payload: string) => {
      const current = listener;
      if (current === undefined || running.size >= notifiesWaitingMax) return;
      // One after the other, as clients want it. A failed one is dropped; a connection that failed says so by itself.
      last = last.then(() => current.query("SELECT pg_notify($1, $2)", [channel, payload])).catch(() => {});
      track(last);
    },
    end: async () => {
      isEnding = true;
      clearTimeout(timer);
      await Promise.allSettled(running);
      if (listener !== undefined) await closed(listener);
    },
  };
}

async function closed(listener: PostgresListener): Promise<void> {
  await listener.end().catch(() => {
    // It is closed either way.
  });
}

async function listenWithPg(connectionString: string): Promise<PostgresListener> {
  const { Client } = await loadPg();
  const client = new Client({ connectionString, connectionTimeoutMillis: connectMs, keepAlive: true });
  await client.connect();
  return client;
}
