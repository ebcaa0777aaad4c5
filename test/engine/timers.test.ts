// T1: deadlines are stored, fire once, and are never too late to count.
import { describe, expect, test } from "vitest";
import { couple, listen, loadRequest, onDay, only, refused, yes } from "../services/scenes.ts";

const dayMs = 24 * 60 * 60 * 1000;
const changed = "consumption.incomingRequestStatusChanged";

/** A Request that expires on day 1, loaded. */
async function expiring() {
  const two = await couple({ expiresAt: onDay(1) });
  const request = await loadRequest(two.initiator.account, two.template);
  return { ...two, request, where: { world: two.world, people: [two.initiator] } };
}

describe("a Request that expires", () => {
  test("while the process is down: once after the start", async () => {
    const { initiator, request, world } = await expiring();
    world.clock.advance(dayMs + 1);

    await initiator.restart();
    const ear = listen(initiator.account);
    const first = await initiator.account.requests.incoming.get(request.id);
    const second = await initiator.account.requests.incoming.get(request.id);

    expect(first).toMatchObject({ status: "Expired" });
    expect(second).toEqual(first);
    expect(first.statusLog.filter(({ newStatus }) => newStatus === "Expired")).toHaveLength(1);
    expect(ear.names()).toEqual([]);
  });

  test.for(["get", "find", "tick", "canAccept"] as const)("%s settles it, and tells once", async (by) => {
    const { initiator, request, world } = await expiring();
    const { account } = initiator;
    const { incoming } = account.requests;
    const ear = listen(account);
    world.clock.advance(dayMs + 1);
    const look = {
      get: () => incoming.get(request.id),
      find: () => incoming.find({ status: "Expired" }),
      tick: () => account.tick(),
      canAccept: () => incoming.canAccept(request.id, yes).catch(() => undefined),
    }[by];

    await Promise.all([look(), look()]);
    await look();

    expect(only(await incoming.find()).status).toBe("Expired");
    expect(ear.data(changed)).toMatchObject([{ oldStatus: "ManualDecisionRequired", newStatus: "Expired" }]);
  });

  test("two readers at once see the same", async () => {
    const { initiator, request, world } = await expiring();
    world.clock.advance(dayMs + 1);
    const { incoming } = initiator.account.requests;

    const seen = await Promise.all([incoming.get(request.id), incoming.get(request.id), incoming.find()]);

    expect(seen.flat().map(({ status }) => status)).toEqual(["Expired", "Expired", "Expired"]);
  });

  test("is alive at the very instant, and over one millisecond later", async () => {
    const { initiator, request, world } = await expiring();
    world.clock.advance(Date.parse(onDay(1)) - world.clock.now());
    expect(await initiator.account.requests.incoming.get(request.id)).toMatchObject({
      status: "ManualDecisionRequired",
    });

    world.clock.advance(1);

    expect(await initiator.account.requests.incoming.get(request.id)).toMatchObject({ status: "Expired" });
  });

  test("cannot be accepted although its timer is late", async () => {
    const { initiator, request, world } = await expiring();
    const { account } = initiator;
    world.clock.advance(Date.parse(onDay(1)) - world.clock.now());
    const accepting = account.requests.incoming.accept(request.id, yes);
    // The deadlines were looked at before; the clock passes while the command is under way.
    world.clock.advance(1);

    await expect(accepting).rejects.toMatchObject({ code: "request.wrongStatus" });
    expect(await account.relationships.find()).toEqual([]);
    expect(await account.requests.incoming.get(request.id)).toMatchObject({ status: "Expired" });
  });

  test("#62: expired, it stops the decision and nothing else changes", async () => {
    const { initiator, request, where } = await expiring();
    where.world.clock.advance(dayMs + 1);
    await initiator.account.tick();

    await refused("request.wrongStatus", () => initiator.account.requests.incoming.accept(request.id, yes), where);
  });
});

test("an answered Request has no deadline any more", async () => {
  const { initiator, request, world } = await expiring();
  await initiator.account.requests.incoming.accept(request.id, yes);
  const timers = [...initiator.disk.documents()].filter(([key]) => key.includes("/timers/"));
  world.clock.advance(dayMs + 1);

  expect(timers).toEqual([]);
  expect(await initiator.account.requests.incoming.get(request.id)).toMatchObject({ status: "Completed" });
});
