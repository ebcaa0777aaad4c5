import { expect, test } from "vitest";
import { handClock } from "./access/hand-clock.ts";
import { strongKey } from "./config/read.ts";
import { calledWith, inProduction, mainKey, openGuarded, pathWith, routeCalls } from "./security-stage.ts";
import { type Actor, openStage } from "./stage.ts";

const keys = {
  old: { key: `${strongKey}-old`, expiresAt: "2026-01-01T12:00:00Z" },
  off: { key: `${strongKey}-off`, enabled: false },
  nothing: { key: `${strongKey}-nothing`, scopes: [] },
  unrelated: { key: `${strongKey}-unrelated`, scopes: ["somewhere:else"] },
};
const envelope = { id: expect.stringMatching(/^ERR/), code: expect.any(String), message: expect.any(String) };
const guarded = routeCalls.filter(({ operation }) => operation.scopes.length > 0);

async function answersOf(actor: Actor, headers: Record<string, string>, prefix = "") {
  const answers = guarded.map(async ({ name, operation, path }) => {
    const body = operation.method === "GET" ? undefined : {};
    const answer = await actor.call(operation.method, prefix + pathWith(path, "X1"), body, headers);
    return { name, isDebug: operation.isDebug === true, status: answer.status, error: answer.body?.error };
  });
  return Promise.all(answers);
}

/** Everything that there is. */
async function objectsOf(actor: Actor, prefix = "") {
  const nouns = ["Files", "Tokens/Own", "RelationshipTemplates", "Relationships", "Messages", "Attributes"];
  const lists = [...nouns, "Requests/Outgoing", "Requests/Incoming"].map((noun) =>
    actor.call("GET", `${prefix}/api/v2/${noun}`),
  );
  return (await Promise.all(lists)).flatMap(({ status, body }) => (status === 200 ? body.result : [body]));
}

test("the contract has routes, and all but none of them want a key", () => {
  expect(guarded.length).toBeGreaterThan(100);
  expect(routeCalls.filter(({ operation }) => operation.scopes.length === 0)).toEqual([]);
});

test.for([
  ["no key", {}],
  ["an empty key", { "x-api-key": "" }],
  ["a wrong key", { "x-api-key": `${mainKey}x` }],
  ["a key that has expired", { "x-api-key": keys.old.key }],
  ["a key that is switched off", { "x-api-key": keys.off.key }],
  ["a bearer token where none is taken", { authorization: `Bearer ${mainKey}` }],
  ["a wrong key beside a cookie", { "x-api-key": "x", cookie: "rapport.session=x" }],
] as const)("%s: every route answers 401 in the envelope and does nothing", async ([, headers]) => {
  const clock = handClock("2026-01-01T00:00:00Z");
  await using stage = await openStage(clock);
  const actor = await stage.actor("alice", inProduction({}, keys));
  clock.to("2026-01-01T12:00:00Z");

  for (const { name, status, error } of await answersOf(actor, headers)) {
    expect({ name, status, error }).toMatchObject({ name, status: 401, error: envelope });
    expect(error.code).toBe("error.connector.unauthorized");
    expect(Object.keys(error)).not.toContain("stacktrace");
  }
  expect(await objectsOf(calledWith(actor, mainKey))).toEqual([]);
});

test.for(["nothing", "unrelated"] as const)("a key with scopes for %s opens no route", async (name) => {
  await using stage = await openStage();
  const actor = await stage.actor("alice", inProduction({}, { [name]: keys[name] }));

  for (const answer of await answersOf(actor, { "x-api-key": keys[name].key })) {
    const status = answer.isDebug ? 404 : 403;
    expect(answer).toMatchObject({ name: answer.name, status, error: envelope });
  }
  expect(await objectsOf(calledWith(actor, mainKey))).toEqual([]);
});

test("a scope opens its own routes only, at every mount", async () => {
  await using stage = await openStage();
  const scoped = { files: { key: `${strongKey}-files`, scopes: ["core:files"] } };
  const actor = await stage.actor("alice", inProduction({}, scoped));

  const answers = await answersOf(actor, { "x-api-key": scoped.files.key });

  const opened = answers.filter(({ status, isDebug }) => status !== 403 && !isDebug).map(({ name }) => name);
  const wanted = guarded.filter(({ operation }) => operation.scopes.includes("core:files")).map(({ name }) => name);
  expect(opened).toEqual(wanted);
});

test("the key of one identity opens no route of another, however the path is written", async () => {
  await using stage = await openStage();
  const accounts = { a: { prefix: "/a" }, b: { prefix: "/b" } };
  const forA = { forA: { key: `${strongKey}-a`, account: "a" } };
  const actor = await stage.actor("house", inProduction({ accounts } as never, forA));
  const header = { "x-api-key": forA.forA.key };

  for (const prefix of ["/b", "/B", "/gen/union/b", "/b/gen/gen1"]) {
    for (const { name, status } of await answersOf(actor, header, prefix)) {
      expect({ name, prefix, status }).toEqual({ name, prefix, status: 403 });
    }
  }
  for (const path of ["/%62/api/v2/Account/IdentityInfo", "/a/../b/api/v2/Account/IdentityInfo", "//b/api/v2/Files"]) {
    expect([403, 404]).toContain((await actor.call("GET", path, undefined, header)).status);
  }
  expect(await objectsOf(calledWith(actor, mainKey), "/b")).toEqual([]);
});

test("debug routes, docs and the OpenAPI document are not there in production", async () => {
  await using stage = await openStage();
  const { call } = await openGuarded(stage, "alice");

  for (const { operation, path } of routeCalls.filter(({ operation: { isDebug } }) => isDebug === true)) {
    expect((await call(operation.method, pathWith(path, "X1"))).status).toBe(404);
  }
  for (const path of ["/docs", "/docs/json", "/docs/yaml", "/docs/swagger", "/docs/rapidoc", "/api-docs/x"]) {
    expect((await call("GET", path)).status).toBe(404);
  }
  const docs = inProduction({ modules: { coreHttpApi: { docs: { enabled: true } } } } as never);
  await expect(stage.actor("careless", docs)).rejects.toMatchObject({ code: "config.invalid" });
});

test("no other method is a way around: HEAD, TRACE, OPTIONS and unknown ones show nothing without a key", async () => {
  await using stage = await openStage();
  const { url } = await stage.actor("alice", inProduction());
  for (const { operation, path } of guarded.filter(({ operation: { isDebug } }) => isDebug !== true)) {
    const place = url + pathWith(path, "X1");
    for (const method of ["HEAD", "OPTIONS", "PROPFIND"]) {
      const answer = await fetch(place, { method, headers: { "x-http-method-override": operation.method } });
      const told = { path, method, status: answer.status, hasResult: (await answer.text()).includes('"result"') };
      expect(told).toEqual({ path, method, status: 401, hasResult: false });
    }
  }
});
