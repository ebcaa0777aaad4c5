import { createMemoryBlobs, createMemoryDisk, createMemoryStore } from "rapport/plugins/storage-memory";
import { expect, test } from "vitest";
import { dueAtOnceMax, filesErasedAtOnceMax } from "../../src/limits.ts";
import { operatorOf } from "./operator.ts";
import { minute, openRelay } from "./parties.ts";
import { pseudonym } from "./pseudonym.ts";
import { download, keptOn, upload } from "./uploads.ts";

async function relayWithOperator() {
  const disk = createMemoryDisk();
  const [store, blobs] = [createMemoryStore({ disk }), createMemoryBlobs({ disk })];
  const world = await openRelay({ store, blobs });
  return { world, disk, operator: operatorOf(store, world.clock, { blobs }) };
}

test("expired Files go with their bytes, the others stay", async () => {
  const { world, disk, operator } = await relayWithOperator();
  const owner = await world.party();
  await upload(owner, "for ever");
  await upload(owner, "one minute", { expiresAt: world.in(minute) });
  await upload(owner, "two minutes", { expiresAt: world.in(2 * minute) });

  world.clock.advance(minute);

  expect((await operator.runDueTimers()).filesErased).toBe(1);
  expect(keptOn(disk)).toEqual({ files: ["for ever", "two minutes"], bytes: ["for ever", "two minutes"], marks: [] });
  world.clock.advance(minute);
  expect((await operator.runDueTimers()).filesErased).toBe(1);
  expect((await operator.runDueTimers()).filesErased).toBe(0);
  expect(keptOn(disk)).toEqual({ files: ["for ever"], bytes: ["for ever"], marks: [] });
});

test("many go some at a time, and the next run goes on", async () => {
  const { world, disk, operator } = await relayWithOperator();
  const owner = await world.party();
  const expiresAt = world.in(minute);
  const count = dueAtOnceMax + 5;
  await Promise.all(Array.from({ length: count }, (_, at) => upload(owner, `bytes ${at}`, { expiresAt })));
  world.clock.advance(minute);

  expect((await operator.runDueTimers()).filesErased).toBe(dueAtOnceMax);
  expect(keptOn(disk).files).toHaveLength(5);
  expect((await operator.runDueTimers()).filesErased).toBe(5);
  expect(keptOn(disk)).toEqual({ files: [], bytes: [], marks: [] });
});

test("of an identity that is erased go the Files it owns; those it gave away stay, under its pseudonym", async () => {
  const { world, disk, operator } = await relayWithOperator();
  const [leaving, other] = [await world.party(), await world.party()];
  await upload(leaving, "own");
  const given = await upload(leaving, "given away");
  await other.ok("claimFileOwnership", { id: given.id, body: { ownershipToken: given.ownershipToken } });
  const taken = await upload(other, "taken over");
  await leaving.ok("claimFileOwnership", { id: taken.id, body: { ownershipToken: taken.ownershipToken } });
  await upload(other, "foreign");

  expect(await operator.erase(leaving.address)).toBe(true);

  const texts = ["given away", "foreign"];
  expect(keptOn(disk)).toEqual({ files: texts, bytes: texts, marks: [] });
  expect(await other.ok("getFile", { id: given.id })).toMatchObject({
    createdBy: pseudonym,
    createdByDevice: null,
    owner: other.address,
    modifiedBy: other.address,
  });
  expect(await download(other, given.id)).toBe("given away");
  const files = JSON.stringify([...disk.documents()].filter(([key]) => key.startsWith("relay/file/")));
  expect(files).not.toContain(leaving.address);
  expect(files).not.toContain(leaving.caller.deviceId);
});

test("who created a File that goes with its later owner has room for another one", async () => {
  const disk = createMemoryDisk();
  const [store, blobs] = [createMemoryStore({ disk }), createMemoryBlobs({ disk })];
  const settings = { quotas: [{ metric: "NumberOfFiles", max: 1, period: "Total" }] } as const;
  const world = await openRelay({ store, blobs, settings });
  const [creator, leaving] = [await world.party(), await world.party()];
  const { id, ownershipToken } = await upload(creator, "one");
  await leaving.ok("claimFileOwnership", { id, body: { ownershipToken } });

  await world.relay.admin.eraseIdentity(leaving.address);

  await upload(creator, "another");
  expect(keptOn(disk).files).toEqual(["another"]);
});

test("an identity with more Files than one commit ends is erased whole", async () => {
  const { world, disk, operator } = await relayWithOperator();
  const [leaving, other] = [await world.party(), await world.party()];
  const count = filesErasedAtOnceMax + 5;
  await Promise.all(Array.from({ length: count }, (_, at) => upload(leaving, `bytes ${at}`)));
  const given = await upload(leaving, "given away");
  await other.ok("claimFileOwnership", { id: given.id, body: { ownershipToken: given.ownershipToken } });

  expect(await operator.erase(leaving.address)).toBe(true);

  expect(keptOn(disk)).toEqual({ files: ["given away"], bytes: ["given away"], marks: [] });
  expect(await other.ok("getFile", { id: given.id })).toMatchObject({ createdBy: pseudonym });
});
