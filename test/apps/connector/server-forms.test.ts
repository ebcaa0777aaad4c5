import { expect, test } from "vitest";
import { z } from "zod";
import { instant } from "../../../src/apps/connector/shapes/values.ts";
import { echo, openServer } from "./server-stage.ts";

const form = z.strictObject({
  title: z.string().optional(),
  expiresAt: instant.optional(),
  tags: z.union([z.string(), z.array(z.string())]).optional(),
});
const routes = { upload: echo({ method: "POST", success: 201, form }) };

async function upload(body: FormData | string | undefined, headers: Record<string, string> = {}) {
  await using stage = await openServer(routes);
  const init = body === undefined ? {} : { body };
  const answer = await fetch(`${stage.url}/api/v2/Things`, { method: "POST", headers, ...init });
  return { status: answer.status, body: JSON.parse(await answer.text()) };
}

function formWith(bytes: number, fields: readonly (readonly [string, string])[] = [], filename = "a.txt") {
  const data = new FormData();
  for (const [name, value] of fields) data.append(name, value);
  data.append("file", new Blob(["x".repeat(bytes)], { type: "text/plain" }), filename);
  return data;
}

test("a form is its texts and its file, whose name is UTF-8", async () => {
  const fields = [
    ["title", "Größe 'a b'"],
    ["tags", "x"],
    ["tags", "y"],
  ] as const;
  const { status, body } = await upload(formWith(5, fields, "Übersicht 1 €.txt"));

  expect(status).toBe(201);
  expect(body.result.file).toEqual({ filename: "Übersicht 1 €.txt", mimetype: "text/plain", content: 5 });
  expect(body.result.body).toEqual({ title: "Größe 'a b'", tags: ["x", "y"] });
});

test("an empty file is a file", async () => {
  expect((await upload(formWith(0))).body.result.file).toMatchObject({ content: 0 });
});

test("without a file, with JSON or without anything the content is missing", async () => {
  const onlyText = new FormData();
  onlyText.append("title", "x");

  for (const answer of [
    await upload(onlyText),
    await upload(JSON.stringify({ title: "x" }), { "content-type": "application/json" }),
    await upload(undefined),
  ]) {
    expect(answer.status).toBe(400);
    expect(answer.body.error).toMatchObject({
      code: "error.runtime.validation.invalidPropertyValue",
      message: "must have required property 'content'",
    });
  }
});

test("the texts of a form are checked", async () => {
  expect((await upload(formWith(1, [["expiresAt", ""]]))).body.error.message).toBe(
    "expiresAt must match ISO8601 datetime format",
  );
  expect((await upload(formWith(1, [["colour", "red"]]))).body.error.message).toBe(
    "must NOT have additional properties",
  );
  expect((await upload(formWith(1, [["__proto__", "x"]]))).status).toBe(400);
});

test("too large a file, too many parts and a torn form are refused", async () => {
  const many = formWith(
    1,
    Array.from({ length: 150 }, () => ["tags", "x"] as const),
  );
  const boundary = { "content-type": "multipart/form-data; boundary=b" };

  expect((await upload(formWith(10 * 1024 * 1024 + 1))).body.error.message).toMatch(/at most 10485760 bytes/);
  expect((await upload(many)).status).toBe(413);
  expect((await upload("--b\r\ncontent-disposition: form-data", boundary)).status).toBe(400);
});
