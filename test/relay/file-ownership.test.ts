import { createMemoryBlobs, createMemoryStore } from "rapport/plugins/storage-memory";
import { describe, expect, test } from "vitest";
import { createCrashPoints } from "../kit/crash-points.ts";
import { openRelay, type Party } from "./parties.ts";
import { upload } from "./uploads.ts";

const wrong = "x".repeat(20);
const tokenShape = /^[A-Za-z0-9]{20}$/;
const withToken = (id: string, ownershipToken: string) => ({ id, body: { ownershipToken } });

async function three() {
  const world = await openRelay();
  const [owner, other, third] = [await world.party(), await world.party(), await world.party()];
  return { world, owner, other, third, ...(await upload(owner)) };
}

const newsOf = async (party: Party) => (await party.sync()).map(({ type, payload }) => ({ type, payload }));

describe("claiming", () => {
  test("with the right token makes the caller the owner, with a new token, and tells the old one", async () => {
    const { world, owner, other, third, id, ownershipToken } = await three();
    const before = await owner.ok("getFile", { id });
    world.clock.advance(1_000);

    const { newOwnershipToken } = await other.ok("claimFileOwnership", withToken(id, ownershipToken));

    expect(newOwnershipToken).toMatch(tokenShape);
    expect(newOwnershipToken).not.toBe(ownershipToken);
    expect(await third.ok("getFile", { id })).toEqual({
      ...before,
      owner: other.address,
      modifiedAt: world.in(0),
      modifiedBy: other.address,
      modifiedByDevice: other.caller.deviceId,
    });
    const payload = { fileId: id, newOwnerAddress: other.address };
    expect(await newsOf(owner)).toEqual([{ type: "FileOwnershipClaimed", payload }]);
    expect(await newsOf(other)).toEqual([]);
    await third.ok("claimFileOwnership", withToken(id, newOwnershipToken));
  });

  test("with a wrong token is forbidden, locks the File and tells the owner once", async () => {
    const { owner, other, third, id, ownershipToken } = await three();

    expect(await other.call("claimFileOwnership", withToken(id, wrong))).toMatchObject({ ok: false, status: 403 });

    expect(await owner.ok("getFile", { id })).toMatchObject({ ownershipIsLocked: true, owner: owner.address });
    for (const token of [ownershipToken, wrong]) {
      for (const party of [other, third]) {
        expect(await party.call("claimFileOwnership", withToken(id, token))).toMatchObject({ ok: false, status: 403 });
      }
    }
    expect(await newsOf(owner)).toEqual([{ type: "FileOwnershipLocked", payload: { fileId: id } }]);
  });

  test.for([
    ["free", 0],
    ["locked", 1],
  ] as const)("one's own File, %s, has its code, whatever the token, and locks nothing", async ([, wrongClaims]) => {
    const { owner, other, id, ownershipToken } = await three();
    for (let claims = 0; claims < wrongClaims; claims += 1) await other.no("claimFileOwnership", withToken(id, wrong));

    for (const token of [ownershipToken, wrong]) {
      const code = await owner.no("claimFileOwnership", withToken(id, token));
      expect(code).toBe("file.cannotClaimOwnershipOfOwnFile");
    }
    expect(await owner.ok("getFile", { id })).toMatchObject({ ownershipIsLocked: wrongClaims > 0 });
  });

  test("an old token is a wrong one", async () => {
    const { owner, other, third, id, ownershipToken } = await three();
    await other.ok("claimFileOwnership", withToken(id, ownershipToken));

    expect(await third.no("claimFileOwnership", withToken(id, ownershipToken))).toBe("forbidden");
    expect(await owner.ok("getFile", { id })).toMatchObject({ ownershipIsLocked: true, owner: other.address });
    expect(await newsOf(other)).toEqual([{ type: "FileOwnershipLocked", payload: { fileId: id } }]);
  });

  test("without a token is a mistake and no wrong token", async () => {
    const { other, id, ownershipToken } = await three();

    expect(await other.no("claimFileOwnership", { id, body: {} })).toBe("invalidPropertyValue");
    expect(await other.no("validateFileOwnershipToken", { id, body: { ownershipToken: 7 } })).toBe(
      "invalidPropertyValue",
    );
    await other.ok("claimFileOwnership", withToken(id, ownershipToken));
  });

  test("a repeated claim under its key is the first answer and no claim of one's own File", async () => {
    const { owner, other, id, ownershipToken } = await three();
    const ask = { ...withToken(id, ownershipToken), key: "key-1" };

    const [first, second] = [await other.ok("claimFileOwnership", ask), await other.ok("claimFileOwnership", ask)];

    expect(second).toEqual(first);
    expect(await newsOf(owner)).toHaveLength(1);
  });
});

