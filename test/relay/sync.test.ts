import { describe, expect, test } from "vitest";
import { bring, crypto, identityBody, minute, openRelay, type Party, send } from "./parties.ts";

const start = { type: "ExternalEventSync" };
const done = (...ids: readonly string[]) => ({
  externalEventResults: ids.map((externalEventId) => ({ externalEventId })),
  datawalletModifications: [],
});
const failed = (id: string, errorCode = "error.some") => ({
  externalEventResults: [{ externalEventId: id, errorCode }],
  datawalletModifications: [],
});

/** Two parties, of which the second has `count` Messages' news. */
async function withNews(count: number, options: Parameters<typeof openRelay>[0] = {}) {
  const world = await openRelay(options);
  const [from, to] = [await world.party(), await world.party()];
  await bring(from, to, "Active");
  await to.sync();
  for (let sent = 0; sent < count; sent += 1) await send(from, to);
  return { ...world, from, to };
}

const begin = async (party: Party, more: object = {}) =>
  (await party.ok("startSyncRun", { body: { ...start, ...more } })).syncRun;
const again = "syncRun.cannotStartSyncRunWhenAnotherSyncRunIsRunning";

/** The same identity on another device. */
async function otherDeviceOf(world: Awaited<ReturnType<typeof openRelay>>, party: Party) {
  const caller = { ...party.caller, deviceId: "DVCotherotherother00" };
  return async (operation: "listExternalEvents" | "finalizeExternalEventSync", id: string) => {
    const body = JSON.stringify(done());
    const answer = await world.relay.call({ operation, params: { id }, body }, caller);
    return answer.ok ? "" : answer.error.code.replace("error.platform.validation.syncRun.", "");
  };
}

describe("starting a run", () => {
  test("answers 200 without a run when there is nothing new, and 201 with one otherwise", async () => {
    const { to, clock } = await withNews(0);
    expect(await to.call("startSyncRun", { body: start })).toMatchObject({
      status: 200,
      result: { status: "NoNewEvents", syncRun: null },
    });
    const other = await withNews(2);

    const answer = await other.to.call("startSyncRun", { body: { ...start, duration: 60 } });

    expect(answer).toMatchObject({
      status: 201,
      result: {
        status: "Created",
        syncRun: {
          type: "ExternalEventSync",
          eventCount: 2,
          expiresAt: new Date(clock.now() + minute).toISOString(),
          createdBy: other.to.address,
          createdByDevice: other.to.caller.deviceId,
        },
      },
    });
  });

  test("is refused while another one runs; of many at once exactly one starts (Y1)", async () => {
    const { to } = await withNews(1);

    const answers = await Promise.all(Array.from({ length: 10 }, () => to.call("startSyncRun", { body: start })));

    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await to.no("startSyncRun", { body: start })).toBe(again);
    expect(await to.no("startSyncRun", { body: { type: "DatawalletVersionUpgrade" } })).toBe(again);
  });

  test("needs a datawallet", async () => {
    const world = await openRelay();
    const challenge = await world.anonymous.ok("createChallenge", { body: {} });
    const body = identityBody(challenge, crypto.signing.keyPair(new Uint8Array(32).fill(9)));
    const { address, device } = await world.anonymous.ok("createIdentity", { body });
    const newcomer = world.as({ address, deviceId: device.id, username: device.username });

    const answer = await newcomer.call("startSyncRun", { body: start });

    expect(answer).toMatchObject({ status: 404, error: { code: "error.platform.recordNotFound" } });
  });

  test("is refused to clients older than the datawallet", async () => {
    const { to } = await withNews(0);
    const { syncRun } = await to.ok("startSyncRun", { body: { type: "DatawalletVersionUpgrade" } });
    const body = { newDatawalletVersion: 3, datawalletModifications: [] };
    await to.ok("finalizeDatawalletVersionUpgrade", { id: syncRun.id, body });

    expect(await to.no("startSyncRun", { body: start, version: 2 })).toBe(
      "datawallet.insufficientSupportedDatawalletVersion",
    );
    expect(await to.no("startSyncRun", { body: start, version: 0 })).toBe("invalidPropertyValue");
    expect(await to.ok("startSyncRun", { body: start, version: 3 })).toEqual({ status: "NoNewEvents", syncRun: null });
  });

  test("an expired run gives way and releases its events without counting an error, however often (Y3)", async () => {
    const { to, clock } = await withNews(1);
    for (let crash = 0; crash < 5; crash += 1) {
      await begin(to);
      clock.advance(10_000);
    }

    expect(await to.sync()).toMatchObject([{ type: "MessageReceived", syncErrorCount: 0 }]);
  });

  test("refreshing a run keeps others out for as long as it was asked for", async () => {
    const { to, clock } = await withNews(1);
    const { id } = await begin(to, { duration: 60 });
    clock.advance(minute - 1);

    const { expiresAt } = await to.ok("refreshSyncRun", { id, body: {} });

    expect(expiresAt).toBe(new Date(clock.now() + minute).toISOString());
    clock.advance(minute - 1);
    expect(await to.no("startSyncRun", { body: start })).toBe(again);
    expect(await to.ok("getSyncRun", { id })).toMatchObject({ id, expiresAt });
  });
});

