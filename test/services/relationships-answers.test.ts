// Accepting, rejecting and revoking a Pending Relationship (spec/domain.md 3.3, 11.2).
import { describe, expect, test } from "vitest";
import {
  active,
  arbitrary,
  both,
  couple,
  listen,
  loadRequest,
  onDay,
  only,
  pending,
  type Related,
  reasons,
  refused,
  yes,
} from "./scenes.ts";

const t = "error.transport.relationships";
const wrongStatus = `${t}.wrongRelationshipStatus`;
const onlyPeer = `${t}.operationOnlyAllowedForPeer`;
const changed = "transport.relationshipChanged";

const everybody = ({ world, templator, initiator }: Related) => ({ world, people: [templator, initiator] });

test("#21: acceptance makes it Active, with two audit entries and one event at each side", async () => {
  await using two = await pending();
  const { templator, initiator } = two;
  const here = listen(templator.account);
  const there = listen(initiator.account);
  two.world.clock.advance(1000);

  const accepted = await templator.account.relationships.accept(two.id);
  const { relationships } = await initiator.account.sync();

  const record = await both(two);
  expect(accepted).toEqual(record);
  expect(record.status).toBe("Active");
  expect(record.auditLog).toEqual([
    {
      createdAt: onDay(0),
      createdBy: initiator.account.address,
      createdByDevice: initiator.account.deviceId,
      reason: "Creation",
      newStatus: "Pending",
    },
    {
      createdAt: new Date(two.world.clock.now()).toISOString(),
      createdBy: templator.account.address,
      createdByDevice: templator.account.deviceId,
      reason: "AcceptanceOfCreation",
      oldStatus: "Pending",
      newStatus: "Active",
    },
  ]);
  expect(here.names()).toEqual([changed]);
  expect(here.data(changed)).toEqual([accepted]);
  expect(there.names()).toEqual([changed]);
  expect(there.data(changed)).toEqual(relationships);
  expect(only(relationships)).toEqual(await initiator.account.relationships.get(two.id));
});

test("who accepted or rejected is on record, with what there was to see", async () => {
  await using two = await pending();
  const { relationships } = two.templator.account;
  const [seen, before] = [await relationships.get(two.id), await relationships.decision(two.id)];
  two.world.clock.advance(1000);

  await relationships.accept(two.id);

  expect(before).toBeUndefined();
  expect(await relationships.decision(two.id)).toMatchObject({
    entity: two.id,
    peer: two.initiator.account.address,
    decidedAt: new Date(two.world.clock.now()).toISOString(),
    verdict: "accept",
    decider: { kind: "human" },
    tried: [],
    facts: { self: two.templator.account.address, relationship: seen, template: { id: two.template.id } },
  });
  expect(JSON.stringify(await relationships.decision(two.id))).not.toContain(two.template.secretKey);
});

test("syncing again announces nothing twice", async () => {
  await using two = await active();
  const here = listen(two.templator.account);
  const there = listen(two.initiator.account);

  expect(await two.templator.account.sync()).toEqual({ relationships: [], messages: [] });
  expect(await two.initiator.account.sync()).toEqual({ relationships: [], messages: [] });

  expect([...here.names(), ...there.names()]).toEqual([]);
});

describe("#22: only the peer answers a creation, only its creator revokes it", () => {
  test.for([
    ["initiator", "accept"],
    ["initiator", "reject"],
    ["templator", "revoke"],
  ] as const)("the %s cannot %s", async ([who, step]) => {
    await using two = await pending();
    const { relationships } = two[who].account;

    await refused(onlyPeer, () => relationships[step](two.id), everybody(two));

    expect(await relationships.can(two.id, step)).toMatchObject({ isSuccess: false, code: onlyPeer });
    expect((await both(two)).status).toBe("Pending");
  });
});

test("#23: a wrong status is named before a wrong actor", async () => {
  await using two = await active();

  for (const { account } of [two.templator, two.initiator]) {
    for (const step of ["accept", "reject", "revoke"] as const) {
      await refused(wrongStatus, () => account.relationships[step](two.id), everybody(two));
    }
  }
});

const steps = [
  "accept",
  "reject",
  "revoke",
  "terminate",
  "requestReactivation",
  "acceptReactivation",
  "rejectReactivation",
  "revokeReactivation",
  "decompose",
] as const;

