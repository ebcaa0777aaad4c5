// Creating Relationships (spec/domain.md 3.2, 11.2).
import { describe, expect, test } from "vitest";
import {
  active,
  arbitrary,
  ask,
  both,
  couple,
  greeting,
  listen,
  loadRequest,
  no,
  onDay,
  only,
  pending,
  reasons,
  refused,
  structured,
  terminated,
  yes,
} from "./scenes.ts";

const t = "error.transport.relationships";
const invalid = "error.runtime.validation.invalidPropertyValue";
const changed = "transport.relationshipChanged";
const processed = "consumption.relationshipTemplateProcessed";

test("#16: arbitrary content makes no Request, and its Relationship starts with one audit entry", async () => {
  await using two = await couple({ content: arbitrary });
  const { templator, initiator, template } = two;
  const ear = listen(initiator.account);

  const loaded = await initiator.account.templates.load({ reference: template.reference.truncated });
  const created = await initiator.account.relationships.create({ templateId: template.id, creationContent: greeting });

  expect(ear.data(processed)).toEqual([{ template: loaded, result: "NoRequest" }]);
  expect(await initiator.account.requests.incoming.find()).toEqual([]);
  expect(created).toMatchObject({
    templateId: template.id,
    status: "Pending",
    peer: templator.account.address,
    creationContent: greeting,
    auditLog: [
      {
        reason: "Creation",
        newStatus: "Pending",
        createdBy: initiator.account.address,
        createdByDevice: initiator.account.deviceId,
        createdAt: onDay(0),
      },
    ],
  });
  expect(created.auditLog).toHaveLength(1);
  expect(created.auditLog[0]).not.toHaveProperty("oldStatus");
  expect(ear.data(changed)).toEqual([created]);
  expect((await templator.account.sync()).relationships.map(({ creationContent }) => creationContent)).toEqual([
    greeting,
  ]);
});

test("#17: arbitrary content does not take structured creation content", async () => {
  await using two = await couple({ content: arbitrary });
  const { world, templator, initiator, template } = two;
  await initiator.account.templates.load({ reference: template.reference.truncated });
  const item = { "@type": "AcceptResponseItem", result: "Accepted" };
  const response = { "@type": "Response", result: "Accepted", requestId: `REQ${template.id.slice(3)}`, items: [item] };
  const creationContent = { "@type": "RelationshipCreationContent", response };

  const where = { world, people: [templator, initiator] };
  const create = () => initiator.account.relationships.create({ templateId: template.id, creationContent });
  await refused(invalid, create, where);

  const possible = await initiator.account.relationships.canCreate({ templateId: template.id, creationContent });
  expect(possible).toMatchObject({ isSuccess: false, code: invalid });
});

test("structured content does not take arbitrary creation content, nor content of no known type", async () => {
  await using two = await couple();
  const { world, initiator, template } = two;
  await loadRequest(initiator.account, template);
  const where = { world, people: [initiator] };
  const { relationships } = initiator.account;

  for (const creationContent of [greeting, { b: 2 }]) {
    await refused(invalid, () => relationships.create({ templateId: template.id, creationContent }), where);
  }
  await refused(invalid, () => relationships.create({ templateId: template.id }), where);
});

test("#18: structured creation content needs the accepted Request and its very Response", async () => {
  // The relay does not get the creation, so that the Request stays Decided.
  const { unreliable } = await import("rapport/testkit");
  let isDown = true;
  await using two = await couple({
    initiator: {
      transport: (transport) =>
        unreliable(transport, ({ operation }) => (isDown && operation === "createRelationship" ? "before" : undefined)),
    },
  });
  const { world, initiator, template } = two;
  const { incoming } = initiator.account.requests;
  const request = await loadRequest(initiator.account, template);
  const item = { "@type": "AcceptResponseItem", result: "Accepted" };
  const response = { "@type": "Response", result: "Accepted", requestId: request.id, items: [item] };
  const create = (given: typeof response) => () =>
    initiator.account.relationships.create({
      templateId: template.id,
      creationContent: { "@type": "RelationshipCreationContent", response: given },
    });
  const where = { world, people: [initiator] };

  await refused("error.runtime.relationships.noAcceptedIncomingRequest", create(response), where);
  await expect(incoming.accept(request.id, yes)).rejects.toMatchObject({ code: "relay.unreachable" });
  const altered = { ...response, items: [item, item] };
  await refused("error.runtime.relationships.wrongResponseProvidedAsCreationContent", create(altered), where);

  expect((await incoming.get(request.id)).response?.content).toEqual(response);
  isDown = false;
  await initiator.account.intents.resume();
  expect(await incoming.get(request.id)).toMatchObject({ status: "Completed" });
});

test("#18: a rejected Request does not count as accepted", async () => {
  await using two = await couple();
  const { world, initiator, template } = two;
  const request = await loadRequest(initiator.account, template);
  const rejected = await initiator.account.requests.incoming.reject(request.id, no);
  const response = rejected.response?.content ?? {};
  const creationContent = { "@type": "RelationshipCreationContent", response };

  await refused(
    "error.runtime.relationships.noAcceptedIncomingRequest",
    () => initiator.account.relationships.create({ templateId: template.id, creationContent }),
    { world, people: [initiator] },
  );
});

