import { ConnectorError, createClient } from "rapport/connector";
import { expect, expectTypeOf, test } from "vitest";
import { openStage } from "./stage.ts";

test("a client has a method for every operation, and its answers are results", async () => {
  await using stage = await openStage();
  const alice = await stage.actor("alice");
  const client = createClient({ baseUrl: `${alice.url}/` });

  const info = await client.getIdentityInfo();
  const created = await client.createOwnRelationshipTemplate({
    body: { content: { hello: "you" }, expiresAt: "2999-01-01T00:00:00.000Z" },
  });
  const listed = await client.getOwnRelationshipTemplates({ filter: { createdBy: info.address }, page: { limit: 1 } });

  expectTypeOf(info.address).toBeString();
  expect(info.address).toMatch(/^did:e:/);
  expect(listed).toEqual([created]);
  expect(await client.getRequestCounts()).toMatchObject({ requestCount: 3 });
});

test("a file goes up and comes down, and a deleted one is gone", async () => {
  await using stage = await openStage();
  const alice = await stage.actor("alice");
  const client = createClient({ baseUrl: alice.url, profile: "gen3" });

  const { id } = (await client.uploadOwnFile({
    body: { title: "Größe", tags: ["x:a", "x:b"] },
    file: new Blob(["hello"], { type: "text/plain" }),
    filename: "Übersicht.txt",
  })) as { readonly id: string };

  expect(new TextDecoder().decode(await client.downloadFile({ params: { id } }))).toBe("hello");
  expect(await client.getFile({ params: { idOrReference: id } })).toMatchObject({ filename: "Übersicht.txt" });
  expect(await client.deleteFile({ params: { id } })).toBeUndefined();
  const failed = await client.getFile({ params: { idOrReference: id } }).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(ConnectorError);
  expect(failed).toMatchObject({
    status: 404,
    code: "error.runtime.recordNotFound",
    id: expect.stringMatching(/^ERR/),
  });
});

test("the same key gives the same result and makes no second object", async () => {
  await using stage = await openStage();
  const alice = await stage.actor("alice");
  const client = createClient({ baseUrl: alice.url });
  const input = {
    body: { content: { hello: "you" }, expiresAt: "2999-01-01T00:00:00.000Z" },
    idempotencyKey: "once",
  };

  const first = await client.createOwnRelationshipTemplate(input);
  const again = await client.createOwnRelationshipTemplate(input);

  expect(again).toEqual(first);
  expect(await client.getOwnRelationshipTemplates()).toHaveLength(1);
  const other = { ...input, body: { ...input.body, maxNumberOfAllocations: 2 } };
  await expect(client.createOwnRelationshipTemplate(other)).rejects.toMatchObject({ code: "command.idReused" });
});