describe("#24: Rejected and Revoked hear nothing more", () => {
  test.for([
    ["reject", "Rejected", "RejectionOfCreation"],
    ["revoke", "Revoked", "RevocationOfCreation"],
  ] as const)("after %s it is %s for good", async ([step, status, reason]) => {
    await using two = await pending();
    const actor = step === "reject" ? two.templator : two.initiator;
    const other = step === "reject" ? two.initiator : two.templator;
    const ear = listen(other.account);
    await actor.account.relationships[step](two.id);
    await other.account.sync();

    const record = await both(two);
    expect(record.status).toBe(status);
    expect(reasons(record)).toEqual(["Creation", reason]);
    expect(ear.names()).toEqual([changed]);
    for (const { account } of [actor, other]) {
      for (const one of steps) {
        await refused(wrongStatus, () => account.relationships[one](two.id), everybody(two));
        expect(await account.relationships.can(two.id, one)).toMatchObject({ isSuccess: false, code: wrongStatus });
      }
    }
  });
});

test("#26: a revocation before the first sync arrives as Revoked, with both entries and without a LocalRequest", async () => {
  await using two = await couple();
  const { templator, initiator, template } = two;
  const request = await loadRequest(initiator.account, template);
  await initiator.account.requests.incoming.accept(request.id, yes);
  const { id } = only(await initiator.account.relationships.find());
  await initiator.account.relationships.revoke(id);
  const ear = listen(templator.account);

  const { relationships } = await templator.account.sync();

  const record = await both({ ...two, id });
  expect(record.status).toBe("Revoked");
  expect(reasons(record)).toEqual(["Creation", "RevocationOfCreation"]);
  expect(relationships).toEqual([record]);
  expect(new Set(ear.names())).toEqual(new Set([changed]));
  expect(ear.data(changed).at(-1)).toEqual(record);
  expect(await templator.account.requests.outgoing.find()).toEqual([]);
});

test("a rejection leaves the LocalRequests of both sides Completed", async () => {
  await using two = await pending();
  await two.templator.account.relationships.reject(two.id);
  await two.initiator.account.sync();

  const [asked] = await two.templator.account.requests.outgoing.find();
  const [answered] = await two.initiator.account.requests.incoming.find();
  expect(asked).toMatchObject({ status: "Completed", id: answered?.id });
  expect(answered).toMatchObject({ status: "Completed", response: { source: { reference: two.id } } });
});

test("#46: an acceptance carries content, which the initiator sees after its sync", async () => {
  await using two = await pending();
  const content = { customerNo: 42 };

  const accepted = await two.templator.account.relationships.accept(two.id, { content });
  await two.initiator.account.sync();

  expect(accepted).toMatchObject({ status: "Active", responseContent: content });
  expect(await two.initiator.account.relationships.get(two.id)).toMatchObject({ responseContent: content });
  for (const { account } of [two.templator, two.initiator]) {
    expect(await account.relationships.changes(two.id)).toMatchObject({ status: "Accepted" });
  }
});

test("a rejection carries content, too, and nothing that anybody said is at the relay", async () => {
  await using two = await pending();
  const content = { why: "sorry-we-are-full" };

  await two.templator.account.relationships.reject(two.id, { content });
  await two.initiator.account.sync();

  expect(await two.initiator.account.relationships.get(two.id)).toMatchObject({ responseContent: content });
  expect(JSON.stringify([...two.world.relayDisk.documents().values()])).not.toContain("sorry-we-are-full");
});

test("accept against revoke: the relay decides who was first, and both see the same", async () => {
  await using two = await pending();
  const { templator, initiator } = two;

  await initiator.account.relationships.revoke(two.id);
  await expect(templator.account.relationships.accept(two.id)).rejects.toMatchObject({ code: wrongStatus });
  await templator.account.sync();

  expect((await both(two)).status).toBe("Revoked");
  expect(await templator.account.intents.list()).toEqual([]);
});

test("commands on a Relationship that nobody knows are refused", async () => {
  await using two = await couple({ content: arbitrary });
  const { world, initiator, template } = two;
  const where = { world, people: [initiator] };
  const unknown = `REL${template.id.slice(3)}`;

  for (const step of steps) {
    await refused("error.runtime.recordNotFound", () => initiator.account.relationships[step](unknown), where);
    await refused("error.runtime.recordNotFound", () => initiator.account.relationships.can(unknown, step), where);
  }
  await refused("error.runtime.recordNotFound", () => initiator.account.relationships.get(unknown), where);
  await refused("error.runtime.recordNotFound", () => initiator.account.relationships.changes(unknown), where);
});

test("a repeated command gives the same result and reaches the relay once", async () => {
  await using two = await pending();
  const { world, templator } = two;
  const first = await templator.account.relationships.accept(two.id, { commandId: "yes" });
  const calls = world.calls.length;

  const again = await templator.account.relationships.accept(two.id, { commandId: "yes" });

  expect(again).toEqual(first);
  expect(world.calls.length).toBe(calls);
  const other = two.templator.account.relationships.terminate(two.id, { commandId: "yes" });
  await expect(other).rejects.toMatchObject({ code: "command.idReused" });
});