describe("#19: an existing Relationship is named first, even when the template is expired, too", () => {
  const decomposed = async (options: Parameters<typeof terminated>[0]) => {
    const two = await terminated(options);
    await two.templator.account.relationships.decompose(two.id);
    await two.initiator.account.sync();
    return two;
  };

  test.for([
    ["Pending", pending],
    ["Active", active],
    ["Terminated", terminated],
    ["DeletionProposed", decomposed],
  ] as const)("%s", async ([status, begin]) => {
    await using two = await begin({ content: arbitrary, expiresAt: onDay(1) });
    const { world, initiator, template } = two;
    const { relationships } = initiator.account;
    const create = () => relationships.create({ templateId: template.id, creationContent: greeting });
    const where = { world, people: [initiator] };

    expect((await relationships.get(two.id)).status).toBe(status);
    await refused(`${t}.relationshipCurrentlyExists`, create, where);
    world.clock.advance(2 * 24 * 60 * 60 * 1000);
    await refused(`${t}.relationshipCurrentlyExists`, create, where);
    const possible = await relationships.canCreate({ templateId: template.id });
    expect(possible).toMatchObject({ isSuccess: false, code: `${t}.relationshipCurrentlyExists` });
  });
});

test("#20: an expired template starts no Relationship; at the very instant it still does", async () => {
  await using two = await couple({ content: arbitrary, expiresAt: onDay(1) });
  const { world, initiator, template } = two;
  const { relationships } = initiator.account;
  await initiator.account.templates.load({ reference: template.reference.truncated });
  world.clock.advance(24 * 60 * 60 * 1000);

  expect(await relationships.canCreate({ templateId: template.id, creationContent: greeting })).toEqual({
    isSuccess: true,
  });
  world.clock.advance(1);

  await refused(
    `${t}.relationshipTemplateIsExpired`,
    () => relationships.create({ templateId: template.id, creationContent: greeting }),
    { world, people: [initiator] },
  );
});

test("a template that is not known here is refused before anything else", async () => {
  await using two = await couple();
  const { world, initiator, template } = two;
  const { relationships } = initiator.account;
  const where = { world, people: [initiator] };
  const unknown = { templateId: template.id, creationContent: greeting };

  await refused("error.runtime.recordNotFound", () => relationships.create(unknown), where);
  await refused("error.runtime.recordNotFound", () => relationships.canCreate(unknown), where);
});

test("nobody creates a Relationship with himself", async () => {
  await using two = await couple({ content: arbitrary });
  const { world, templator, template } = two;

  await refused(
    "error.platform.validation.relationship.cannotCreateRelationshipWithYourself",
    () => templator.account.relationships.create({ templateId: template.id, creationContent: greeting }),
    { world, people: [templator] },
  );
  // The content is looked at first (checks 7 to 9 come before 12).
  await refused(
    "error.runtime.validation.invalidPropertyValue",
    () => templator.account.relationships.create({ templateId: template.id, creationContent: {} }),
    { world, people: [templator] },
  );
});

test("#25: after a rejection the same template starts a second Relationship, and the first stays Rejected", async () => {
  await using two = await pending({ maxNumberOfAllocations: 1 });
  const { templator, initiator, template } = two;
  await templator.account.relationships.reject(two.id);
  await initiator.account.sync();

  const request = await loadRequest(initiator.account, template);
  await initiator.account.requests.incoming.accept(request.id, yes);
  await templator.account.sync();

  const rejected = only(await initiator.account.relationships.find({ status: "Rejected" }));
  const fresh = only(await initiator.account.relationships.find({ status: "Pending" }));
  expect(rejected.id).toBe(two.id);
  expect(fresh).toMatchObject({ templateId: template.id, peer: rejected.peer });
  expect(reasons(fresh)).toEqual(["Creation"]);
  expect(reasons(await both(two))).toEqual(["Creation", "RejectionOfCreation"]);
  expect(reasons(await both({ ...two, id: fresh.id }))).toEqual(["Creation"]);
  expect((await templator.account.relationships.find({ "template.id": template.id })).map(({ id }) => id)).toEqual([
    two.id,
    fresh.id,
  ]);
});

test("of two creations at once only one is made", async () => {
  await using two = await couple({ content: structured({ onNewRelationship: ask() }) });
  const { templator, initiator } = two;
  const back = await initiator.account.templates.create({ content: arbitrary, expiresAt: onDay(1) });
  const there = await templator.account.templates.create({ content: arbitrary, expiresAt: onDay(1) });
  await templator.account.templates.load({ reference: back.reference.truncated });
  await initiator.account.templates.load({ reference: there.reference.truncated });

  const outcomes = await Promise.allSettled([
    templator.account.relationships.create({ templateId: back.id, creationContent: greeting }),
    initiator.account.relationships.create({ templateId: there.id, creationContent: greeting }),
  ]);

  expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  await templator.account.sync();
  await initiator.account.sync();
  const { id } = only(await templator.account.relationships.find());
  expect((await both({ ...two, id })).status).toBe("Pending");
});
