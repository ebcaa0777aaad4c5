// What becomes of attributes when their Relationship changes (spec/domain.md 3.5).
import type { Account } from "rapport";
import { describe, expect, test } from "vitest";
import { agreed, type Exchanged, exchanged } from "./exchanging.ts";
import { listen, only } from "./scenes.ts";

const ids = async (account: Account) => (await account.attributes.find()).map(({ id }) => id).sort();
const kinds = ({ templator, initiator }: Exchanged) =>
  [templator, initiator].map(({ disk }) =>
    [...disk.documents().keys()].flatMap((key) => /\/(attribute[a-z]*)\//.exec(key)?.[1] ?? []).sort(),
  );

const endings: readonly (readonly [string, (two: Exchanged) => Promise<void>])[] = [
  [
    "the templator rejects",
    async ({ templator, initiator, id }) => {
      await templator.account.relationships.reject(id);
      await initiator.account.sync();
    },
  ],
  [
    "the initiator revokes",
    async ({ templator, initiator, id }) => {
      await initiator.account.relationships.revoke(id);
      await templator.account.sync();
    },
  ],
];

test.for(endings)("#44: when %s, both delete what they exchanged, own facts stay", async ([, end]) => {
  await using two = await exchanged("Pending");
  const [templator, initiator] = [two.templator.account, two.initiator.account];
  const ears = [listen(templator), listen(initiator)];

  await end(two);

  expect(await ids(templator)).toEqual([]);
  expect(await ids(initiator)).toEqual([two.nameId]);
  expect(await initiator.attributes.get(two.nameId)).toMatchObject({ numberOfForwards: 0 });
  expect(await initiator.attributes.ownSharedWith(templator.address)).toEqual([]);
  expect(kinds(two)).toEqual([[], ["attributes", "attributevalues"]]);
  expect(only(await templator.requests.outgoing.find())).toMatchObject({ status: "Completed" });
  expect(only(await initiator.requests.incoming.find())).toMatchObject({ status: "Completed" });
  const deleted = ears.map((ear) => ear.names().filter((name) => name === "consumption.attributeDeleted").length);
  expect(deleted).toEqual([2, 1]);
  await initiator.attributes.delete(two.nameId);
});

describe("when the initiator leaves", () => {
  async function left() {
    const two = await exchanged("Terminated");
    await two.initiator.account.relationships.decompose(two.id);
    return two;
  }

  test("#36: nothing of the peer's attributes stays with it, and no word is said", async () => {
    await using two = await exchanged("Terminated");
    const ear = listen(two.initiator.account);

    await two.initiator.account.relationships.decompose(two.id);

    expect(await ids(two.initiator.account)).toEqual([two.nameId]);
    expect(kinds(two)[1]).toEqual(["attributes", "attributevalues"]);
    expect(JSON.stringify([...two.initiator.disk.documents()])).not.toContain(two.templator.account.address);
    expect(ear.names()).toEqual(["transport.relationshipDecomposedBySelf"]);
  });

  test("#37: what it had shows there that it was deleted, by whom it came from", async () => {
    await using two = await left();
    const { account } = two.templator;

    await account.sync();

    const deletionDate = (await account.relationships.get(two.id)).auditLog.at(-1)?.createdAt;
    expect((await account.attributes.get(two.nameId)).deletionInfo).toEqual({
      deletionStatus: "DeletedByEmitter",
      deletionDate,
    });
    expect((await account.attributes.get(two.numberId)).deletionInfo).toEqual({
      deletionStatus: "DeletedByRecipient",
      deletionDate,
    });
    await account.attributes.delete(two.numberId);
    expect(await account.notifications.find()).toEqual([]);
  });

  test("#37: forwards to it show so, too", async () => {
    await using two = await exchanged("Terminated");
    await two.templator.account.relationships.decompose(two.id);

    await two.initiator.account.sync();

    expect(await two.initiator.account.attributes.forwardingDetails(two.nameId)).toMatchObject([
      { deletionInfo: { deletionStatus: "DeletedByRecipient" } },
    ]);
  });
});

test("decomposing takes along all versions and the Notifications", async () => {
  await using two = await exchanged("Active");
  const [owner, partner] = [two.templator.account, two.initiator.account];
  const value = agreed(owner.address, "two")["value"] as never;
  await owner.attributes.succeed({ predecessorId: two.numberId, successorContent: { value } });
  await partner.sync();
  expect(await partner.notifications.find()).toHaveLength(1);
  await partner.relationships.terminate(two.id);

  await partner.relationships.decompose(two.id);

  expect(await partner.notifications.find()).toEqual([]);
  expect(await ids(partner)).toEqual([two.nameId]);
});
