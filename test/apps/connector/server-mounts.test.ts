import { expect, test } from "vitest";
import { echo, identityCalled, openServer } from "./server-stage.ts";

const things = { getThing: echo({ path: "/Things/:id" }), getThings: echo({}) };

test("a path is read in any case, and its parameters keep theirs", async () => {
  await using stage = await openServer(things);

  const { status, body } = await stage.call("GET", "/API/v2/things/AbC");

  expect(status).toBe(200);
  expect(body.result.params).toEqual({ id: "AbC" });
});

test.for([
  ["/api/v2/Things", "union"],
  ["/api/v1/Things", "gen1"],
  ["/gen/gen2/api/v1/Things", "gen2"],
  ["/gen/gen1/api/v2/Things", "gen1"],
  ["/GEN/Gen2/api/v2/Things/", "gen2"],
  ["/api/core/v1/Things", "gen3"],
  ["/gen/gen1/api/core/v1/Things", "gen3"],
])("%s is answered in profile %s", async ([path = "", profile]) => {
  await using stage = await openServer(things);

  const { body } = await stage.call("GET", path);

  expect(body.result.profile).toBe(profile);
});

test("the profile of the key is stronger than the configuration, and the path stronger than the key", async () => {
  await using stage = await openServer(things, {
    config: { modules: { coreHttpApi: { profile: "gen1" } } },
    access: {
      identify: async ({ headers }) => ({
        name: "key",
        scopes: ["**"],
        ...(headers["x-api-key"] === "two" ? { profile: "gen2" as const } : {}),
      }),
    },
  });

  const profileOf = async (path: string, key: string) =>
    (await stage.call("GET", path, undefined, { "x-api-key": key })).body.result.profile;

  expect(await profileOf("/api/v2/Things", "one")).toBe("gen1");
  expect(await profileOf("/api/v2/Things", "two")).toBe("gen2");
  expect(await profileOf("/gen/union/api/v2/Things", "two")).toBe("union");
});

test.for(["/gen/gen9/api/v2/Things", "/gen/gen1/gen/gen2/api/v2/Things", "/api/v3/Things", "/", "/gen", "/gen/gen1"])(
  "%s is no route",
  async (path) => {
    await using stage = await openServer(things);

    const { status, body } = await stage.call("GET", path);

    expect(status).toBe(404);
    expect(body.error.code).toBe("error.connector.http.routeDoesNotExist");
  },
);

test("an identity is named by its prefix, before or after the profile", async () => {
  const identities = [identityCalled("a", "/acme"), identityCalled("b", "/bolt")];
  await using stage = await openServer(things, { identities });

  const accountAt = async (path: string) => (await stage.call("GET", path)).body.result;

  expect(await accountAt("/acme/api/v2/Things")).toMatchObject({ account: "a", profile: "union" });
  expect(await accountAt("/BOLT/gen/gen1/api/v2/Things")).toMatchObject({ account: "b", profile: "gen1" });
  expect(await accountAt("/gen/gen1/bolt/api/v2/Things")).toMatchObject({ account: "b", profile: "gen1" });
  expect((await stage.call("GET", "/api/v2/Things")).status).toBe(404);
  expect((await stage.call("GET", "/acme/bolt/api/v2/Things")).status).toBe(404);
});

test("a key that opens one identity chooses it, and opens no other", async () => {
  const identities = [identityCalled("a", "/acme"), identityCalled("b", "/bolt")];
  await using stage = await openServer(things, {
    identities,
    access: { identify: async () => ({ name: "key", scopes: ["**"], account: "b" }) },
  });

  expect((await stage.call("GET", "/api/v2/Things")).body.result.account).toBe("b");
  expect((await stage.call("GET", "/bolt/api/v2/Things")).body.result.account).toBe("b");
  expect((await stage.call("GET", "/acme/api/v2/Things")).body.error.code).toBe("error.connector.forbidden");
});
