// Server-sent events: nothing is missed between two streams, and nothing wakes after the end.
import type { ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { openStrange, type Reply, raw, session } from "./strange-relay.ts";

/** A relay with a stream of news, in the hands of the test. */
async function openStream(options: Parameters<typeof openStrange>[1] = {}, first: readonly Reply[] = []) {
  const streams: ServerResponse[] = [];
  const opened = createQueue<ServerResponse>();
  const replies = [...first];
  const waits: number[] = [];
  const clock = {
    now: () => 0,
    sleep: async (ms: number) => {
      waits.push(ms);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
  const strange = await openStrange(
    (response, heard) => {
      const other = replies.shift();
      if (other !== undefined) return other(response, heard);
      response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
      response.write("event: ConnectionOpened\ndata: _\n\n");
      streams.push(response);
      opened.put(response);
    },
    { clock, entropy: { bytes: (count) => new Uint8Array(count) }, ...options },
  );
  const woken = createQueue<true>();
  let wakes = 0;
  const stop = strange.transport.onNews?.(session, () => {
    wakes += 1;
    woken.put(true);
  });
  return { ...strange, stop: stop ?? (() => undefined), opened, woken, waits, wakes: () => wakes };
}

/** What came and is waited for, in order. */
function createQueue<T>() {
  const items: T[] = [];
  const waiting: ((item: T) => void)[] = [];
  return {
    put: (item: T) => {
      const next = waiting.shift();
      if (next === undefined) items.push(item);
      else next(item);
    },
    next: () => {
      const item = items.shift();
      return item === undefined ? new Promise<T>((resolve) => waiting.push(resolve)) : Promise.resolve(item);
    },
  };
}

const tell = (stream: ServerResponse, name: string) => stream.write(`event: ${name}\ndata: _\n\n`);

describe("a stream of news", () => {
  test("wakes when it opens, and for external events alone, however they are cut into pieces", async () => {
    const { opened, woken, wakes, calls, stop } = await openStream();
    const stream = await opened.next();
    await woken.next();

    tell(stream, "keep-alive");
    tell(stream, "DatawalletModificationsCreated");
    stream.write(": a comment\n\nevent: External");
    stream.write("EventCreated\r\ndata: _\r\n\r\n");
    await woken.next();

    expect(wakes()).toBe(2);
    expect(calls()).toMatchObject([{ method: "GET", url: "/api/v1/sse", headers: { authorization: "Bearer t" } }]);
    stop();
  });

  test("is followed by another when it ends or breaks, which wakes for what was missed", async () => {
    const { opened, woken, wakes, waits, stop } = await openStream();
    await woken.next();
    (await opened.next()).end();
    await woken.next();
    (await opened.next()).socket?.resetAndDestroy();

    await woken.next();

    expect(wakes()).toBe(3);
    expect(waits).toEqual([500, 1_000]);
    stop();
  });

  test("that is silent for twice its keep-alive time is followed by another", async () => {
    const { opened, woken, wakes, stop } = await openStream({ keepAliveMs: 20 });
    await opened.next();
    await woken.next();

    await woken.next();

    expect(wakes()).toBe(2);
    stop();
  });

  test("that a relay does not give is asked for again, later each time", async () => {
    const gone = raw(503, "<html>", "text/html");
    const { woken, waits, stop } = await openStream({}, [gone, gone, raw(200, "{}"), gone]);

    await woken.next();

    expect(waits).toEqual([500, 1_000, 2_000, 4_000]);
    stop();
  });

  test("that needs a new token logs in again", async () => {
    const { woken, logins, stop } = await openStream({}, [raw(401, "")]);

    await woken.next();

    expect(logins()).toBe(2);
    stop();
  });

  test("is not asked for again by a session that is not let in, which would lock its device", async () => {
    const { heard, waits, stop, transport } = await openStream({ logIn: raw(400, '{"error":"invalid_grant"}') });

    await transport.call({ operation: "getDevice" }, session);
    await transport.call({ operation: "getDevice" }, session);

    expect(heard.length).toBeLessThanOrEqual(3);
    expect(waits).toEqual([]);
    stop();
  });

  test.for(["stop", "dispose"] as const)("is over after %s", async (how) => {
    const { opened, woken, wakes, stop, transport, calls } = await openStream();
    const stream = await opened.next();
    await woken.next();
    const closed = new Promise((resolve) => stream.once("close", resolve));

    if (how === "stop") stop();
    else await transport[Symbol.asyncDispose]();
    await closed;

    stop();
    expect(wakes()).toBe(1);
    expect(calls()).toHaveLength(1);
  });

  test("survives whoever throws when woken", async () => {
    const { transport, opened, stop } = await openStream();
    const first = await opened.next();
    first.end();
    stop();
    const woken = createQueue<true>();

    const end = transport.onNews?.(session, () => {
      woken.put(true);
      throw new Error("I am not awake yet.");
    });
    await woken.next();
    tell(await opened.next(), "ExternalEventCreated");
    await woken.next();

    end?.();
  });
});
