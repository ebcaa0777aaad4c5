import { createMemoryBlobs, createMemoryDisk, createMemoryStore } from "rapport/plugins/storage-memory";
import { expect, test } from "vitest";
import { filesErasedAtOnceMax } from "../../src/limits.ts";
import type { Desk } from "../../src/relay/desk.ts";
import { eraseExpiredFiles, eraseFilesOf } from "../../src/relay/files-erasing.ts";
import { defaultSettings } from "../../src/relay/settings.ts";
import { createSeededEntropy } from "../kit/seeded-entropy.ts";
import { crypto, minute, openRelay } from "./parties.ts";
import { download, keptOn, upload } from "./uploads.ts";

async function relayWithDesk() {
  const disk = createMemoryDisk();
  const [store, blobs] = [createMemoryStore({ disk }), createMemoryBlobs({ disk })];
  const world = await openRelay({ store, blobs });
  const { clock } = world;
  const parts = { store, blobs, clock, crypto, entropy: createSeededEntropy(2), hostName: "localhost" };
  const desk: Desk = { ...parts, log: undefined, settings: defaultSettings, clients: undefined };
  return { world, disk, desk };
}

test("expired Files go with their bytes, the others stay", async () => {
  const { world, disk, desk } = await relayWithDesk();
  const owner = await world.party();
  await upload(owner, "for ever");
  await upload(owner, "one minute", { expiresAt: world.in(minute) });
  await upload(owner, "two minutes", { expiresAt: world.in(2 * minute) });

  world.clock.advance(minute);

  expect(await eraseExpiredFiles(desk, world.clock.now())).toBe(false);
  expect(keptOn(disk)).toEqual({ files: ["for ever", "two minutes"], bytes: ["for ever", "two minutes"], marks: [] });
  world.clock.advance(minute);
  expect(await eraseExpiredFiles(desk, world.clock.now())).toBe(false);
  expect(await eraseExpiredFiles(desk, world.clock.now())).toBe(false);
  expect(keptOn(disk)).toEqual({ files: ["for ever"], bytes: ["for ever"], marks: [] });
});

test("many go some at a time, and it says when there may be more", async () => {
  const { world, disk, desk } = await relayWithDesk();
  const owner = await world.party();
  const expiresAt = world.in(minute);
  const count = filesErasedAtOnceMax + 5;
  await Promise.all(Array.from({ length: count }, (_, at) => upload(owner, `bytes ${at}`, { expiresAt })));
  world.clock.advance(minute);

  expect(await eraseExpiredFiles(desk, world.clock.now())).toBe(true);
  expect(keptOn(disk).files).toHaveLength(5);
  expect(await eraseExpiredFiles(desk, world.clock.now())).toBe(false);
  expect(keptOn(disk)).toEqual({ files: [], bytes: [], marks: [] });
});

test("of an identity that is erased go the Files it owns; those it gave away stay, under its pseudonym", async () => {
  const { world, disk, desk } = await relayWithDesk();
  const [leaving, other] = [await world.party(), await world.party()];
  await upload(leaving, "own");
  const given = await upload(leaving, "given away");
  await other.ok("claimFileOwnership", { id: given.id, body: { ownershipToken: given.ownershipToken } });
  const taken = await upload(other, "taken over");
  await leaving.ok("claimFileOwnership", { id: taken.id, body: { ownershipToken: taken.ownershipToken } });
  await upload(other, "foreign");

  expect(await eraseFilesOf(desk, leaving.address, "did:e:localhost:dids:pseudonym")).toBe(false);

  const texts = ["given away", "foreign"];
  expect(keptOn(disk)).toEqual({ files: texts, bytes: texts, marks: [] });
  expect(await other.ok("getFile", { id: given.id })).toMatchObject({
    createdBy: "did:e:localhost:dids:pseudonym",
    createdByDevice: null,
    owner: other.address,
    modifiedBy: other.address,
  });
  expect(await download(other, given.id)).toBe("given away");
  const files = JSON.stringify([...disk.documents()].filter(([key]) => key.startsWith("relay/file/")));
  expect(files).not.toContain(leaving.address);
  expect(files).not.toContain(leaving.caller.deviceId);
});

test("an identity with many Files is erased in several goes", async () => {
  const { world, disk, desk } = await relayWithDesk();
  const [leaving, other] = [await world.party(), await world.party()];
  const count = filesErasedAtOnceMax + 5;
  await Promise.all(Array.from({ length: count }, (_, at) => upload(leaving, `bytes ${at}`)));
  const given = await upload(leaving, "given away");
  await other.ok("claimFileOwnership", { id: given.id, body: { ownershipToken: given.ownershipToken } });

  let goes = 1;
  while (await eraseFilesOf(desk, leaving.address, "pseudonym")) goes += 1;

  expect(goes).toBe(2);
  expect(keptOn(disk)).toEqual({ files: ["given away"], bytes: ["given away"], marks: [] });
  expect(await other.ok("getFile", { id: given.id })).toMatchObject({ createdBy: "pseudonym" });
});
