import { describe, expect, test } from "vitest";
import { deletionProcessesKeptMax } from "../../src/limits.ts";
import { base64, bring, minute, openRelay, type Party, type RelayWorld, send } from "./parties.ts";

const body = {};
const day = 24 * 60 * minute;
const one = "device.onlyOneActiveDeletionProcessAllowed";

/** Another device of the identity. */
const secondDevice = (world: RelayWorld, { caller }: Party) =>
  world.as({ ...caller, deviceId: "DVCsecondsecond00000" });

const logIn = (world: RelayWorld, { caller: { username }, password }: Party) =>
  world.anonymous.call("connectToken", { body: { grant_type: "password", username, password } });

const isDeleted = (world: RelayWorld, username: string) =>
  world.anonymous.ok("isIdentityDeleted", { query: { username } });

describe("a deletion process", () => {
  test("shows all members, unset ones as null", async () => {
    const world = await openRelay();
    const owner = await world.party();
    const { deviceId } = owner.caller;

    const answer = await owner.call("startDeletionProcess", { body });

    const started = {
      id: expect.stringMatching(/^IDP[A-Za-z0-9]{17}$/),
      status: "Active",
      createdAt: world.in(0),
      createdByDevice: deviceId,
      approvedAt: world.in(0),
      approvedByDevice: deviceId,
      gracePeriodEndsAt: world.in(14 * day),
      gracePeriodReminder1SentAt: null,
      gracePeriodReminder2SentAt: null,
      gracePeriodReminder3SentAt: null,
    };
    const auditLog = [{ createdAt: world.in(0), createdByDevice: deviceId, oldStatus: null, newStatus: "Active" }];
    expect(answer).toMatchObject({ status: 201 });
    expect(answer.ok && answer.result).toEqual(started);
    const { id } = answer.ok ? (answer.result as { id: string }) : { id: "" };
    expect(await owner.ok("getDeletionProcess", { id })).toEqual({ ...started, auditLog });
    expect(await owner.ok("listDeletionProcesses")).toEqual([{ ...started, auditLog }]);
  });

  test("once cancelled says when and by whom, and that no grace period ends", async () => {
    const world = await openRelay();
    const owner = await world.party();
    const { id } = await owner.ok("startDeletionProcess", { body });
    world.clock.advance(minute);
    const by = secondDevice(world, owner);

    const answer = await by.call("cancelDeletionProcess", { id, body });

    const cancelledByDevice = "DVCsecondsecond00000";
    expect(answer).toMatchObject({
      status: 200,
      result: { id, status: "Cancelled", gracePeriodEndsAt: null, cancelledAt: world.in(0), cancelledByDevice },
    });
    expect((await owner.ok("getDeletionProcess", { id })).auditLog).toMatchObject([
      { oldStatus: null, newStatus: "Active" },
      { createdAt: world.in(0), createdByDevice: cancelledByDevice, oldStatus: "Active", newStatus: "Cancelled" },
    ]);
    expect(await owner.no("cancelDeletionProcess", { id, body })).toBe("device.deletionProcessIsNotInRequiredStatus");
  });

  test.for([
    [undefined, 3 * day],
    [null, 3 * day],
    [0.5, day / 2],
    [30, 30 * day],
  ] as const)("with a grace period of %j days ends when it should", async ([lengthOfGracePeriodInDays, ms]) => {
    const world = await openRelay({ settings: { gracePeriodDays: 3 } });
    const owner = await world.party();

    const { gracePeriodEndsAt } = await owner.ok("startDeletionProcess", { body: { lengthOfGracePeriodInDays } });

    expect(gracePeriodEndsAt).toBe(world.in(ms));
  });

  test.for([-1, "7", 100_000])("with a grace period of %j days is refused", async (lengthOfGracePeriodInDays) => {
    const world = await openRelay();
    const owner = await world.party();

    expect(await owner.no("startDeletionProcess", { body: { lengthOfGracePeriodInDays } })).toBe(
      "invalidPropertyValue",
    );
  });

  test("is one at a time, whichever device is faster (P1)", async () => {
    const world = await openRelay();
    const owner = await world.party();
    const devices = [owner, secondDevice(world, owner), owner];

    const answers = await Promise.all(devices.map((device) => device.call("startDeletionProcess", { body })));

    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await owner.no("startDeletionProcess", { body })).toBe(one);
    const [{ id }] = await owner.ok("listDeletionProcesses");
    await owner.ok("cancelDeletionProcess", { id, body });
    expect(await owner.ok("startDeletionProcess", { body })).toMatchObject({ status: "Active" });
  });

  test("is nobody else's, and of many cancelled ones the oldest are forgotten", async () => {
    const world = await openRelay();
    const [owner, other] = [await world.party(), await world.party()];
    const ids: string[] = [];
    for (let round = 0; round <= deletionProcessesKeptMax; round += 1) {
      const { id } = await owner.ok("startDeletionProcess", { body });
      await owner.ok("cancelDeletionProcess", { id, body });
      ids.push(id);
    }

    expect(await other.no("getDeletionProcess", { id: ids.at(-1) ?? "" })).toBe("recordNotFound");
    expect(await other.no("cancelDeletionProcess", { id: ids.at(-1) ?? "", body })).toBe("recordNotFound");
    expect(await other.ok("listDeletionProcesses")).toEqual([]);
    expect((await owner.ok("listDeletionProcesses")).map(({ id }: { id: string }) => id)).toEqual(ids.slice(1));
  });

  test("tells no other device of the owner, and keeps every device from syncing until it is cancelled (P3)", async () => {
    const world = await openRelay();
    const owner = await world.party();
    const start = { body: { type: "ExternalEventSync" } };

    const { id } = await owner.ok("startDeletionProcess", { body });

    const code = "syncRun.cannotStartSyncRunWhileIdentityIsToBeDeleted";
    expect(await owner.no("startSyncRun", start)).toBe(code);
    expect(await secondDevice(world, owner).no("startSyncRun", start)).toBe(code);
    await owner.ok("cancelDeletionProcess", { id, body });
    expect(await owner.sync()).toEqual([]);
  });
});

