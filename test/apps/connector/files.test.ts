import { afterAll, beforeAll, expect, test } from "vitest";
import {
  addressOf,
  bytesOf,
  core,
  expectFilters,
  idsIn,
  inHours,
  mount,
  ok,
  type Result,
  refused,
  v2,
} from "./calls.ts";
import { type Actor, openStage, type Stage } from "./stage.ts";

let stage: Stage;
let alice: Actor;
let bob: Actor;

beforeAll(async () => {
  stage = await openStage();
  alice = await stage.actor("alice");
  bob = await stage.actor("bob");
});
afterAll(() => stage[Symbol.asyncDispose]());

const invalid = "error.runtime.validation.invalidPropertyValue";

interface Upload {
  readonly text?: string;
  readonly name?: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly tags?: readonly string[];
  readonly api?: string;
}

async function sent({
  text = "hello",
  name = "a.txt",
  fields = {},
  tags = [],
  api = v2,
}: Upload = {}): Promise<Result> {
  const form = new FormData();
  for (const [field, value] of Object.entries({ title: "A title", ...fields })) form.append(field, value);
  for (const tag of tags) form.append("tags", tag);
  form.append("file", new Blob([text], { type: "text/plain" }), name);
  const headers = { accept: "application/json" };
  const answer = await fetch(`${alice.url}${api}/Files/Own`, { method: "POST", headers, body: form });
  return { status: answer.status, ...((await answer.json()) as object) };
}

async function uploaded(upload: Upload = {}): Promise<Result> {
  const { status, error, result } = await sent(upload);
  expect([status, error]).toEqual([201, undefined]);
  return result;
}

test.each([
  ["with a description", { description: "What it is" }],
  ["without one", {}],
  ["with an empty one", { description: "" }],
])("7.39 a small file is uploaded %s", async (_what, fields) => {
  const file = await uploaded({ fields });

  expect(file).toMatchObject({
    ...fields,
    isOwn: true,
    title: "A title",
    filename: "a.txt",
    filesize: 5,
    mimetype: "text/plain",
  });
});

test("7.40 it is among all files and among own ones, found by when it was made", async () => {
  alice = await stage.actor("7.40");
  const file = await uploaded();
  const query = `createdAt=${encodeURIComponent(file.createdAt)}`;

  expect(await ok(alice, `GET ${v2}/Files?${query}`)).toEqual([file]);
  expect(await ok(alice, `GET ${v2}/Files/Own?${query}`)).toEqual([file]);
  expect(await ok(alice, `GET ${v2}/Files/Peer`)).toEqual([]);
});

test("7.41 what is downloaded is what was uploaded", async () => {
  const { id } = await uploaded({ text: "some bytes", name: "Prüfung 1.txt" });
  const { status, headers, bytes } = await bytesOf(alice, `GET ${v2}/Files/${id}/Download`, "*/*");

  expect([status, new TextDecoder().decode(bytes)]).toEqual([200, "some bytes"]);
  expect(headers.get("content-type")).toContain("text/plain");
  expect(headers.get("content-disposition")).toBe(`attachment;filename=${encodeURIComponent("Prüfung 1.txt")}`);
});

test("7.42 a file without content is refused by the older generations and taken by the others", async () => {
  for (const profile of ["gen1", "gen2"] as const)
    expect(await sent({ text: "", api: mount(profile) })).toMatchObject({
      status: 400,
      error: { code: invalid, message: "'content' is empty" },
    });
  const { id, filesize } = await uploaded({ text: "", api: core });
  const { bytes } = await bytesOf(alice, `GET ${core}/Files/${id}/Download`, "*/*");

  expect([filesize, bytes.length]).toEqual([0, 0]);
});

test("7.43 JSON is no file", async () => {
  for (const body of [{ title: "x" }, undefined])
    expect(await refused(alice, `POST ${v2}/Files/Own`, body)).toMatchObject({
      status: 400,
      code: invalid,
      message: "must have required property 'content'",
    });
});

test("7.44 the same file twice is two files", async () => {
  const [one, other] = [await uploaded(), await uploaded()];

  expect(one.id).not.toBe(other.id);
});

test("7.45 an expiry must be a date that is still to come", async () => {
  const past = await sent({ fields: { expiresAt: inHours(-1) } });
  const empty = await sent({ fields: { expiresAt: "" } });

  expect(past).toMatchObject({ status: 400, error: { code: invalid } });
  expect(past.error.message).toContain("'expiresAt' must be in the future");
  expect(empty).toMatchObject({ status: 400, error: { message: "expiresAt must match ISO8601 datetime format" } });
});

test("7.46 umlauts and spaces in names stay as they are", async () => {
  const file = await uploaded({ name: "Übersicht für Ämter.txt", fields: { title: "Größe und Maß" }, api: core });

  expect(file).toMatchObject({ filename: "Übersicht für Ämter.txt", title: "Größe und Maß" });
});

test("7.47 tags come back in their order", async () => {
  expect((await uploaded({ tags: ["x:second", "x:first"], api: core })).tags).toEqual(["x:second", "x:first"]);
  expect((await uploaded({ tags: ["x:one"], api: core })).tags).toEqual(["x:one"]);
});

test("7.48, 7.49 what nobody knows is not found, nor what somebody else has", async () => {
  const { id } = await uploaded();

  for (const wanted of ["FILxxxxxxxxxxxxxxxxx", id])
    expect(await refused(bob, `GET ${v2}/Files/${wanted}`)).toMatchObject({
      status: 404,
      code: "error.runtime.recordNotFound",
    });
});