describe("finalising a run", () => {
  test("an event that was reported as done is never offered again", async () => {
    const { to } = await withNews(3);
    const { id } = await begin(to);
    const [one, two, three] = await to.ok("listExternalEvents", { id });

    const result = await to.ok("finalizeExternalEventSync", { id, body: done(one.id, three.id) });

    expect(result).toEqual({
      newDatawalletModificationIndex: null,
      datawalletModifications: [],
      newUnsyncedExternalEventsExist: true,
    });
    expect(await to.sync()).toMatchObject([{ id: two.id, syncErrorCount: 0 }]);
  });

  test("an event is given up after three reported errors (Y3)", async () => {
    const { to } = await withNews(1);
    const seen = [];
    for (let round = 0; round < 3; round += 1) {
      const { id } = await begin(to);
      const [event] = await to.ok("listExternalEvents", { id });
      const result = await to.ok("finalizeExternalEventSync", { id, body: failed(event.id) });
      seen.push([event.syncErrorCount, result.newUnsyncedExternalEventsExist]);
    }

    expect(seen).toEqual([
      [0, true],
      [1, true],
      [2, false],
    ]);
    expect(await to.ok("startSyncRun", { body: start })).toEqual({ status: "NoNewEvents", syncRun: null });
  });

  test.for([
    ["error.some", "error.some"],
    ["What the client saw: a secret.", "unreadable"],
  ] as const)("the operator reads in the log which event was given up for %j", async ([errorCode, shown]) => {
    const logged: unknown[] = [];
    const log = { write: (...entry: readonly unknown[]) => logged.push(entry) };
    const { to } = await withNews(1, { log });
    let given: { id: string } | undefined;
    for (let round = 0; round < 3; round += 1) {
      expect(logged).toEqual([]);
      const { id } = await begin(to);
      [given] = await to.ok("listExternalEvents", { id });
      const ask = { id, body: failed(given?.id ?? "", errorCode), key: `round-${round}` };
      await to.ok("finalizeExternalEventSync", ask);
      await to.ok("finalizeExternalEventSync", ask);
    }

    const { address, deviceId } = to.caller;
    const facts = { address, deviceId, event: given?.id, type: "MessageReceived", errorCode: shown };
    expect(logged).toEqual([["warn", "An external event was given up after too many reported errors.", facts]]);
  });

  test("says that there is more when something came during the run", async () => {
    const { from, to } = await withNews(1);
    const { id } = await begin(to);
    const [event] = await to.ok("listExternalEvents", { id });
    const late = await send(from, to);

    const result = await to.ok("finalizeExternalEventSync", { id, body: done(event.id) });

    expect(result.newUnsyncedExternalEventsExist).toBe(true);
    expect(await to.sync()).toMatchObject([{ payload: { id: late } }]);
    expect(await to.sync()).toEqual([]);
  });

  test("works once, by the device that started it, by the call for its type", async () => {
    const { to, ...world } = await withNews(1);
    const { id } = await begin(to);
    const elsewhere = await otherDeviceOf(world, to);
    expect(await elsewhere("listExternalEvents", id)).toBe("cannotReadExternalEventsOfASyncRunStartedByAnotherDevice");
    expect(await elsewhere("finalizeExternalEventSync", id)).toBe("cannotFinalizeSyncRunStartedByAnotherDevice");
    const upgrade = { newDatawalletVersion: 1, datawalletModifications: [] };
    expect(await to.no("finalizeDatawalletVersionUpgrade", { id, body: upgrade })).toBe(
      "syncRun.unexpectedSyncRunType",
    );

    await to.ok("finalizeExternalEventSync", { id, body: done() });

    expect(await to.no("finalizeExternalEventSync", { id, body: done() })).toBe("syncRun.syncRunAlreadyFinalized");
    expect(await to.no("refreshSyncRun", { id, body: {} })).toBe("syncRun.syncRunAlreadyFinalized");
    expect(await to.no("listExternalEvents", { id: "SYRunknownunknown000" })).toBe("recordNotFound");
  });

  test("a run that gave way to another one can no longer be finalised", async () => {
    const { to, clock } = await withNews(1);
    const { id } = await begin(to);
    clock.advance(10_000);
    await begin(to);

    expect(await to.no("finalizeExternalEventSync", { id, body: done() })).toBe("syncRun.syncRunAlreadyFinalized");
  });

  test("events come in pages, in the order of their indexes", async () => {
    const { to } = await withNews(5);
    const { id } = await begin(to);

    const page = await to.call("listExternalEvents", { id, query: { PageNumber: "2", PageSize: "2" } });

    expect(page).toMatchObject({
      result: [{ index: 3 }, { index: 4 }],
      pagination: { pageNumber: 2, pageSize: 2, totalPages: 3, totalRecords: 5 },
    });
  });
});
