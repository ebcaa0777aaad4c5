// The answer to a creation as the older generation sees it (spec/domain.md 11.2).
import type { JsonObject } from "rapport/core";
import { refuseOlderChange } from "rapport/machines";
import { describe, expect, test } from "vitest";
import { active, arbitrary, both, couple, onDay, pending, refused, terminated } from "./scenes.ts";

const t = "error.transport.relationships";

describe("#48: the older generation sees one creation change, which follows the audit log", () => {
  const rejected = async () => {
    const two = await pending();
    await two.templator.account.relationships.reject(two.id);
    await two.initiator.account.sync();
    return two;
  };
  const revoked = async () => {
    const two = await pending();
    await two.initiator.account.relationships.revoke(two.id);
    await two.templator.account.sync();
    return two;
  };

  test.for([
    ["Pending", pending, undefined],
    ["Accepted", active, "templator"],
    ["Accepted", terminated, "templator"],
    ["Rejected", rejected, "templator"],
    ["Revoked", revoked, "initiator"],
  ] as const)("%s", async ([status, begin, answeredBy]) => {
    await using two = await begin();
    const record = await both(two);
    const [creation, answer] = record.auditLog;
    const said = record.creationContent as { response?: JsonObject };
    const part = ({ createdAt, createdBy, createdByDevice }: NonNullable<typeof creation>) => ({
      createdAt,
      createdBy,
      createdByDevice,
    });

    for (const { account } of [two.templator, two.initiator]) {
      const change = await account.relationships.changes(two.id);

      expect(change).toEqual({
        id: `RCH${two.id.slice(3)}`,
        type: "Creation",
        status,
        request: creation && {
          ...part(creation),
          content: { "@type": "RelationshipCreationChangeRequestContent", response: said.response },
        },
        ...(answeredBy === undefined ? {} : { response: answer && part(answer) }),
      });
      expect(change.response?.createdBy).toBe(answeredBy === undefined ? undefined : two[answeredBy].account.address);
    }
  });
});

test("#46: what the answer said is in the change at both sides", async () => {
  await using two = await pending();

  await two.templator.account.relationships.accept(two.id, { content: { customerNo: 42 } });
  await two.initiator.account.sync();

  for (const { account } of [two.templator, two.initiator]) {
    expect(await account.relationships.changes(two.id)).toMatchObject({
      status: "Accepted",
      response: { content: { customerNo: 42 } },
    });
  }
});

test("#45: a creation without content is a Pending change without content", async () => {
  await using two = await couple({ content: arbitrary });
  const { templator, initiator, template } = two;
  await initiator.account.templates.load({ reference: template.reference.truncated });

  const { id } = await initiator.account.relationships.create({ templateId: template.id });
  await templator.account.sync();

  for (const { account } of [templator, initiator]) {
    const change = await account.relationships.changes(id);
    expect(change).toMatchObject({ type: "Creation", status: "Pending", request: { createdAt: onDay(0) } });
    expect(change.request).not.toHaveProperty("content");
  }
});

test("a template with a Request takes no creation without content", async () => {
  await using two = await couple();
  const { world, initiator, template } = two;
  await initiator.account.templates.load({ reference: template.reference.truncated });

  await refused(
    "error.runtime.validation.invalidPropertyValue",
    () => initiator.account.relationships.create({ templateId: template.id }),
    { world, people: [initiator] },
  );
});

test("#47: an answered change cannot be revoked, in the words of either generation", async () => {
  await using two = await pending();
  const change = () => two.initiator.account.relationships.changes(two.id);
  expect(refuseOlderChange(await change())).toBeUndefined();

  await two.templator.account.relationships.accept(two.id, { content: { customerNo: 42 } });
  await two.initiator.account.sync();

  expect(refuseOlderChange(await change())).toBe(`${t}.wrongChangeStatus`);
  await refused(`${t}.wrongRelationshipStatus`, () => two.initiator.account.relationships.revoke(two.id), {
    world: two.world,
    people: [two.templator, two.initiator],
  });
});
