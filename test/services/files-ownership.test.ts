// Whose a File is, what its bytes must be, and how it ends (spec/domain.md 8.3; spec/backbone-protocol.md 5.4).
import type { NewFile } from "rapport";
import type { Answer, Call, JsonObject, TransportPort } from "rapport/core";
import { createWorld, type Person, type PersonOptions, type World } from "rapport/testkit";
import { describe, expect, test } from "vitest";
import { listen, onDay, only, refused } from "./scenes.ts";

const letter: NewFile = {
  content: new TextEncoder().encode("Dear reader, ..."),
  filename: "letter.txt",
  mimetype: "text/plain",
};
const unknown = "error.runtime.recordNotFound";

/** A way to the relay that can also be used by hand, and whose answers can be changed. */
function open() {
  let ask = (_call: Call): Promise<Answer> => Promise.reject(new Error("Nobody has called yet."));
  const change: { answer?: (call: Call, answer: Answer) => Answer } = {};
  const options: PersonOptions = {
    transport: (transport: TransportPort) => ({
      ...transport,
      call: async (call, session) => {
        ask = (own) => transport.call(own, session);
        const answer = await transport.call(call, session);
        return change.answer?.(call, answer) ?? answer;
      },
    }),
  };
  return { options, change, ask: (call: Call) => ask(call) };
}

interface Scene {
  readonly world: World;
  readonly owner: Person;
  readonly other: Person;
  readonly change: ReturnType<typeof open>["change"];
  /** The other asks the relay, past its engine. */
  readonly ask: (call: Call) => Promise<Answer>;
}

async function scene(): Promise<Scene> {
  const world = await createWorld({ seed: 5 });
  const hand = open();
  const owner = await world.person("owner");
  const other = await world.person("other", hand.options);
  return { world, owner, other, change: hand.change, ask: hand.ask };
}

const claim = (id: string, ownershipToken: string): Call => ({
  operation: "claimFileOwnership",
  params: { id },
  body: JSON.stringify({ ownershipToken }),
});

describe("the ownership token", () => {
  test("can be made anew by the owner alone; the old one is worth nothing", async () => {
    const { world, owner, other, ask } = await scene();
    const file = await owner.account.files.upload(letter);
    await other.account.files.load({ reference: file.reference.truncated });

    const renewed = await owner.account.files.regenerateOwnershipToken(file.id);

    expect(renewed).toEqual({ ...file, ownershipToken: expect.stringMatching(/^\w{20}$/) });
    expect(renewed.ownershipToken).not.toBe(file.ownershipToken);
    expect(await owner.account.files.get(file.id)).toEqual(renewed);
    expect(await ask(claim(file.id, file.ownershipToken ?? ""))).toMatchObject({ ok: false, status: 403 });
    const { files } = other.account;
    const attempt = (id: string) => () => files.regenerateOwnershipToken(id);
    const where = { world, people: [other] };
    await refused("error.runtime.files.notOwnedByYou", attempt(file.id), where);
    await refused(unknown, attempt("FIL00000000000000000"), where);
  });

  test("a wrong one locks the File; the owner hears of it, and a new one unlocks", async () => {
    const { world, owner, other, ask } = await scene();
    const file = await owner.account.files.upload(letter);
    await other.account.files.load({ reference: file.reference.truncated });
    await ask(claim(file.id, "wrong"));
    const heard = listen(owner.account);

    await owner.account.sync();

    const locked = { ...file, ownershipIsLocked: true };
    expect(heard.data("transport.fileOwnershipLocked")).toEqual([locked]);
    expect(await owner.account.files.find({ ownershipIsLocked: true })).toEqual([locked]);
    const unlocked = await owner.account.files.regenerateOwnershipToken(file.id);
    expect(unlocked).not.toHaveProperty("ownershipIsLocked");
    expect(await ask(claim(file.id, unlocked.ownershipToken ?? ""))).toMatchObject({ ok: true });
    expect(world.warnings).toEqual([]);
  });

  test("the right one takes the File away: the old owner hears of it and forgets the token", async () => {
    const { owner, other, ask } = await scene();
    const file = await owner.account.files.upload(letter);
    await other.account.files.load({ reference: file.reference.truncated });
    await ask(claim(file.id, file.ownershipToken ?? ""));
    const heard = listen(owner.account);

    await owner.account.sync();

    const { ownershipToken: _token, ...rest } = file;
    const passed = { ...rest, isOwn: false, owner: other.account.address };
    expect(heard.data("transport.fileOwnershipClaimed")).toEqual([passed]);
    expect(await owner.account.files.get(file.id)).toEqual(passed);
    await expect(owner.account.files.regenerateOwnershipToken(file.id)).rejects.toMatchObject({
      code: "error.runtime.files.notOwnedByYou",
    });
    expect((await owner.account.files.download(file.id)).filename).toBe(letter.filename);
  });

  test("what happened to a File that was deleted here, or has expired, is no news", async () => {
    const { world, owner, other, ask } = await scene();
    const [deleted, expired] = [
      await owner.account.files.upload(letter),
      await owner.account.files.upload({ ...letter, expiresAt: onDay(1) }),
    ];
    for (const { id, reference } of [deleted, expired]) {
      await other.account.files.load({ reference: reference.truncated });
      await ask(claim(id, "wrong"));
    }
    await owner.account.files.delete(deleted.id);
    world.clock.advance(2 * 24 * 60 * 60 * 1000);
    const heard = listen(owner.account);

    await owner.account.sync();

    expect(heard.names()).toEqual([]);
    expect(await owner.account.files.get(expired.id)).toEqual(expired);
    expect(await owner.account.deadLetters.list()).toEqual([]);
    expect(world.warnings).toEqual([]);
  });
});

