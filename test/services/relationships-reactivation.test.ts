// Terminating and reviving a Relationship (spec/domain.md 3.3, 11.2).
import { describe, expect, test } from "vitest";
import { active, both, listen, type Related, reasons, refused, terminated } from "./scenes.ts";

const t = "error.transport.relationships";
const wrongStatus = `${t}.wrongRelationshipStatus`;
const onlyPeer = `${t}.operationOnlyAllowedForPeer`;
const changed = "transport.relationshipChanged";
const requested = "transport.relationshipReactivationRequested";
const completed = "transport.relationshipReactivationCompleted";
const hello = { "@type": "ArbitraryMessageContent", value: "hello" };

const everybody = ({ world, templator, initiator }: Related) => ({ world, people: [templator, initiator] });

/** The templator asked for a reactivation; both know. */
async function reviving(): Promise<Related> {
  const two = await terminated();
  await two.templator.account.relationships.requestReactivation(two.id);
  await two.initiator.account.sync();
  return two;
}

test.for(["templator", "initiator"] as const)(
  "#27: the %s terminates, both see it, and nothing can be sent",
  async (who) => {
    await using two = await active();
    const actor = two[who];
    const other = who === "templator" ? two.initiator : two.templator;
    const ear = listen(other.account);

    const ended = await actor.account.relationships.terminate(two.id);
    await other.account.sync();

    const record = await both(two);
    expect(ended).toEqual(await actor.account.relationships.get(two.id));
    expect(record.status).toBe("Terminated");
    expect(reasons(record)).toEqual(["Creation", "AcceptanceOfCreation", "Termination"]);
    expect(record.auditLog.at(-1)).toMatchObject({ oldStatus: "Active", newStatus: "Terminated" });
    expect(ear.names()).toEqual([changed]);
    for (const { account } of [actor, other]) {
      const peer = (await account.relationships.get(two.id)).peer;
      await refused(
        "error.runtime.messages.hasNoActiveRelationship",
        () => account.messages.send({ recipients: [peer], content: hello }),
        everybody(two),
      );
    }
  },
);

describe("#29: a requested reactivation is answered by the other side", () => {
  test.for([
    ["acceptReactivation", "initiator", "AcceptanceOfReactivation", "Active"],
    ["rejectReactivation", "initiator", "RejectionOfReactivation", "Terminated"],
    ["revokeReactivation", "templator", "RevocationOfReactivation", "Terminated"],
  ] as const)("%s by the %s", async ([step, who, reason, status]) => {
    await using two = await reviving();
    const actor = two[who];
    const other = who === "templator" ? two.initiator : two.templator;
    const acting = listen(actor.account);
    const syncing = listen(other.account);

    await actor.account.relationships[step](two.id);
    await other.account.sync();

    const record = await both(two);
    expect(record.status).toBe(status);
    expect(reasons(record).slice(3)).toEqual(["ReactivationRequested", reason]);
    expect(record.auditLog.at(-1)).toMatchObject({ oldStatus: "Terminated", newStatus: status });
    expect(acting.names()).toEqual([changed, completed]);
    expect(syncing.names()).toEqual([completed, changed]);
    expect(acting.data(completed)).toEqual([await actor.account.relationships.get(two.id)]);
    expect(syncing.data(completed)).toEqual([await other.account.relationships.get(two.id)]);
  });
});

test("after a reactivation Messages go again, with the keys of before", async () => {
  await using two = await reviving();
  const { templator, initiator } = two;
  await initiator.account.relationships.acceptReactivation(two.id);
  await templator.account.sync();

  await templator.account.messages.send({ recipients: [initiator.account.address], content: hello });

  expect((await initiator.account.sync()).messages.map(({ content }) => content)).toEqual([hello]);
});

test("#30: who requested cannot answer, and the other side cannot revoke", async () => {
  await using two = await reviving();
  const { templator, initiator } = two;

  await refused(onlyPeer, () => templator.account.relationships.acceptReactivation(two.id), everybody(two));
  await refused(onlyPeer, () => templator.account.relationships.rejectReactivation(two.id), everybody(two));
  await refused(onlyPeer, () => initiator.account.relationships.revokeReactivation(two.id), everybody(two));
});

test("#31: only one reactivation can be open, whoever asks", async () => {
  await using two = await reviving();

  for (const { account } of [two.templator, two.initiator]) {
    const again = () => account.relationships.requestReactivation(two.id);
    await refused(`${t}.reactivationAlreadyRequested`, again, everybody(two));
  }
});

test("#32: without an open reactivation there is nothing to answer or revoke", async () => {
  await using two = await terminated();

  for (const { account } of [two.templator, two.initiator]) {
    for (const step of ["acceptReactivation", "rejectReactivation", "revokeReactivation"] as const) {
      await refused(`${t}.reactivationNotRequested`, () => account.relationships[step](two.id), everybody(two));
    }
  }
});

test("#33: after a rejected reactivation the other side may request one, and the first one again", async () => {
  await using two = await reviving();
  const { templator, initiator } = two;
  const statuses = [(await both(two)).status];
  const take = async (work: Promise<unknown>) => {
    await work;
    await templator.account.sync();
    await initiator.account.sync();
    statuses.push((await both(two)).status);
  };

  await take(initiator.account.relationships.rejectReactivation(two.id));
  await take(initiator.account.relationships.requestReactivation(two.id));
  await take(initiator.account.relationships.revokeReactivation(two.id));
  await take(templator.account.relationships.requestReactivation(two.id));

  expect(statuses).toEqual(Array(5).fill("Terminated"));
  expect(reasons(await both(two)).slice(3)).toEqual([
    "ReactivationRequested",
    "RejectionOfReactivation",
    "ReactivationRequested",
    "RevocationOfReactivation",
    "ReactivationRequested",
  ]);
});

test("#34: only a Terminated Relationship can be reactivated", async () => {
  await using two = await active();

  for (const { account } of [two.templator, two.initiator]) {
    await refused(wrongStatus, () => account.relationships.requestReactivation(two.id), everybody(two));
  }
});

test("#35: reactivation and change are announced in opposite orders at the two sides", async () => {
  await using two = await terminated();
  const { templator, initiator } = two;
  const asking = listen(templator.account);
  const asked = listen(initiator.account);

  await templator.account.relationships.requestReactivation(two.id);
  await initiator.account.sync();

  expect(asking.names()).toEqual([changed, requested]);
  expect(asked.names()).toEqual([requested, changed]);
  const here = await templator.account.relationships.get(two.id);
  const there = await initiator.account.relationships.get(two.id);
  expect([...asking.data(changed), ...asking.data(requested)]).toEqual([here, here]);
  expect([...asked.data(requested), ...asked.data(changed)]).toEqual([there, there]);
});

test("several steps between two syncs are one look and one announcement", async () => {
  await using two = await terminated();
  const { templator, initiator } = two;
  const ear = listen(initiator.account);
  await templator.account.relationships.requestReactivation(two.id);
  await templator.account.relationships.revokeReactivation(two.id);
  await templator.account.relationships.requestReactivation(two.id);

  await initiator.account.sync();

  expect(ear.names().filter((name) => name === changed)).toHaveLength(1);
  expect(ear.names().at(-1)).toBe(changed);
  expect(reasons(await both(two)).slice(3)).toEqual([
    "ReactivationRequested",
    "RevocationOfReactivation",
    "ReactivationRequested",
  ]);
});
