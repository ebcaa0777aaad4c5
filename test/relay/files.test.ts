import { createMemoryBlobs, createMemoryDisk, createMemoryStore } from "rapport/plugins/storage-memory";
import { describe, expect, test } from "vitest";
import { fileBytesMax } from "../../src/limits.ts";
import { base64, minute, openRelay } from "./parties.ts";
import { bytesOf, download, keptOn, upload, uploadOf } from "./uploads.ts";

describe("uploading", () => {
  test("gives the File back with its token, and anybody with a login and the id reads it", async () => {
    const world = await openRelay();
    const [owner, reader] = [await world.party(), await world.party()];
    const expiresAt = world.in(minute);
    const now = world.in(0);

    const answer = await owner.call("createFile", uploadOf("some bytes", { expiresAt, owner: reader.address }));

    const head = {
      id: expect.stringMatching(/^FIL[A-Za-z0-9]{17}$/),
      createdAt: now,
      createdBy: owner.address,
      createdByDevice: owner.caller.deviceId,
      modifiedAt: now,
      modifiedBy: owner.address,
      modifiedByDevice: owner.caller.deviceId,
      deletedAt: null,
      deletedBy: null,
      deletedByDevice: null,
      owner: owner.address,
      ownerSignature: base64("signature"),
      ownershipIsLocked: false,
      cipherSize: 10,
      cipherHash: base64("h".repeat(64)),
      expiresAt,
    };
    const ownershipToken = expect.stringMatching(/^[A-Za-z0-9]{20}$/);
    expect(answer).toMatchObject({ ok: true, status: 201 });
    const { id } = answer.ok ? (answer.result as { id: string }) : { id: "" };
    expect(answer.ok && answer.result).toEqual({ ...head, ownershipToken });
    for (const one of [owner, reader]) {
      expect(await one.ok("getFile", { id })).toEqual({ ...head, encryptedProperties: base64("properties") });
      expect(await download(one, id)).toBe("some bytes");
    }
    expect(await world.anonymous.no("getFile", { id })).toBe("unauthorized");
    expect(await world.anonymous.no("getFileContent", { id })).toBe("unauthorized");
  });

  test.for([
    ["a missing hash", { cipherHash: undefined }],
    ["a hash that is no base64", { cipherHash: "ü" }],
    ["an empty hash", { cipherHash: "" }],
    ["a hash over 128 bytes", { cipherHash: base64("h".repeat(129)) }],
    ["a missing signature", { ownerSignature: undefined }],
    ["a signature over 512 bytes", { ownerSignature: base64("s".repeat(513)) }],
    ["properties over 1 MiB", { encryptedProperties: base64("p".repeat(1024 * 1024 + 1)) }],
    ["missing properties", { encryptedProperties: undefined }],
    ["an expiry in the past", { expiresAt: "2020-01-01T00:00:00.000Z" }],
    ["an expiry that is no time", { expiresAt: "tomorrow" }],
  ] as const)("%s is refused, and nothing is kept", async ([, change]) => {
    const disk = createMemoryDisk();
    const world = await openRelay({ blobs: createMemoryBlobs({ disk }) });
    const owner = await world.party();

    expect(await owner.no("createFile", uploadOf("some bytes", change))).toBe("invalidPropertyValue");
    expect(disk.blobs().size).toBe(0);
  });

  test("1 byte to 15 MiB are taken, none and one more are refused", async () => {
    const world = await openRelay();
    const owner = await world.party();
    const { body } = uploadOf("");
    const send = (length: number) => owner.call("createFile", { body, bytes: new Uint8Array(length) });

    expect(await send(1)).toMatchObject({ ok: true });
    expect(await send(fileBytesMax)).toMatchObject({ ok: true, result: { cipherSize: fileBytesMax } });
    const code = "error.platform.validation.invalidPropertyValue";
    expect(await send(0)).toMatchObject({ ok: false, error: { code } });
    expect(await send(fileBytesMax + 1)).toMatchObject({ ok: false, error: { code } });
    expect(await owner.no("createFile", { body })).toBe("invalidPropertyValue");
  });

  test("classic base64 is taken and written as base64url", async () => {
    const world = await openRelay();
    const owner = await world.party();
    const raw = Buffer.alloc(64, 0xfb);

    const { id } = await upload(owner, "x", { cipherHash: raw.toString("base64") });

    expect(await owner.ok("getFile", { id })).toMatchObject({ cipherHash: raw.toString("base64url"), expiresAt: null });
  });

  test("the same bytes twice are two Files, and deleting one leaves the other", async () => {
    const world = await openRelay();
    const owner = await world.party();
    const [one, two] = [await upload(owner), await upload(owner)];

    await owner.ok("deleteFile", { id: one.id });

    expect(one.id).not.toBe(two.id);
    expect(await download(owner, two.id)).toBe("some bytes");
  });

  test("the token that passes a File on is nowhere in the store but in the answer kept for its key", async () => {
    const disk = createMemoryDisk();
    const world = await openRelay({ store: createMemoryStore({ disk }) });
    const owner = await world.party();

    const { ownershipToken } = await upload(owner);

    expect(JSON.stringify([...disk.documents()])).not.toContain(ownershipToken);
  });

  test("a relay without a place for bytes says what its operator must do", async () => {
    // An operator's options can leave it out; the type of the test's options cannot.
    const world = await openRelay({ ...({ blobs: undefined } as object) });
    const owner = await world.party();

    const answers = [
      await owner.call("createFile", uploadOf("some bytes")),
      await owner.call("getFileContent", { id: "FILAAAAAAAAAAAAAAAAA" }),
    ];

    const refused = { ok: false, status: 500, error: { message: expect.stringContaining("`blobs`") } };
    expect(answers).toMatchObject([refused, refused]);
    expect(await owner.no("getFile", { id: "FILAAAAAAAAAAAAAAAAA" })).toBe("recordNotFound");
    expect(await owner.ok("listFiles")).toEqual([]);
  });
});