test("7.50 a reference, direct or by a token, makes the file known", async () => {
  bob = await stage.actor("7.50");
  const file = await uploaded({ fields: { description: "d" } });
  const token = await ok(alice, `POST ${v2}/Files/${file.id}/Token`);
  const { ownershipToken: _mine, ...common } = file;

  for (const { truncatedReference: reference } of [file, token])
    expect(await ok(bob, `POST ${v2}/Files/Peer`, { reference })).toEqual({ ...common, isOwn: false });
  expect(await ok(bob, `GET ${v2}/Files/${file.id}`)).toEqual({ ...common, isOwn: false });
  expect(await idsIn(bob, `${v2}/Files/Peer`, {})).toEqual([file.id]);
  expect((await bytesOf(bob, `GET ${v2}/Files/${file.id}/Download`, "*/*")).bytes.length).toBe(5);
});

test("a reference in the path is as good as an id, in both forms in the third generation", async () => {
  const { id, reference } = await uploaded({ api: core });

  for (const text of [reference.truncated, encodeURIComponent(reference.url)])
    expect(await ok(bob, `GET ${core}/Files/${text}`)).toMatchObject({ id, isOwn: false });
});

test("7.51 who a token is for can load the file by it, others cannot", async () => {
  const { id } = await uploaded();
  const token = await ok(alice, `POST ${v2}/Files/${id}/Token`, { forIdentity: await addressOf(bob) });
  const body = { reference: token.truncatedReference };
  const carol = await stage.actor("carol");

  expect(await ok(bob, `POST ${v2}/Files/Peer`, body)).toMatchObject({ id });
  expect(await refused(carol, `POST ${v2}/Files/Peer`, body)).toMatchObject({
    code: "error.transport.general.notIntendedForYou",
  });
});

test.each(["TOKxxxxxxxxxxxxxxxxx", "FILxxxxxxxxxxxxxxxxx", null, "", undefined])(
  "7.52 %s is no reference",
  async (reference) => {
    expect(await refused(bob, `POST ${v2}/Files/Peer`, { reference })).toMatchObject({
      status: 400,
      code: invalid,
      message: "token / file reference invalid",
    });
  },
);

test.each([{ password: "secret" }, { password: "1234", passwordIsPin: true }])(
  "7.53 a token with a password leads to the file (%o)",
  async (passwordProtection) => {
    const { id } = await uploaded();
    const { truncatedReference: reference } = await ok(alice, `POST ${v2}/Files/${id}/Token`, { passwordProtection });
    const { password } = passwordProtection;

    expect(await refused(bob, `POST ${v2}/Files/Peer`, { reference })).toMatchObject({
      code: "error.transport.noPasswordProvided",
    });
    expect(await ok(bob, `POST ${v2}/Files/Peer`, { reference, password })).toMatchObject({ id });
  },
);

test("7.54 a deleted file is gone", async () => {
  const { id } = await uploaded();

  expect((await alice.call("DELETE", `${core}/Files/${id}`)).status).toBe(204);
  expect(await refused(alice, `GET ${core}/Files/${id}`)).toMatchObject({ status: 404 });
});

test("7.55 an upload has an ownership token, which can be replaced by its owner alone", async () => {
  const before = await uploaded({ api: core });
  const regenerate = `PATCH ${core}/Files/${before.id}/RegenerateOwnershipToken`;
  const after = await ok(alice, regenerate);
  await ok(bob, `POST ${core}/Files/Peer`, { reference: before.reference.truncated });

  expect([typeof before.ownershipToken, typeof after.ownershipToken]).toEqual(["string", "string"]);
  expect(after.ownershipToken).not.toBe(before.ownershipToken);
  expect(await ok(alice, `GET ${core}/Files/${before.id}`)).toEqual(after);
  expect(await idsIn(alice, `${core}/Files`, { ownershipToken: after.ownershipToken })).toEqual([before.id]);
  expect(await idsIn(alice, `${core}/Files`, { ownershipToken: before.ownershipToken })).toEqual([]);
  expect(await refused(bob, regenerate)).toMatchObject({ status: 400, code: "error.runtime.files.notOwnedByYou" });
});

test("the list shows the new ownership token too", async () => {
  alice = await stage.actor("listed");
  const { id } = await uploaded({ api: core });
  await ok(alice, `GET ${core}/Files`);

  const after = await ok(alice, `PATCH ${core}/Files/${id}/RegenerateOwnershipToken`);

  expect(await ok(alice, `GET ${core}/Files`)).toEqual([after]);
});

test("files are found by each of their members, and not by other values", async () => {
  const file = await uploaded({ fields: { description: "what it is" }, tags: ["x:one", "x:two"] });
  const fields = ["createdAt", "createdBy", "createdByDevice", "description", "expiresAt", "filename", "filesize"];

  await expectFilters(alice, `${v2}/Files`, file, [...fields, "mimetype", "title", "isOwn"]);
  expect(await idsIn(alice, `${v2}/Files/Own`, { tags: "x:two" })).toEqual([file.id]);
  expect(await refused(alice, `GET ${v2}/Files?colour=red`)).toMatchObject({ status: 400, code: invalid });
});

test("id and key make a file known to the first generation; a picture leads to it", async () => {
  const { id, secretKey } = await uploaded({ api: mount("gen1") });
  const known = await ok(bob, `POST ${mount("gen1")}/Files/Peer`, { id, secretKey });
  const { status, headers } = await bytesOf(bob, `GET ${v2}/Files/${id}`, "image/png");

  expect(known).toMatchObject({ id, secretKey, isOwn: false });
  expect([status, headers.get("content-type")]).toEqual([200, "image/png"]);
});
