import { isOperationName, operations } from "rapport/core";
import { describe, expect, test } from "vitest";
import { base64 } from "../../relay/parties.ts";
import { serve } from "./served.ts";

const version = { "x-supported-datawallet-version": "1" };

describe("every row of the table", () => {
  test("has its route, by path and by alias", async () => {
    const { ask } = await serve();

    const missing: string[] = [];
    for (const [name, row] of Object.entries(operations)) {
      for (const path of [row.path, ...("alias" in row ? [row.alias] : [])]) {
        const { json } = await ask(path.replace("{id}", "X".repeat(20)), { method: row.method });
        if (/^Route not found/.test(json?.error?.message ?? "")) missing.push(name);
      }
    }

    expect(missing).toEqual([]);
    expect(isOperationName("createTemplate")).toBe(true);
  });

  test("that needs a login answers 401 in the envelope without one", async () => {
    const { ask } = await serve();
    const bearer = Object.values(operations).filter(({ auth }) => auth === "bearer");

    const answers = await Promise.all(
      bearer.map(({ method, path }) => ask(path.replace("{id}", "X".repeat(20)), { method })),
    );

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    expect(new Set(answers.map(({ json }) => json.error.code))).toEqual(new Set(["error.platform.unauthorized"]));
    expect(bearer.length).toBeGreaterThan(30);
  });
});

describe("paths and queries", () => {
  test("match without case, while ids keep theirs", async () => {
    const { client } = await serve();
    const { ask } = await client();
    const created = await ask("/API/v2/relationshiptemplates", { body: { content: base64("t") } });

    const { id } = created.json.result;
    const found = await ask(`/api/V2/RELATIONSHIPTEMPLATES/${id}`);
    const other = await ask(`/api/v2/RelationshipTemplates/${id.toLowerCase()}`);

    expect(created.status).toBe(201);
    expect(found.json.result).toMatchObject({ id, content: base64("t"), maxNumberOfAllocations: null });
    expect(other.status).toBe(400);
  });

  test("a peer comes with raw colons or with encoded ones", async () => {
    const { client } = await serve();
    const [one, two] = [await client(), await client()];
    const { address } = two.caller;

    const raw = await one.ask(`/api/v2/Relationships/CanCreate?peer=${address}`);
    const encoded = await one.ask(`/api/v2/Relationships/CanCreate?peer=${encodeURIComponent(address)}`);

    expect(raw.json).toEqual({ result: { canCreate: true, code: null } });
    expect(encoded.json).toEqual(raw.json);
  });

  test.for([
    ["classic, percent-encoded", encodeURIComponent("+/+/+/8=")],
    ["classic, as it is", "+/+/+/8="],
    ["classic, without padding", "%2B/%2B/%2B/8"],
    ["base64url", "-_-_-_8"],
  ])("a password opens a template in base64: %s", async ([, password]) => {
    const { client } = await serve();
    const [one, two] = [await client(), await client()];
    const body = { content: base64("t"), password: "+/+/+/8=" };
    const { id } = (await one.ask("/api/v2/RelationshipTemplates", { body })).json.result;

    const wrong = await two.ask(`/api/v2/RelationshipTemplates/${id}?password=AAAA`);
    const right = await two.ask(`/api/v2/RelationshipTemplates/${id}?password=${password}`);

    expect([wrong.status, right.status]).toEqual([404, 200]);
  });

  test("repeated keys are a list, names are compared without case, pages come when there are several", async () => {
    const { client } = await serve();
    const { ask } = await client();
    const ids: string[] = [];
    for (const content of ["a", "b", "c"].map(base64)) {
      ids.push((await ask("/api/v2/RelationshipTemplates", { body: { content } })).json.result.id);
    }

    const query = ids.map((id) => `ids=${id}`).join("&");
    const all = await ask(`/api/v2/RelationshipTemplates?${query}`);
    const page = await ask(`/api/v2/RelationshipTemplates?${query}&pagenumber=2&PAGESIZE=2`);

    expect(all.json.result.map(({ id }: { id: string }) => id)).toEqual(ids);
    expect(Object.keys(all.json)).toEqual(["result"]);
    expect(page.json.result).toHaveLength(1);
    expect(page.json.pagination).toEqual({ pageNumber: 2, pageSize: 2, totalPages: 2, totalRecords: 3 });
  });
});

describe("answers", () => {
  test("a deletion is a 204 without a body", async () => {
    const { client } = await serve();
    const { ask } = await client();
    const { id } = (await ask("/api/v2/RelationshipTemplates", { body: { content: base64("t") } })).json.result;

    const { status, text } = await ask(`/api/v2/RelationshipTemplates/${id}`, { method: "DELETE" });

    expect({ status, text }).toEqual({ status: 204, text: "" });
  });

  test("the token is raw and not to be stored", async () => {
    const { client, ask } = await serve();
    const { caller, password } = await client();

    const fields = { grant_type: "password", username: caller.username, password };
    const { status, json, headers } = await ask("/connect/token", { body: new URLSearchParams(fields) });

    expect(status).toBe(200);
    expect(json).toEqual({ access_token: expect.any(String), token_type: "Bearer", expires_in: 300 });
    expect(headers.get("cache-control")).toBe("no-store");
  });

  test("a sync run is 201, and 200 when there is nothing new", async () => {
    const { client } = await serve();
    const { ask } = await client();
    const start = (type: string) => ask("/api/v2/SyncRuns", { body: { type }, headers: version });

    const upgrade = await start("DatawalletVersionUpgrade");
    const finalize = `/api/v2/SyncRuns/${upgrade.json.result.syncRun.id}/FinalizeDatawalletVersionUpgrade`;
    const body = { newDatawalletVersion: 1, datawalletModifications: [] };
    await ask(finalize, { method: "PUT", body, headers: version });
    const nothing = await start("ExternalEventSync");

    expect([upgrade.status, nothing.status]).toEqual([201, 200]);
    expect(nothing.json).toEqual({ result: { status: "NoNewEvents", syncRun: null } });
  });
});

describe("the token endpoint's failures", () => {
  test("wrong credentials are invalid_grant, and the third time access_denied", async () => {
    const { client, ask } = await serve();
    const { caller } = await client();
    const fields = { grant_type: "password", username: caller.username, password: "wrong" };
    const fail = async () => ask("/connect/token", { body: new URLSearchParams(fields) });

    const answers = [await fail(), await fail(), await fail(), await fail()];

    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
    expect(answers.map(({ json }) => json.error)).toEqual([
      "invalid_grant",
      "invalid_grant",
      "invalid_grant",
      "access_denied",
    ]);
    expect(answers[0]?.json.error_description).toMatch(/password/);
  });

  test("an unknown client is invalid_client with 401", async () => {
    const { ask } = await serve({}, { clients: [{ id: "shop", secret: "s3cret" }] });

    const fields = { grant_type: "password", username: "USRaaaaaaaaaaaaaaaaa", password: "x", client_id: "shop" };
    const { status, json } = await ask("/connect/token", { body: new URLSearchParams(fields) });

    expect({ status, error: json.error }).toEqual({ status: 401, error: "invalid_client" });
  });
});
