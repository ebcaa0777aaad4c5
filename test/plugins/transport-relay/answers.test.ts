// What a relay may answer that is not as the protocol says: nothing of it is more than an Answer or a fault.
import { X509Certificate } from "node:crypto";
import type { Call } from "rapport/core";
import { createRelayTransport, type RelayTls } from "rapport/plugins/transport-relay";
import { describe, expect, test } from "vitest";
import { selfSigned } from "./certificate.ts";
import { openSecure, openStrange, type Reply, raw, result, session } from "./strange-relay.ts";

const get: Call = { operation: "getMessage", params: { id: "MSG00000000000000001" } };
const post: Call = { operation: "createTemplate", body: '{"content":"YQ"}', idempotencyKey: "key-1" };

const problemOf = (answer: Promise<unknown>): Promise<unknown> =>
  answer.then(
    () => undefined,
    (problem: unknown) => problem,
  );

describe("requests", () => {
  test("carry what the table and the call say", async () => {
    const { transport, calls } = await openStrange(result({ id: "x" }), { headers: { "x-tenant": "a" } });

    await transport.call(post, session);
    await transport.call({ operation: "startSyncRun", body: "{}" }, session);
    await transport.call({ operation: "listMessages", query: { ids: ["a b", "c"], pageNumber: "2" } }, session);
    await transport.call({ operation: "deleteToken", params: { id: "../a?b" } }, session);
    await transport.call({ operation: "deleteToken", params: { id: ".." } });
    await transport.call({ operation: "getTags", etag: '"7"', supportedDatawalletVersion: 3 });

    const [template, run, messages, odd, dots, tags] = calls();
    expect(template).toMatchObject({ method: "POST", url: "/api/v2/RelationshipTemplates", body: post.body });
    expect(template?.headers).toMatchObject({
      authorization: "Bearer t",
      "content-type": "application/json",
      "idempotency-key": "key-1",
      "x-tenant": "a",
    });
    expect(template?.headers).not.toHaveProperty("x-supported-datawallet-version");
    expect(run?.headers).toMatchObject({ "x-supported-datawallet-version": "1" });
    expect(messages?.url).toBe("/api/v2/Messages?ids=a%20b&ids=c&pageNumber=2");
    expect(odd?.url).toBe("/api/v2/Tokens/..%2Fa%3Fb");
    expect(dots?.url).toBe("/api/v2/Tokens/%2E%2E");
    expect(dots?.headers).not.toHaveProperty("authorization");
    expect(tags?.headers).toMatchObject({ "if-none-match": '"7"', "x-supported-datawallet-version": "3" });
  });

  test("go below the path of the base URL", async () => {
    const { transport, calls } = await openStrange(result([]));
    const below = createRelayTransport({ baseUrl: `${transport.baseUrl}/backbone/` });

    await below.call({ operation: "listDevices" }, session);
    await below[Symbol.asyncDispose]();

    expect(calls().map(({ url }) => url)).toEqual(["/backbone/api/v2/Devices"]);
  });
});

describe("answers", () => {
  test("a relay of others is one without our header", async () => {
    const others = await openStrange(result({ id: "x" }));
    const ours = await openStrange(result({ id: "x" }, { "x-rapport-relay": "0.1.0" }));

    expect(await others.transport.call(get)).toEqual({ ok: true, status: 200, result: { id: "x" }, rapport: false });
    expect(await ours.transport.call(get)).toMatchObject({ rapport: true });
  });

  test.for<[string, Reply, number, string]>([
    ["an envelope", raw(400, '{"error":{"code":"error.a.b","message":"No."}}'), 400, "error.a.b"],
    ["a 400 that is no envelope", raw(400, "{}"), 400, "error.transport.request.badRequest"],
    ["a 404 of a proxy", raw(404, "<html>", "text/html"), 404, "error.transport.request.notFound"],
    ["a 403 without a body", raw(403, ""), 403, "error.platform.forbidden"],
    ["an exhausted quota without envelope", raw(429, ""), 429, "error.platform.unexpected"],
    ["a gateway that gave up", raw(502, "<html>", "text/html"), 502, "error.platform.unexpected"],
    ["an envelope of nonsense", raw(500, '{"error":{"code":7,"message":[]}}'), 500, "error.platform.unexpected"],
  ])("%s is an error as a value", async ([, reply, status, code]) => {
    const { transport } = await openStrange(reply);

    expect(await transport.call(get)).toMatchObject({ ok: false, status, error: { code }, rapport: false });
  });

  test.for<[string, Reply]>([
    ["a success that is not JSON", raw(200, "<html>", "text/html")],
    ["JSON under a wrong name", raw(200, '{"result":{}}', "text/plain")],
    ["JSON that ends in the middle", raw(200, '{"result":{"id"')],
    ["bytes that are no UTF-8", (response) => response.writeHead(200, json).end(Buffer.from([0x22, 0xff, 0x22]))],
    ["a success without result", raw(200, '{"results":[]}')],
    ["a success with a result that says nothing", raw(200, '{"result":null}')],
    ["a success that is a list", raw(200, "[]")],
    ["an empty success", raw(200, "")],
    ["a redirect", (response) => response.writeHead(302, { location: "http://127.0.0.1:1/" }).end()],
    ["a promise of more than came", (response) => response.writeHead(200, { ...json, "content-length": 9 }).end("{}")],
  ])("%s is the fault relay.unreachable, and the call may have had its effect", async ([, reply]) => {
    const { transport } = await openStrange(reply);

    const problem = await problemOf(transport.call(post, session));

    expect(problem).toMatchObject({ code: "relay.unreachable", retry: true, details: { sent: true } });
  });

  test("a list without a sensible number of pages is a single page", async () => {
    const { transport } = await openStrange(raw(200, '{"result":[],"pagination":{"totalPages":"many"}}'));

    expect(await transport.call({ operation: "listMessages" })).toEqual({
      ok: true,
      status: 200,
      result: [],
      rapport: false,
    });
  });

  test("an endless answer is cut off", async () => {
    const { transport } = await openStrange((response) => {
      response.writeHead(200, json);
      const chunk = Buffer.alloc(1024 * 1024, 0x20);
      const more = () => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on("drain", more);
      more();
    });

    expect(await problemOf(transport.call(post))).toMatchObject({ code: "relay.unreachable", details: { sent: true } });
  });
});

