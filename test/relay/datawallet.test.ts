import { describe, expect, test } from "vitest";
import { base64, openRelay, type Party, pend } from "./parties.ts";

/** Two parties; the second has one event waiting. */
async function withNews() {
  const world = await openRelay();
  const [from, to] = [await world.party(), await world.party()];
  await pend(from, to);
  return { from, to };
}

const start = { body: { type: "ExternalEventSync" } };
const begin = async (party: Party) => (await party.ok("startSyncRun", start)).syncRun;

const item = (objectIdentifier: string, more: object = {}) => ({
  objectIdentifier,
  payloadCategory: "Content",
  collection: "Attributes",
  type: "Update",
  encryptedPayload: base64("payload"),
  datawalletVersion: 1,
  ...more,
});

describe("the datawallet", () => {
  test("an empty local index is none", async () => {
    const { to } = await withNews();
    await to.ok("pushModifications", { body: { localIndex: -1, modifications: [item("a"), item("b")] } });

    const listed = await to.ok("listModifications", { query: { localIndex: "" } });

    expect(listed).toMatchObject([{ index: 0 }, { index: 1 }]);
  });

  test("numbers modifications densely over pushes and finalises, and shows the newest of each thing (D1)", async () => {
    const { from, to } = await withNews();
    expect(await from.ok("getDatawallet")).toEqual({ version: 1 });
    const first = await to.ok("pushModifications", { body: { localIndex: -1, modifications: [item("a"), item("b")] } });
    expect(first).toMatchObject({ newIndex: 1, modifications: [{ index: 0 }, { index: 1 }] });

    const { id } = await begin(to);
    const body = {
      externalEventResults: [],
      datawalletModifications: [item("a"), item("a", { type: "Delete", payloadCategory: null })],
    };
    const result = await to.ok("finalizeExternalEventSync", { id, body });

    expect(result).toMatchObject({
      newDatawalletModificationIndex: 3,
      datawalletModifications: [{ index: 2 }, { index: 3 }],
    });
    const indexes = async (query: { localIndex?: string }) =>
      (await to.ok("listModifications", { query })).map(({ index }: { index: number }) => index);
    expect(await indexes({})).toEqual([1, 2, 3]);
    expect(await indexes({ localIndex: "2" })).toEqual([3]);
    expect(await indexes({ localIndex: "9" })).toEqual([]);
  });

  test("a push needs the latest index, no running sync, and no version above the datawallet's", async () => {
    const { to } = await withNews();
    const push = (localIndex: number, more: object = {}) => ({
      body: { localIndex, modifications: [item("a", more)] },
    });
    await to.ok("pushModifications", push(-1));

    expect(await to.no("pushModifications", push(-1))).toBe("datawallet.datawalletNotUpToDate");
    expect(await to.no("pushModifications", push(0, { datawalletVersion: 2 }))).toBe(
      "datawallet.datawalletVersionOfModificationTooHigh",
    );
    await begin(to);
    expect(await to.no("pushModifications", push(0))).toBe(
      "datawallet.cannotPushDatawalletModificationsDuringActiveSyncRun",
    );
  });

  test("of two pushes at once one is told to read first", async () => {
    const { to } = await withNews();
    const push = { body: { localIndex: -1, modifications: [item("a")] } };

    const answers = await Promise.all([to.call("pushModifications", push), to.call("pushModifications", push)]);

    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
  });

  test("cannot be downgraded", async () => {
    const { to } = await withNews();
    const upgrade = async () =>
      (await to.ok("startSyncRun", { body: { type: "DatawalletVersionUpgrade" }, version: 9 })).syncRun.id;
    const body = (newDatawalletVersion: number) => ({ newDatawalletVersion, datawalletModifications: [] });
    await to.ok("finalizeDatawalletVersionUpgrade", { id: await upgrade(), body: body(2), version: 9 });

    const code = await to.no("finalizeDatawalletVersionUpgrade", { id: await upgrade(), body: body(1), version: 9 });

    expect(code).toBe("datawallet.cannotDowngrade");
  });
});