describe("reading", () => {
  const tampered = (change: Scene["change"], bytesOf: (bytes: Uint8Array) => Uint8Array) => {
    change.answer = (call, answer) =>
      call.operation === "getFileContent" && answer.ok && answer.bytes !== undefined
        ? { ...answer, bytes: bytesOf(answer.bytes) }
        : answer;
  };

  test("bytes other than those that were uploaded are refused", async () => {
    const { owner, other, change } = await scene();
    const file = await owner.account.files.upload(letter);
    await other.account.files.load({ reference: file.reference.truncated });
    const code = "error.transport.files.cipherMismatch";

    for (const bytesOf of [
      (bytes: Uint8Array) => bytes.with(20, 65),
      (bytes: Uint8Array) => bytes.subarray(1),
      () => new Uint8Array(),
    ]) {
      tampered(change, bytesOf);
      await expect(other.account.files.download(file.id)).rejects.toMatchObject({ code });
    }
  });

  test("what is not known here, or gone at the relay, cannot be read", async () => {
    const { owner, other } = await scene();
    const file = await owner.account.files.upload(letter);
    await expect(other.account.files.download(file.id)).rejects.toMatchObject({ code: unknown });
    await other.account.files.load({ reference: file.reference.truncated });

    await owner.account.files.delete(file.id);

    await expect(other.account.files.download(file.id)).rejects.toMatchObject({
      code: "error.platform.recordNotFound",
    });
    expect(await other.account.files.get(file.id)).toMatchObject({ id: file.id });
  });

  test("a File whose metadata the relay changed is not loaded", async () => {
    const { world, owner, other, change } = await scene();
    const file = await owner.account.files.upload(letter);
    const load = (properties: string) => {
      change.answer = (call, answer) =>
        call.operation === "getFile" && answer.ok
          ? { ...answer, result: { ...(answer.result as JsonObject), encryptedProperties: properties } }
          : answer;
      return () => other.account.files.load({ reference: file.reference.truncated });
    };
    const where = { world, people: [other] };

    await refused("error.transport.files.invalidMetadata", load("bm90IGEgY2lwaGVy"), where);
    await refused("seal.malformed", load(Buffer.from("{}").toString("base64url")), where);
  });
});

describe("loading and deleting", () => {
  test("loading again shows what is known, without asking the relay", async () => {
    const { world, owner, other } = await scene();
    const file = await owner.account.files.upload(letter);
    const reference = file.reference.url;
    const first = await other.account.files.load({ reference });
    const calls = world.calls.length;

    expect(await other.account.files.load({ reference })).toEqual(first);
    expect(await owner.account.files.load({ reference })).toEqual(file);
    expect(world.calls).toHaveLength(calls);
  });

  test("references to something else, and none at all, are refused", async () => {
    const { world, owner, other } = await scene();
    const template = await owner.account.templates.create({
      content: { "@type": "ArbitraryRelationshipTemplateContent", value: 1 },
      expiresAt: "2031-01-01T00:00:00.000Z",
    });
    const token = await owner.account.tokens.createForTemplate({ templateId: template.id });
    const load = (reference: unknown) => () => other.account.files.load({ reference: reference as string });
    const where = { world, people: [other] };

    await refused("error.runtime.invalidReference", load(template.reference.truncated), where);
    // Reading a token allocates it at the relay, whatever it holds.
    await expect(load(token.reference.truncated)()).rejects.toMatchObject({
      code: "error.runtime.invalidTokenContent",
    });
    expect(await other.account.files.find()).toEqual([]);
    await refused("error.core-types.invalidTruncatedReference", load("FIL00000000000000000"), where);
    await refused("error.runtime.validation.invalidPropertyValue", load(undefined), where);
  });

  test("deleting an own upload takes it from the relay, anything else only from here", async () => {
    const { world, owner, other } = await scene();
    const file = await owner.account.files.upload(letter);
    await other.account.files.load({ reference: file.reference.truncated });

    await other.account.files.delete(file.id);
    expect((await owner.account.files.download(file.id)).filename).toBe(letter.filename);
    await owner.account.files.delete(file.id);

    expect([await owner.account.files.find(), await other.account.files.find()]).toEqual([[], []]);
    expect(only(world.calls.filter(({ operation }) => operation === "deleteFile"))).toMatchObject({
      params: { id: file.id },
    });
    const disk = JSON.stringify([...owner.disk.documents(), ...other.disk.documents()]);
    expect(disk).not.toContain(file.id);
    await refused(unknown, () => owner.account.files.delete(file.id), { world, people: [owner] });
  });
});
