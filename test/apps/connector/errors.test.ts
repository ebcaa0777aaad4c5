// Errors as callers meet them: whole, with the status that clients expect (spec/connector-api.md 2; behaviours 4 to 9).
import { afterAll, beforeAll, expect, test } from "vitest";
import { strongKey } from "./config/read.ts";
import { type Actor, type Answer, openStage, type Stage } from "./stage.ts";

const keyOf = (name: string) => `${strongKey}-${name}`;
const keys = {
  all: { key: keyOf("all") },
  relationships: { key: keyOf("relationships"), scopes: ["core:relationships"] },
  none: { key: keyOf("none"), scopes: [] },
};

let stage: Stage;
let actor: Actor;

beforeAll(async () => {
  stage = await openStage();
  const authentication = { apiKey: { keys } } as never;
  const config = { debug: false, infrastructure: { httpServer: { authentication } } };
  actor = await stage.actor("errors", { config, unauthorizedDelayMs: () => 0 });
});
afterAll(() => stage[Symbol.asyncDispose]());

const call = (method: string, path: string, name: string, body?: unknown): Promise<Answer> =>
  actor.call(method, path, body, { "X-API-KEY": keyOf(name) });

function expectWhole({ status, body }: Answer, wanted: number, code: string): void {
  expect([status, body]).toEqual([
    wanted,
    {
      error: {
        id: expect.stringMatching(/^ERR[A-HJ-NP-Z2-9]{17}$/),
        docs: `https://enmeshed.eu/integrate/error-codes#${code}`,
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        code,
        message: expect.stringMatching(/./),
      },
    },
  ]);
}

test("7.4 a wrong key is 401 with a complete error", async () => {
  expectWhole(await call("GET", "/api/v2/Files", "wrong"), 401, "error.connector.unauthorized");
});

test("7.5 a misspelt prefix is 404 with a complete error", async () => {
  expectWhole(await call("GET", "/apii/v2/Files", "all"), 404, "error.connector.http.routeDoesNotExist");
});

test("7.6 PATCH of a list is 405 with a complete error and what is allowed", async () => {
  const answer = await call("PATCH", "/api/v2/Files", "all");

  expectWhole(answer, 405, "error.connector.http.methodNotAllowed");
  expect(answer.headers.get("allow")).toBe("GET, HEAD");
});

test.for([undefined, {}])("7.7 a file without a form is 400 and a complete error (%j)", async (body) => {
  const answer = await call("POST", "/api/v2/Files/Own", "all", body);

  expectWhole(answer, 400, "error.runtime.validation.invalidPropertyValue");
});

const secured = ["/Monitoring/Version", "/Monitoring/Requests", "/Monitoring/Support", "/api/core/v1/Files"];

test.for(secured)("7.8 a key for relationships alone is 403 at %s", async (path) => {
  expect((await call("GET", "/api/core/v1/Relationships", "relationships")).status).toBe(200);
  expectWhole(await call("GET", path, "relationships"), 403, "error.connector.forbidden");
});

test.for([...secured, "/api/core/v1/Relationships", "/api/v2/Account/IdentityInfo"])(
  "7.9 a key without scopes is 403 at %s",
  async (path) => {
    expectWhole(await call("GET", path, "none"), 403, "error.connector.forbidden");
  },
);

test.for([
  ["PATCH", "/health"],
  ["OPTIONS", "/api/v2/Relationships/RELxxxxxxxxxxxxxxxxx"],
])("%s %s is a known path with another method, too", async ([method = "", path = ""]) => {
  const answer = await call(method, path, "all");

  expectWhole(answer, 405, "error.connector.http.methodNotAllowed");
  expect(answer.headers.get("allow")).toContain("GET, HEAD");
});