const json = { "content-type": "application/json" };

describe("a network that fails", () => {
  test("a port where nobody listens: no byte left", async () => {
    const { transport, server } = await openStrange(result({}));
    await new Promise((resolve) => server.close(resolve));

    expect(await problemOf(transport.call(post))).toMatchObject({
      code: "relay.unreachable",
      details: { sent: false },
    });
  });

  test("a name that nobody has: no byte left", async () => {
    await using transport = createRelayTransport({ baseUrl: "http://relay.invalid" });

    expect(await problemOf(transport.call(post))).toMatchObject({
      code: "relay.unreachable",
      details: { sent: false },
    });
  });

  test("a reset before and amid the answer: the call may have had its effect, and is not sent again", async () => {
    const { transport, calls } = await openStrange((response, { url }) => {
      if (url.includes("Messages")) {
        response.writeHead(200, { ...json, "content-length": 100 });
        response.write('{"result":');
      }
      setImmediate(() => response.socket?.resetAndDestroy());
    });

    const before = await problemOf(transport.call(post));
    const amid = await problemOf(transport.call({ operation: "createMessage", body: "{}" }));

    expect(before).toMatchObject({ code: "relay.unreachable", details: { sent: true } });
    expect(amid).toMatchObject({ code: "relay.unreachable", details: { sent: true } });
    expect(calls()).toHaveLength(2);
  });

  test("a read over a connection that broke is repeated once", async () => {
    let broken = 0;
    const { transport, calls } = await openStrange((response, heard) => {
      broken += 1;
      if (broken === 1) response.socket?.resetAndDestroy();
      else result({ id: "x" })(response, heard);
    });

    expect(await transport.call(get)).toMatchObject({ ok: true, result: { id: "x" } });
    expect(calls()).toHaveLength(2);
  });

  test("an answer that does not come in time is given up", async () => {
    const { transport } = await openStrange(() => undefined, { answerMs: 50 });

    expect(await problemOf(transport.call(post))).toMatchObject({ code: "relay.unreachable", details: { sent: true } });
  });

  test("after its end a transport sends nothing", async () => {
    const { transport, heard } = await openStrange(result({}));
    await transport[Symbol.asyncDispose]();

    expect(await problemOf(transport.call(post))).toMatchObject({
      code: "relay.unreachable",
      details: { sent: false },
    });
    expect(heard).toEqual([]);
  });
});

describe("TLS", () => {
  test("a certificate that nobody vouches for is refused before a byte leaves, unless it is trusted by name", async () => {
    const baseUrl = await openSecure(result({ majorVersion: "7" }), selfSigned);
    await using wary = createRelayTransport({ baseUrl });
    await using trusting = createRelayTransport({ baseUrl, tls: { ca: selfSigned.cert } });

    const refused = await problemOf(wary.call({ operation: "getVersion" }));
    const answer = await trusting.call({ operation: "getVersion" });

    expect(refused).toMatchObject({ code: "relay.unreachable", details: { sent: false } });
    expect((refused as Error).cause).toMatchObject({ code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
    expect(answer).toMatchObject({ ok: true, result: { majorVersion: "7" } });
  });

  test("a relay that shows another certificate than those pinned is not spoken to, trusted or not", async () => {
    const baseUrl = await openSecure(result({ majorVersion: "7" }), selfSigned);
    const { fingerprint256 } = new X509Certificate(selfSigned.cert);
    const ca = selfSigned.cert;
    const call = async (tls: RelayTls) => {
      await using transport = createRelayTransport({ baseUrl, tls });
      return await transport.call({ operation: "getVersion" });
    };
    const bare = fingerprint256.replaceAll(":", "").toLowerCase();

    const other = await problemOf(call({ ca, fingerprints: ["ab".repeat(32)] }));
    const none = await problemOf(call({ ca, fingerprints: [] }));
    const untrusted = await problemOf(call({ fingerprints: [fingerprint256] }));

    for (const problem of [other, none, untrusted]) {
      expect(problem).toMatchObject({ code: "relay.unreachable", details: { sent: false } });
    }
    expect(await call({ ca, fingerprints: ["ab".repeat(32), fingerprint256] })).toMatchObject({ ok: true });
    expect(await call({ ca, fingerprints: [bare] })).toMatchObject({ ok: true });
  });

  test("a trusted certificate for another host is refused, too", async () => {
    const baseUrl = await openSecure(result({}), selfSigned);
    const { port } = new URL(baseUrl);
    await using transport = createRelayTransport({
      baseUrl: `https://127.0.0.2:${port}`,
      tls: { ca: selfSigned.cert },
    });

    const problem = await problemOf(transport.call({ operation: "getVersion" }));

    expect(problem).toMatchObject({ code: "relay.unreachable", details: { sent: false } });
  });
});