describe("once the grace period is over", () => {
  test("nobody logs in, no access token works and no call is answered, not even a repeated one", async () => {
    const world = await openRelay();
    const [owner, peer] = [await world.party(), await world.party()];
    await bring(owner, peer, "Active");
    const template = { body: { content: base64("t") }, key: "repeated" };
    await owner.ok("createTemplate", template);
    await owner.ok("startDeletionProcess", { body: { lengthOfGracePeriodInDays: 1 } });
    world.clock.advance(day - minute);
    const token = (
      await world.anonymous.ok("connectToken", {
        body: { grant_type: "password", username: owner.caller.username, password: owner.password },
      })
    ).access_token;
    expect(await world.relay.callerOf(token)).toEqual({ ok: true, value: owner.caller });
    expect(await owner.call("createTemplate", template)).toMatchObject({ ok: true });

    world.clock.advance(minute);

    expect(await logIn(world, owner)).toMatchObject({ ok: false, reason: "invalid_grant" });
    expect(await world.relay.authenticate(owner.caller.username, owner.password)).toMatchObject({ ok: false });
    const found = await world.relay.callerOf(token);
    const opened = await world.relay.call({ operation: "openEventStream" }, found.ok ? found.value : undefined);
    expect(opened).toMatchObject({ status: 401, error: { code: "error.platform.unauthorized" } });
    for (const operation of ["getDevice", "listMessages", "createChallenge", "startSyncRun"]) {
      expect(await owner.call(operation, { body })).toMatchObject({ status: 401 });
    }
    expect(await owner.no("createTemplate", template)).toBe("unauthorized");
    expect(await owner.no("createTemplate", { body: { content: "?" } })).toBe("unauthorized");
    expect(await peer.ok("canCreateRelationship", { query: { peer: owner.address } })).toMatchObject({
      canCreate: false,
      code: "error.platform.validation.relationship.peerIsToBeDeleted",
    });
  });

  test("anybody may learn that it is, and when it ended; not before, and not once it was cancelled", async () => {
    const world = await openRelay();
    const [owner, other] = [await world.party(), await world.party()];
    const { username } = owner.caller;
    const living = { isDeleted: false, deletionDate: null };
    const { id } = await other.ok("startDeletionProcess", { body });
    const { gracePeriodEndsAt } = await owner.ok("startDeletionProcess", { body });
    expect(await isDeleted(world, username)).toEqual(living);
    await other.ok("cancelDeletionProcess", { id, body });

    world.clock.advance(15 * day);

    expect(await isDeleted(world, username)).toEqual({ isDeleted: true, deletionDate: gracePeriodEndsAt });
    expect(await isDeleted(world, other.caller.username)).toEqual(living);
    expect(await isDeleted(world, "USRunknownunknown000")).toEqual(living);
    expect(await world.anonymous.no("isIdentityDeleted", { query: { username: "?" } })).toBe("invalidId");
  });
});

test("somebody about to be deleted may still write and read", async () => {
  const world = await openRelay();
  const [owner, peer] = [await world.party(), await world.party()];
  await bring(owner, peer, "Active");
  await owner.ok("startDeletionProcess", { body });

  const id = await send(owner, peer);

  expect(await peer.ok("getMessage", { id })).toMatchObject({ createdBy: owner.address });
});
