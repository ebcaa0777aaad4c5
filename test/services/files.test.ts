// Files: uploaded, found, read, passed on by reference, deleted (spec/domain.md 8.3).
import type { NewFile } from "rapport";
import { createWorld, type Person, type World } from "rapport/testkit";
import { describe, expect, test } from "vitest";
import { httpWire } from "../stories/http-wire.ts";
import { onDay, refused } from "./scenes.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const photo: NewFile = {
  content: bytes("a photo of a cat"),
  filename: "Kätzchen 1.png",
  mimetype: "image/png",
  title: "The cat",
  description: "",
  tags: ["x:cats", "language:de"],
  expiresAt: onDay(20),
};

interface Two {
  readonly world: World;
  readonly owner: Person;
  readonly other: Person;
}

async function two(seed = 1): Promise<Two> {
  const world = await createWorld({ seed });
  return { world, owner: await world.person("owner"), other: await world.person("other") };
}

const invalid = "error.runtime.validation.invalidPropertyValue";

describe("uploading", () => {
  test("gives the File with its reference and its ownership token, and it is found by its fields", async () => {
    const { world, owner } = await two();
    const { files, address, deviceId } = owner.account;

    const file = await files.upload(photo);

    const { content, ...shown } = photo;
    expect(file).toEqual({
      ...shown,
      id: expect.stringMatching(/^FIL/),
      isOwn: true,
      owner: address,
      createdBy: address,
      createdByDevice: deviceId,
      createdAt: onDay(0),
      filesize: content.length,
      reference: { truncated: expect.stringMatching(/^RklM/), url: expect.stringContaining(`/r/${file.id}#`) },
      truncatedReference: file.reference.truncated,
      ownershipToken: expect.stringMatching(/^[A-Za-z0-9]{20}$/),
    });
    expect(await files.get(file.id)).toEqual(file);
    expect(await files.find({ isOwn: true, filename: photo.filename, tags: "x:cats" })).toEqual([file]);
    expect(await files.find({ isOwn: false })).toEqual([]);
    expect(world.warnings).toEqual([]);
  });

  test("without an expiry it never expires; nothing and 10 MiB are taken", async () => {
    const { owner } = await two();
    const { files } = owner.account;
    const empty = await files.upload({ content: new Uint8Array(), filename: "empty", mimetype: "text/plain" });
    const large = new Uint8Array(10 * 1024 * 1024).fill(7);
    const whole = await files.upload({ content: large, filename: "large", mimetype: "application/octet-stream" });

    expect(empty).toMatchObject({ expiresAt: "9999-12-31T00:00:00.000Z", filesize: 0 });
    expect((await files.download(empty.id)).content).toHaveLength(0);
    expect(Buffer.compare((await files.download(whole.id)).content, large)).toBe(0);
  });

  test("leaves neither bytes nor an intent in the store, and no key outside of the vault", async () => {
    const { owner } = await two();

    const file = await owner.account.files.upload(photo);

    const kinds = [...owner.disk.documents()].map(([key]) => key.split("/")[1]);
    expect(kinds).not.toContain("uploads");
    expect(kinds).not.toContain("intents");
    const all = JSON.stringify([...owner.disk.documents()]);
    expect(all).not.toContain(file.ownershipToken);
    expect(all).not.toContain(file.reference.truncated);
  });

  test.for<[string, Partial<Record<keyof NewFile, unknown>>, string]>([
    ["no content", { content: undefined }, invalid],
    ["a text for bytes", { content: "text" }, invalid],
    [
      "more than 10 MiB",
      { content: new Uint8Array(10 * 1024 * 1024 + 1) },
      "error.transport.files.maxFileSizeExceeded",
    ],
    ["no name", { filename: "" }, invalid],
    ["no type", { mimetype: undefined }, invalid],
    ["an endless title", { title: "t".repeat(20_000) }, invalid],
    ["a past expiry", { expiresAt: onDay(-1) }, invalid],
    ["an expiry that is no date", { expiresAt: "tomorrow" }, invalid],
    ["tags that are no list", { tags: "x:cats" }, invalid],
    ["a tag twice", { tags: ["x:cats", "x:cats"] }, invalid],
    ["21 tags", { tags: Array.from({ length: 21 }, (_, index) => `x:${index}`) }, invalid],
  ])("with %s is refused", async ([, wrong, code]) => {
    const { world, owner } = await two();

    await refused(code, () => owner.account.files.upload({ ...photo, ...wrong } as NewFile), {
      world,
      people: [owner],
    });
  });

  test("content that is changed afterwards is uploaded as it was", async () => {
    const { owner } = await two();
    const content = bytes("as it was");

    const uploading = owner.account.files.upload({ ...photo, content });
    content.fill(0);

    const { id } = await uploading;
    expect((await owner.account.files.download(id)).content).toEqual(bytes("as it was"));
  });
});

describe.for([
  ["in one process", undefined],
  ["over HTTP", httpWire],
] as const)("passing on %s", ([, wire]) => {
  async function passed() {
    const world = await createWorld(wire === undefined ? {} : { wire });
    const [owner, other] = [await world.person("owner"), await world.person("other")];
    const file = await owner.account.files.upload(photo);
    return { world, owner, other, file, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() };
  }

  test("who has the reference loads the File and reads it, but does not own it", async () => {
    await using at = await passed();
    const { file, other, world } = at;

    const loaded = await other.account.files.load({ reference: file.reference.url });

    const { ownershipToken: _token, ...foreign } = { ...file, isOwn: false };
    expect(loaded).toEqual(foreign);
    expect(await other.account.files.find({ owner: file.owner })).toEqual([loaded]);
    expect(await other.account.files.download(file.id)).toEqual({
      content: Uint8Array.from(photo.content),
      filename: photo.filename,
      mimetype: photo.mimetype,
    });
    expect(world.warnings).toEqual([]);
  });

  test("a token leads to it, with its password", async () => {
    await using at = await passed();
    const { owner, other, file } = at;
    const token = await owner.account.tokens.createForFile({
      fileId: file.id,
      passwordProtection: { password: "miaow" },
    });
    const reference = token.reference.truncated;

    await expect(other.account.files.load({ reference })).rejects.toMatchObject({
      code: "error.transport.noPasswordProvided",
    });
    expect(await other.account.files.load({ reference, password: "miaow" })).toMatchObject({
      id: file.id,
      isOwn: false,
    });
  });
});
