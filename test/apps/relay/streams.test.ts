import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { createMetrics } from "rapport/relay/http";
import { describe, expect, test } from "vitest";
import { pend } from "../../relay/parties.ts";
import { type Client, type Served, serve } from "./served.ts";

/** An open stream and the names of the events that came. */
interface Stream {
  readonly response: IncomingMessage;
  /** Resolves with the first so many names. */
  names(count: number): Promise<readonly string[]>;
  readonly ended: Promise<unknown>;
}

async function listen({ url }: Served, { token }: Client, path = "/api/v1/sse"): Promise<Stream> {
  const request = get(url + path, { headers: { authorization: `Bearer ${token}` } });
  const [response]: IncomingMessage[] = await once(request, "response");
  if (response === undefined) throw new Error("no response");
  let text = "";
  response.on("data", (chunk) => {
    text += chunk;
    response.emit("frame");
  });
  response.on("error", () => undefined);
  const namesNow = () => [...text.matchAll(/^event: (.*)\ndata: _\n\n/gm)].map(([, name = ""]) => name);
  return {
    response,
    names: async (count) => {
      while (namesNow().length < count) await once(response, "frame");
      return namesNow();
    },
    ended: once(response, "close"),
  };
}

describe("an event stream", () => {
  test.for(["/api/v1/sse", "/api/v2/sse"])("at %s begins with ConnectionOpened and tells of news", async (path) => {
    const served = await serve();
    const [owner, guest] = [await served.client(), await served.client()];
    const stream = await listen(served, owner, path);

    await pend(inProcess(served, guest), inProcess(served, owner));

    expect(stream.response.headers["content-type"]).toBe("text/event-stream");
    expect(stream.response.headers["x-rapport-relay"]).toBeDefined();
    expect(await stream.names(2)).toEqual(["ConnectionOpened", "ExternalEventCreated"]);
  });

  test("tells of modifications by other devices, not by its own", async () => {
    const served = await serve({ streamKeepAliveMs: 100 });
    const one = await served.client();
    const version = { "x-supported-datawallet-version": "1" };
    const start = await one.ask("/api/v2/SyncRuns", { body: { type: "DatawalletVersionUpgrade" }, headers: version });
    const path = `/api/v2/SyncRuns/${start.json.result.syncRun.id}/FinalizeDatawalletVersionUpgrade`;
    const body = { newDatawalletVersion: 1, datawalletModifications: [] };
    await one.ask(path, { method: "PUT", body, headers: version });
    const push = { objectIdentifier: "x", collection: "c", type: "Create", datawalletVersion: 1 };
    const pushAs = (deviceId: string, localIndex: number) =>
      served.relay.call(
        { operation: "pushModifications", body: JSON.stringify({ localIndex, modifications: [push] }) },
        { ...one.caller, deviceId },
      );
    const stream = await listen(served, one);

    await pushAs(one.caller.deviceId, -1);
    await pushAs("DVCanotherdeviceofme", 0);

    const names = (await stream.names(2)).filter((name) => name !== "keep-alive");
    expect(names).toEqual(["ConnectionOpened", "DatawalletModificationsCreated"]);
  });

  test("gives signs of life", async () => {
    const served = await serve({ streamKeepAliveMs: 10 });
    const stream = await listen(served, await served.client());

    expect(await stream.names(3)).toEqual(["ConnectionOpened", "keep-alive", "keep-alive"]);
  });

  test("ends when the identity opens a new one", async () => {
    const metrics = createMetrics();
    const served = await serve({ metrics });
    const client = await served.client();
    const first = await listen(served, client);

    const second = await listen(served, client);
    await first.ended;

    expect(await second.names(1)).toEqual(["ConnectionOpened"]);
    expect(await metrics.text()).toContain("rapport_relay_open_streams 1\n");
  });

  test("is forgotten when its client goes", async () => {
    const metrics = createMetrics();
    const served = await serve({ metrics });
    const stream = await listen(served, await served.client());

    stream.response.destroy();

    await expect.poll(() => metrics.text()).toContain("rapport_relay_open_streams 0\n");
  });

  test("ends when the server closes", async () => {
    const served = await serve();
    const stream = await listen(served, await served.client());

    await served.server.close();
    await stream.ended;

    expect(stream.response.complete).toBe(true);
  });

  test("that nobody reads is cut", async () => {
    const metrics = createMetrics();
    const served = await serve({ metrics, streamKeepAliveMs: 1 }, { as: flooding });
    const { token } = await served.client();
    const socket = connect(Number(new URL(served.url).port), "127.0.0.1");
    socket.on("error", () => undefined);
    socket.write(`GET /api/v1/sse HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`);
    await once(socket, "data");

    socket.pause();

    await expect.poll(() => metrics.text(), { timeout: 20_000 }).toContain("rapport_relay_open_streams 0\n");
    socket.destroy();
  });

  test("ends when the identity is erased, and says nothing of it", async () => {
    const metrics = createMetrics();
    const served = await serve({ metrics });
    const client = await served.client();
    const stream = await listen(served, client);

    await served.relay.admin.eraseIdentity(client.caller.address);
    await stream.ended;

    expect(stream.response.complete).toBe(true);
    expect(await stream.names(1)).toEqual(["ConnectionOpened"]);
    expect(await metrics.text()).toContain("rapport_relay_open_streams 0\n");
  });

  test("of an identity that ended unheard ends after a sign of life", async () => {
    const served = await serve({ streamKeepAliveMs: 10 });
    const [client, other] = [await served.client(), await served.client()];
    const [stream, living] = [await listen(served, client), await listen(served, other)];

    await endNow(client);
    await stream.ended;

    expect(stream.response.complete).toBe(true);
    const seen = (await living.names(1)).length;
    expect(await living.names(seen + 2)).toContain("keep-alive");
  });

  test("is refused to an identity that has ended", async () => {
    const client = await (await serve()).client();

    await endNow(client);

    const { status, json } = await client.ask("/api/v1/sse");
    expect([status, json.error.code]).toEqual([401, "error.platform.unauthorized"]);
  });

  test("needs a login", async () => {
    const { ask } = await serve();

    expect((await ask("/api/v1/sse")).status).toBe(401);
  });
});

/** Starts the deletion of an identity without a grace period. */
function endNow({ ask }: Client): Promise<unknown> {
  return ask("/api/v2/Identities/Self/DeletionProcesses", { body: { lengthOfGracePeriodInDays: 0 } });
}

/** A relay that has more news than a socket's buffers hold. */
function flooding(relay: Served["relay"]): Served["relay"] {
  return {
    ...relay,
    onNews: (address, wake) => {
      const timer = setInterval(() => {
        for (let count = 0; count < 10_000; count += 1) wake({ kind: "ExternalEventCreated", address });
      }, 1);
      return () => clearInterval(timer);
    },
  };
}

/** The client as those of the relay's own tests, past HTTP. */
function inProcess({ relay }: Served, { caller, password }: Client): Parameters<typeof pend>[0] {
  const party = {
    caller,
    address: caller.address,
    password,
    ok: async (
      operation: Parameters<typeof relay.call>[0]["operation"],
      { id, body }: { id?: string; body?: object } = {},
    ) => {
      const params = id === undefined ? {} : { params: { id } };
      const answer = await relay.call({ operation, ...params, body: JSON.stringify(body ?? {}) }, caller);
      if (!answer.ok) throw new Error(answer.error.message);
      return answer.result;
    },
  };
  return party as unknown as Parameters<typeof pend>[0];
}
