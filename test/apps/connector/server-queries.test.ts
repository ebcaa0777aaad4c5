import { expect, test } from "vitest";
import { z } from "zod";
import { echo, openServer } from "./server-stage.ts";

const query = z.strictObject({ peers: z.union([z.string(), z.array(z.string())]).optional() });
const filter = { fields: ["content.@type", "content.tags", "status"] };
const things = {
  strict: echo({ path: "/Strict", filter }),
  lenient: echo({ path: "/Lenient", filter: { ...filter, lenient: true } }),
  both: echo({ path: "/Both", filter, query }),
  asked: echo({ path: "/Asked", query }),
  neither: echo({ path: "/Neither" }),
};

async function ask(path: string) {
  await using stage = await openServer(things);
  return await stage.call("GET", `/api/v2${path}`);
}

test("repeated keys are lists, also with a number or brackets behind them", async () => {
  const { body } = await ask("/Strict?status=A&status=!B&content.tags.0=a&content.tags.1=b&content.%40type=Mail+1");

  expect(body.result.filter).toEqual({ status: ["A", "!B"], "content.tags": ["a", "b"], "content.@type": "Mail 1" });
  expect((await ask("/Strict?status[]=A&status[]=B")).body.result.filter).toEqual({ status: ["A", "B"] });
});

test("an empty value is a value", async () => {
  expect((await ask("/Strict?status=")).body.result.filter).toEqual({ status: "" });
  expect((await ask("/Strict?status")).body.result.filter).toEqual({ status: "" });
});

test("limit and after belong to the page, everywhere where there are filters", async () => {
  expect((await ask("/Lenient?limit=5&after=XYZ")).body.result.page).toEqual({ limit: 5, after: "XYZ" });
  expect((await ask("/Strict?limit=0")).body.error.message).toBe("limit must be a whole number above 0");
  expect((await ask("/Strict?after=a&after=b")).body.error.message).toBe("after must be one id");
});

test("a strict list refuses unknown keys, a lenient one ignores them", async () => {
  const { status, body } = await ask("/Strict?colour=red");

  expect(status).toBe(400);
  expect(body.error.code).toBe("error.runtime.validation.invalidPropertyValue");
  expect(body.error.message).toMatch(/^query must NOT have additional properties/);
  expect((await ask("/Lenient?colour=red&status=A")).body.result.filter).toEqual({ status: "A" });
});

test("parameters and filters have homes of their own", async () => {
  expect((await ask("/Both?peers=a&status=b")).body.result).toMatchObject({
    query: { peers: "a" },
    filter: { status: "b" },
  });
  expect((await ask("/Asked?peers=a&peers=b")).body.result.query).toEqual({ peers: ["a", "b"] });
  expect((await ask("/Asked?colour=red")).status).toBe(400);
  expect((await ask("/Neither?colour=red")).status).toBe(200);
});

test.for(["__proto__", "constructor", "constructor.prototype", "__proto__.isAdmin", "toString"])(
  "%s is an unknown key like any other",
  async (key) => {
    expect((await ask(`/Strict?${key}=x`)).status).toBe(400);
    expect((await ask(`/Lenient?${key}=x`)).body.result.filter).toEqual({});
    expect(({} as Record<string, unknown>).isAdmin).toBeUndefined();
  },
);

test("thousands of keys, and bytes that are no text, are refused", async () => {
  const many = Array.from({ length: 3_001 }, (_, at) => `k${at}=1`).join("&");

  expect((await ask(`/Lenient?${many}`)).body.error.code).toBe("error.connector.http.malformedRequest");
  expect((await ask("/Strict?status=%ff")).body.error.code).toBe("error.connector.http.malformedRequest");
});