describe("a new token", () => {
  test("is for the owner alone; it unlocks, and the old one is wrong from then on", async () => {
    const { owner, other, third, id, ownershipToken } = await three();
    await other.no("claimFileOwnership", withToken(id, wrong));

    expect(await other.call("regenerateFileOwnershipToken", { id, body: {} })).toMatchObject({
      ok: false,
      status: 403,
    });
    expect(await owner.ok("getFile", { id })).toMatchObject({ ownershipIsLocked: true });
    const { newOwnershipToken } = await owner.ok("regenerateFileOwnershipToken", { id, body: {} });

    expect(newOwnershipToken).toMatch(tokenShape);
    expect(await owner.ok("getFile", { id })).toMatchObject({ ownershipIsLocked: false });
    expect(await owner.ok("validateFileOwnershipToken", withToken(id, ownershipToken))).toEqual({ isValid: false });
    await third.ok("claimFileOwnership", withToken(id, newOwnershipToken));
    expect(await owner.no("regenerateFileOwnershipToken", { id, body: {} })).toBe("forbidden");
  });

  test("is for the creator no more once it has given the File away", async () => {
    const { owner, other, id, ownershipToken } = await three();
    await other.ok("claimFileOwnership", withToken(id, ownershipToken));

    expect(await owner.no("regenerateFileOwnershipToken", { id, body: {} })).toBe("forbidden");
    await other.ok("regenerateFileOwnershipToken", { id, body: {} });
  });
});

describe("validating", () => {
  test("a right token is valid for everybody and changes nothing", async () => {
    const { owner, other, id, ownershipToken } = await three();
    const before = await owner.ok("getFile", { id });

    for (const party of [owner, other]) {
      expect(await party.ok("validateFileOwnershipToken", withToken(id, ownershipToken))).toEqual({ isValid: true });
    }
    expect(await owner.ok("getFile", { id })).toEqual(before);
    expect(await newsOf(owner)).toEqual([]);
  });

  test("a wrong token is invalid; asked by somebody else it locks, and then no token is valid", async () => {
    const { owner, other, third, id, ownershipToken } = await three();

    expect(await owner.ok("validateFileOwnershipToken", withToken(id, wrong))).toEqual({ isValid: false });
    expect(await owner.ok("getFile", { id })).toMatchObject({ ownershipIsLocked: false });
    expect(await other.ok("validateFileOwnershipToken", withToken(id, "short"))).toEqual({ isValid: false });

    expect(await owner.ok("getFile", { id })).toMatchObject({ ownershipIsLocked: true });
    for (const party of [owner, other, third]) {
      expect(await party.ok("validateFileOwnershipToken", withToken(id, ownershipToken))).toEqual({ isValid: false });
    }
    expect(await newsOf(owner)).toEqual([{ type: "FileOwnershipLocked", payload: { fileId: id } }]);
  });
});

describe("at the same time", () => {
  test("of ten claims with the right token one wins, and the File is its (F2)", async () => {
    const { world, owner, id, ownershipToken } = await three();
    const claimants = await Promise.all(Array.from({ length: 10 }, () => world.party()));

    const answers = await Promise.all(
      claimants.map((claimant) => claimant.call("claimFileOwnership", withToken(id, ownershipToken))),
    );

    const winners = claimants.filter((_, at) => answers[at]?.ok);
    expect(winners).toHaveLength(1);
    expect(answers.filter(({ ok, status }) => !ok && status === 403)).toHaveLength(9);
    expect(await owner.ok("getFile", { id })).toMatchObject({ owner: winners[0]?.address, ownershipIsLocked: true });
    expect(await newsOf(owner)).toMatchObject([{ payload: { newOwnerAddress: winners[0]?.address } }]);
    expect(await newsOf(winners[0] as Party)).toMatchObject([{ type: "FileOwnershipLocked" }]);
  });

  test.for(["claimFileOwnership", "validateFileOwnershipToken"] as const)(
    "of ten wrong tokens (%s) one locks and tells the owner (F1)",
    async (operation) => {
      const { world, owner, id } = await three();
      const claimants = await Promise.all(Array.from({ length: 10 }, () => world.party()));

      await Promise.all(claimants.map((claimant) => claimant.call(operation, withToken(id, wrong))));

      expect(await newsOf(owner)).toEqual([{ type: "FileOwnershipLocked", payload: { fileId: id } }]);
    },
  );

  test("a claim that meets the end of the File, wherever, brings nothing back", async () => {
    for (let at = 1; ; at += 1) {
      const points = createCrashPoints();
      const store = createMemoryStore();
      const world = await openRelay({ store: points.store(store), blobs: createMemoryBlobs() });
      const [owner, other] = [await world.party(), await world.party()];
      const { id, ownershipToken } = await upload(owner);
      const meanwhile = () => owner.ok("deleteFile", { id });
      points.watch({ at, when: "before", how: "wait", meanwhile });

      await other.call("claimFileOwnership", withToken(id, ownershipToken));

      if (!points.hasStruck) break;
      expect(await store.get(`relay/file/${id}`), `${at}`).toBeUndefined();
      expect(await owner.no("getFile", { id }), `${at}`).toBe("recordNotFound");
    }
  });
});
