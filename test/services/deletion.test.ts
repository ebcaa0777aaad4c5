// The end of one's own identity, with its period of grace (spec/domain.md 2.2, spec/backbone-protocol.md 4.4).
import { foreignRelay, unreliable } from "rapport/testkit";
import { describe, expect, test } from "vitest";
import { active, arbitrary, couple, listen, onDay, only, refused } from "./scenes.ts";

const d = "error.runtime.identityDeletionProcess.";
const dayMs = 24 * 60 * 60 * 1000;
const changed = "transport.identityDeletionProcessStatusChanged";

test("a deletion begins and is taken back, and both are told", async () => {
  await using two = await couple();
  const { world, initiator } = two;
  const { account } = initiator;
  const ear = listen(account);

  const begun = await account.deletion.start({ lengthOfGracePeriodInDays: 2.5 });

  expect(begun).toEqual({
    id: expect.stringMatching(/^IDP/),
    status: "Active",
    createdAt: onDay(0),
    createdByDevice: account.deviceId,
    gracePeriodEndsAt: onDay(2.5),
  });
  expect(await account.deletion.active()).toEqual(begun);
  expect(await account.deletion.get(begun.id)).toEqual(begun);
  world.clock.advance(dayMs);
  const cancelled = await account.deletion.cancel();
  const { gracePeriodEndsAt: _, ...rest } = begun;
  expect(cancelled).toEqual({
    ...rest,
    status: "Cancelled",
    cancelledAt: onDay(1),
    cancelledByDevice: account.deviceId,
  });
  expect(await account.deletion.list()).toEqual([cancelled]);
  await refused(`${d}noActiveIdentityDeletionProcess`, () => account.deletion.active(), { world, people: [initiator] });
  expect(ear.data(changed)).toEqual([begun, cancelled]);
});

test("without a wish the relay says how long the period of grace is", async () => {
  await using two = await couple();

  expect(await two.initiator.account.deletion.start()).toMatchObject({ gracePeriodEndsAt: onDay(14) });
});

test("only one deletion goes on, and only what goes on is cancelled", async () => {
  await using two = await couple();
  const { world, initiator } = two;
  const { deletion } = initiator.account;
  const where = { world, people: [initiator] };

  await refused(`${d}noActiveIdentityDeletionProcess`, () => deletion.cancel(), where);
  const begun = await deletion.start({}, { commandId: "begin" });
  await refused(`${d}activeIdentityDeletionProcessAlreadyExists`, () => deletion.start(), where);
  expect(await deletion.start({}, { commandId: "begin" })).toEqual(begun);
  await deletion.cancel({ commandId: "stop" });
  expect((await deletion.cancel({ commandId: "stop" })).status).toBe("Cancelled");
  expect((await deletion.start()).id).not.toBe(begun.id);
  await expect(deletion.get("IDP00000000000000000")).rejects.toMatchObject({ code: "error.runtime.recordNotFound" });
});

test.for([-1, Number.NaN, "7", null])("a period of grace of %s days is none", async (days) => {
  await using two = await couple();
  const { world, initiator } = two;
  const input = { lengthOfGracePeriodInDays: days as number };

  const start = () => initiator.account.deletion.start(input);
  await refused("error.runtime.validation.invalidPropertyValue", start, { world, people: [initiator] });
});

test("while it goes on nothing is synchronised, and after it was taken back everything is", async () => {
  await using two = await active({ content: arbitrary });
  const { world, templator, initiator } = two;
  await initiator.account.deletion.start();
  await templator.account.relationships.terminate(two.id);
  const before = world.calls.length;

  await expect(initiator.account.sync()).rejects.toMatchObject({ code: "account.toBeDeleted", retry: false });

  expect(world.calls.length - before).toBeLessThan(5);
  await initiator.account.deletion.cancel();
  const { relationships } = await initiator.account.sync();
  expect(relationships).toMatchObject([{ id: two.id, status: "Terminated" }]);
});

describe.for(["ours", "somebody else's"] as const)("at a relay that is %s", (whose) => {
  test.for(["before", "after"] as const)("what got lost %s the relay heard it is finished", async (when) => {
    let down: string | undefined;
    const looks = ["listDeletionProcesses", "getDeletionProcess"];
    await using two = await couple({
      initiator: {
        transport: (transport) =>
          unreliable(whose === "ours" ? transport : foreignRelay(transport), ({ operation }) =>
            operation === down || (down !== undefined && looks.includes(operation)) ? when : undefined,
          ),
      },
    });
    const { initiator } = two;
    for (const [operation, name] of [
      ["startDeletionProcess", "start"],
      ["cancelDeletionProcess", "cancel"],
    ] as const) {
      down = operation;
      const { deletion } = initiator.account;
      const command = name === "start" ? deletion.start() : deletion.cancel();
      await expect(command).rejects.toMatchObject({ code: "relay.unreachable" });
      await expect(deletion.start()).rejects.toMatchObject({ code: "command.inProgress" });
      down = undefined;
      const { deletion: again, intents } = await initiator.restart();
      expect(await intents.list()).toEqual([]);
      expect(only(await again.list()).status).toBe(name === "start" ? "Active" : "Cancelled");
    }
  });
});

test("what another device began or took back is learnt from the relay", async () => {
  await using two = await couple();
  const { initiator } = two;
  const older = await initiator.restart();
  const copy = initiator.disk.copy();
  const begun = await older.deletion.start();
  const newer = await initiator.restart({ disk: copy });
  expect(await newer.deletion.list()).toEqual([]);

  await expect(newer.deletion.start()).rejects.toMatchObject({
    code: `${d}activeIdentityDeletionProcessAlreadyExists`,
  });

  expect(await newer.deletion.active()).toEqual(begun);
});