describe("an idempotency key", () => {
  test("a repeated upload answers the same and leaves one File and its bytes", async () => {
    const disk = createMemoryDisk();
    const world = await openRelay({ store: createMemoryStore({ disk }), blobs: createMemoryBlobs({ disk }) });
    const owner = await world.party();
    const ask = { ...uploadOf("some bytes"), key: "key-1" };

    const first = await owner.call("createFile", ask);
    const second = await owner.call("createFile", ask);

    expect(second).toEqual({ ...first, headers: { "idempotency-replayed": "true" } });
    expect(keptOn(disk)).toEqual({ files: ["some bytes"], bytes: ["some bytes"], marks: [] });
  });

  test("other bytes under the same key are refused", async () => {
    const world = await openRelay();
    const owner = await world.party();
    await owner.ok("createFile", { ...uploadOf("some bytes"), key: "key-1" });

    expect(await owner.no("createFile", { ...uploadOf("other bytes"), key: "key-1" })).toBe("idempotencyKeyReused");
  });
});

describe("the list", () => {
  test("has what the caller created, oldest first, page by page, and ids narrow it down", async () => {
    const world = await openRelay();
    const [owner, other] = [await world.party(), await world.party()];
    const ids: string[] = [];
    for (const text of ["one", "two", "three"]) {
      ids.push((await upload(owner, text)).id);
      world.clock.advance(1_000);
    }
    const foreign = await upload(other, "foreign");
    const given = await upload(other, "given away");
    await owner.ok("claimFileOwnership", { id: given.id, body: { ownershipToken: given.ownershipToken } });

    const listed = async (query: object) =>
      (await owner.ok("listFiles", { query: query as { [name: string]: string } })).map(({ id }: { id: string }) => id);

    expect(await listed({})).toEqual(ids);
    expect(await listed({ PageSize: "2" })).toEqual(ids.slice(0, 2));
    expect(await listed({ PageSize: "2", pageNumber: "2" })).toEqual(ids.slice(2));
    expect(await owner.call("listFiles", { query: { pageSize: "2" } })).toMatchObject({
      pagination: { pageNumber: 1, pageSize: 2, totalPages: 2, totalRecords: 3 },
    });
    expect(await listed({ ids: [ids[2], ids[0], foreign.id] })).toEqual([ids[0], ids[2]]);
    expect(await owner.no("listFiles", { query: { PageSize: "201" } })).toBe("pagination.invalidPageSize");
    expect(await owner.no("listFiles", { query: { ids: ["REL"] } })).toBe("invalidId");
    expect((await owner.ok("listFiles"))[0]).toEqual(await owner.ok("getFile", { id: ids[0] ?? "" }));
  });

  test("leaves out what was deleted or has expired", async () => {
    const world = await openRelay();
    const owner = await world.party();
    const [kept, deleted] = [await upload(owner), await upload(owner)];
    const expiring = await upload(owner, "x", { expiresAt: world.in(minute) });
    await owner.ok("deleteFile", { id: deleted.id });

    world.clock.advance(minute);

    const all = { query: { ids: [kept.id, deleted.id, expiring.id] } };
    for (const ask of [{}, all]) expect(await owner.ok("listFiles", ask)).toMatchObject([{ id: kept.id }]);
  });
});

