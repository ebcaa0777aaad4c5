import { createServer } from "node:http";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { addressOf, befriended, ok, type Result, template, v2 } from "./calls.ts";
import { hostileValues, type Known, nearlyRight, refusedBodies } from "./security-samples.ts";
import { mainKey, openGuarded, type RouteCall, routeCalls } from "./security-stage.ts";
import { type Actor, openStage, type Stage } from "./stage.ts";

const taking = routeCalls.filter(({ operation: { method, form, isDebug } }) => {
  return method !== "GET" && form === undefined && isDebug !== true;
});

let stage: Stage;
let alice: Actor;
let known: Known;
beforeAll(async () => {
  stage = await openStage();
  alice = await openGuarded(stage, "alice");
  known = await objectsOf(alice, await openGuarded(stage, "bob"));
});
afterAll(() => stage[Symbol.asyncDispose]());

/** One object of each kind, so that hostile values reach what works with them. */
async function objectsOf(one: Actor, other: Actor): Promise<Known> {
  const { id: REL } = await befriended(one, other);
  const [address, own, theirs] = [await addressOf(other), await template(one), await template(other)];
  const attribute = { content: { value: { "@type": "GivenName", value: "A" } } };
  const mail = { "@type": "Mail", to: [address], subject: "s", body: "b" };
  const query = { "@type": "IdentityAttributeQuery", valueType: "GivenName" };
  const content = { items: [{ "@type": "ReadAttributeRequestItem", mustBeAccepted: true, query }] };
  const { id: ATT } = await ok(one, `POST ${v2}/Attributes`, attribute);
  const { id: MSG } = await ok(one, `POST ${v2}/Messages`, { recipients: [address], content: mail });
  const { id: REQ } = await ok(one, `POST ${v2}/Requests/Outgoing`, { peer: address, content });
  const ids = { REL, ATT, MSG, REQ, RLT: own.id, templateId: theirs.id };
  return { ...ids, peer: address, address, recipients: [address], reference: theirs.truncatedReference };
}

function placeOf({ path }: RouteCall): string {
  const noun = /Relationships|Templates|Attributes|Messages|Requests|Files/.exec(path)?.[0] ?? "";
  const prefixes = { Relationships: "REL", Templates: "RLT", Attributes: "ATT", Messages: "MSG", Requests: "REQ" };
  const prefix = Object.hasOwn(prefixes, noun) ? prefixes[noun as keyof typeof prefixes] : "FIL";
  return path.replaceAll(/:(\w+)/g, (_all, name) =>
    String(known[name] ?? known[prefix] ?? `${prefix}${"A".repeat(17)}`),
  );
}

async function send(method: string, path: string, { body, headers = {} }: { body: string | Blob; headers?: object }) {
  const all = { "content-type": "application/json", "x-api-key": mainKey, ...headers };
  const answer = await fetch(alice.url + path, { method, headers: all, body });
  const text = await answer.text();
  return { status: answer.status, error: answer.status < 400 ? undefined : (JSON.parse(text).error as Result) };
}

const envelope = { id: expect.stringMatching(/^ERR/), code: expect.any(String), message: expect.any(String) };

/** A legal no in the envelope, or a yes; never a failure. */
async function expectNoFailure(route: RouteCall, bodies: readonly string[]): Promise<void> {
  const path = placeOf(route);
  for (const body of bodies) {
    const { status, error } = await send(route.operation.method, path, { body });
    const told = { route: route.name, body: body.slice(0, 200), status };
    expect(told).toEqual({ ...told, status: expect.toSatisfy((one: number) => one < 500) });
    if (status >= 400) expect(error, JSON.stringify(told)).toMatchObject(envelope);
    // What a caller sent is repeated in part only.
    expect((error?.message ?? "").length, JSON.stringify(told)).toBeLessThan(5_000);
  }
}

describe("bodies", () => {
  test.for(taking)("$operation.method $path answers hostile JSON with a legal no", async (route) => {
    const { body: shape } = route.operation;
    await expectNoFailure(route, [...hostileValues, ...(shape === undefined ? [] : nearlyRight(shape, known))]);

    if (shape !== undefined) {
      for (const body of refusedBodies) {
        const { status, error } = await send(route.operation.method, placeOf(route), { body });
        expect({ body: body.slice(0, 100), status, error }).toMatchObject({ status: 400, error: envelope });
      }
    }
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect("polluted" in {}).toBe(false);
  });

  test("a body that unpacks to more than a body may have is refused, and costs no more than that", async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024, " "));
    const before = process.memoryUsage().rss;

    const { status, error } = await send("POST", `${v2}/Attributes`, {
      body: new Blob([bomb]),
      headers: { "content-encoding": "gzip" },
    });

    expect({ status, error }).toMatchObject({ error: envelope });
    expect([400, 413]).toContain(status);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });

  test("names in simple forms and in forms with files reach no prototype", async () => {
    const simple = await send("POST", `${v2}/Attributes`, {
      body: "__proto__=x&constructor.prototype.polluted=1&__proto__[polluted]=1",
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
    const form = new FormData();
    form.set("__proto__", "x");
    form.set("constructor.prototype.polluted", "1");
    form.set("file", new Blob(["x"]), "x.txt");
    const answer = await fetch(`${alice.url}${v2}/Files/Own`, {
      method: "POST",
      headers: { "x-api-key": mainKey },
      body: form,
    });

    expect(simple).toMatchObject({ status: 400, error: envelope });
    expect(answer.status).toBe(400);
    expect("polluted" in {}).toBe(false);
  });
});

describe("references", () => {
  test("one that names another relay makes no call to that", async () => {
    let calls = 0;
    const host = createServer((_request, response) => {
      calls += 1;
      response.end();
    });
    await new Promise<void>((resolve) => void host.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void host.close());
    const { port } = host.address() as { port: number };
    const { reference } = await template(alice);
    const foreign = String(reference.url).replace(/^https?:\/\/[^/]+/, `http://127.0.0.1:${port}`);

    expect(foreign).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/r\/RLT/);
    for (const path of ["/RelationshipTemplates/Peer", "/Files/Peer", "/Tokens/Peer"]) {
      const { status } = await send("POST", `${v2}${path}`, { body: JSON.stringify({ reference: foreign }) });
      expect(status).toBeLessThan(500);
    }
    await fetch(`${alice.url}${v2}/Files/${encodeURIComponent(foreign)}`, { headers: { "x-api-key": mainKey } });

    expect(calls).toBe(0);
  });
});
