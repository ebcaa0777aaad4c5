/**
 * Server-sent events (spec/backbone-protocol.md 9).
 *
 * S1. One stream for an identity: a new one ends the old.
 * S2. A waiting stream lets go of what served its request, and costs less than 20 KB of memory (12 measured, with 10,000).
 * S3. Who does not read is cut: a stream never holds more than a few frames.
 * S4. The stream of an identity ends with the identity: at once if the news of it come, else after the next sign of life.
 */
import type { ServerResponse } from "node:http";
import type { Caller, NewsItem, Relay } from "rapport/relay";
import { unreadBytesMax } from "./limits.ts";

/** The waiting streams of one server. */
export interface EventStreams {
  readonly count: number;
  /** Takes the response over, until its client goes or a newer stream comes. */
  open(response: ServerResponse, caller: Caller, headers: Readonly<Record<string, string>>): void;
  /** Ends all of them; later ones end at once. */
  close(): void;
}

interface Stream {
  readonly response: ServerResponse;
  readonly caller: Caller;
  readonly stop: () => void;
}

/** Makes an empty set; `keepAliveMs` is the time between two signs of life. */
export function createEventStreams(relay: Relay, keepAliveMs: number): EventStreams {
  const streamByAddress = new Map<string, Stream>();
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;
  let isLooking = false;

  const forget = (address: string, response: ServerResponse) => {
    const stream = streamByAddress.get(address);
    if (stream?.response !== response) return;
    stream.stop();
    streamByAddress.delete(address);
    if (streamByAddress.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
  const finish = (address: string, response: ServerResponse) => {
    forget(address, response);
    end(response);
  };
  // News may be lost (S4). One after the other, so that ten thousand do not ask at once.
  const look = async () => {
    if (isLooking) return;
    isLooking = true;
    for (const [address, { response, caller }] of [...streamByAddress]) {
      if (isClosed) break;
      if (streamByAddress.get(address)?.response !== response) continue;
      const { status } = await relay.call({ operation: "openEventStream" }, caller);
      if (status === unauthorized) finish(address, response);
    }
    isLooking = false;
  };
  // One timer for all: ten thousand of them would cost more than what they do.
  const signLife = async () => {
    for (const { response } of streamByAddress.values()) tell(response, "keep-alive");
    await look();
  };

  return {
    get count() {
      return streamByAddress.size;
    },
    open: (response, caller, headers) => {
      const { address, deviceId } = caller;
      const old = streamByAddress.get(address)?.response;
      if (old !== undefined) finish(address, old);
      begin(response, headers);
      if (isClosed || response.destroyed) return end(response);
      const stop = relay.onNews(address, (item) => {
        if (item.kind === "IdentityEnded") finish(address, response);
        else if (isFor(item, deviceId)) tell(response, item.kind);
      });
      streamByAddress.set(address, { response, caller, stop });
      timer ??= setInterval(signLife, keepAliveMs).unref();
      response.once("close", () => forget(address, response));
      tell(response, "ConnectionOpened");
    },
    close: () => {
      isClosed = true;
      for (const { response } of streamByAddress.values()) end(response);
    },
  };
}

const unauthorized = 401;

/** Sends the head, and lets go of everybody who waits for the end of an ordinary answer (S2). */
function begin(response: ServerResponse, headers: Readonly<Record<string, string>>): void {
  response.writeHead(200, {
    ...headers,
    "content-type": "text/event-stream",
    "cache-control": "no-store",
    // Proxies that collect answers would keep the events for themselves.
    "x-accel-buffering": "no",
    connection: "close",
  });
  response.removeAllListeners("finish");
  response.removeAllListeners("error");
  response.on("error", ignore);
}

/** The connection was taken from those who would have closed it. */
function end(response: ServerResponse): void {
  const { socket } = response;
  response.end(() => socket?.end());
}

/** A client that goes away in the middle of a frame is seen by `close`. */
function ignore(): void {}

/** The device that made the modifications knows them. */
function isFor(item: NewsItem, deviceId: string): boolean {
  return item.kind !== "DatawalletModificationsCreated" || item.byDevice !== deviceId;
}

function tell(response: ServerResponse, name: string): void {
  if (response.writableLength > unreadBytesMax) return void response.destroy();
  response.write(`event: ${name}\ndata: _\n\n`);
}