describe("the end of a File", () => {
  const everything = [
    ["getFile", {}],
    ["getFileContent", {}],
    ["deleteFile", {}],
    ["validateFileOwnershipToken", { body: { ownershipToken: "x".repeat(20) } }],
    ["regenerateFileOwnershipToken", { body: {} }],
    ["claimFileOwnership", { body: { ownershipToken: "x".repeat(20) } }],
  ] as const;

  test.for(everything)("%s does not find what has expired or was deleted", async ([operation, ask]) => {
    const world = await openRelay();
    const owner = await world.party();
    const expiring = await upload(owner, "x", { expiresAt: world.in(minute) });
    const deleted = await upload(owner);
    await owner.ok("getFile", { id: expiring.id });
    await owner.ok("deleteFile", { id: deleted.id });
    world.clock.advance(minute);

    for (const { id } of [expiring, deleted]) expect(await owner.no(operation, { id, ...ask })).toBe("recordNotFound");
    expect(await owner.no(operation, { id: "FILAAAAAAAAAAAAAAAAA", ...ask })).toBe("recordNotFound");
    expect(await owner.no(operation, { id: "TOKAAAAAAAAAAAAAAAAA", ...ask })).toBe("invalidId");
  });

  test("its creator alone deletes it, also when somebody else owns it, and its bytes are gone with the answer", async () => {
    const disk = createMemoryDisk();
    const world = await openRelay({ store: createMemoryStore({ disk }), blobs: createMemoryBlobs({ disk }) });
    const [creator, owner] = [await world.party(), await world.party()];
    const { id, ownershipToken } = await upload(creator, "secret bytes");
    await owner.ok("claimFileOwnership", { id, body: { ownershipToken } });

    expect(await owner.no("deleteFile", { id })).toBe("forbidden");
    expect(keptOn(disk).bytes).toEqual(["secret bytes"]);
    expect(await creator.call("deleteFile", { id })).toMatchObject({ ok: true, status: 204, result: {} });

    expect(keptOn(disk)).toEqual({ files: [], bytes: [], marks: [] });
    expect(JSON.stringify([...disk.documents()])).not.toContain(`relay/file/${id}`);
  });

  test("bytes that somebody took away from outside are the relay's fault, and it says so", async () => {
    const logged: string[] = [];
    const log = {
      write: (_level: string, message: string, facts?: object) => logged.push(JSON.stringify([message, facts])),
    };
    const disk = createMemoryDisk();
    const blobs = createMemoryBlobs({ disk });
    const world = await openRelay({ blobs, log });
    const owner = await world.party();
    const { id } = await upload(owner);
    for (const name of disk.blobs().keys()) await blobs.delete(name);

    expect(await owner.no("getFileContent", { id })).toBe("unexpected");
    expect(logged).toEqual([expect.stringContaining(`The bytes of the File ${id} are missing`)]);
  });
});

test("what a reader does with downloaded bytes, or an uploader with its own, changes nothing at the relay", async () => {
  const world = await openRelay();
  const owner = await world.party();
  const ask = uploadOf("some bytes");
  const { id } = await owner.ok("createFile", ask);
  ask.bytes.fill(0);

  const answer = await owner.call("getFileContent", { id });
  if (answer.ok) answer.bytes?.fill(0);

  expect(answer).toMatchObject({ ok: true, status: 200, result: {} });
  expect(bytesOf(await download(owner, id))).toEqual(bytesOf("some bytes"));
});
