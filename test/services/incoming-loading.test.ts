// What loading a foreign template leads to: the table of spec/domain.md 4.3, row by row (11.3).
import type { RequestView, TemplateView } from "rapport";
import type { JsonObject } from "rapport/core";
import type { Person } from "rapport/testkit";
import { describe, expect, test } from "vitest";
import {
  active,
  arbitrary,
  ask,
  couple,
  type Ear,
  listen,
  loadRequest,
  no,
  onDay,
  only,
  pending,
  structured,
  terminated,
  yes,
} from "./scenes.ts";

const loaded = "transport.peerRelationshipTemplateLoaded";
const processed = "consumption.relationshipTemplateProcessed";
const received = "consumption.incomingRequestReceived";
const moved = "consumption.incomingRequestStatusChanged";
const dayMs = 24 * 60 * 60 * 1000;

const forKnown = structured({ onExistingRelationship: ask({ title: "for those we know" }) });

/** Loads a template, perhaps again, and gives what was announced. */
async function load({ account }: Person, template: TemplateView): Promise<{ readonly ear: Ear; view: TemplateView }> {
  const ear = listen(account);
  const view = await account.templates.load({ reference: template.reference.truncated });
  return { ear, view };
}

/** The template is loaded, and this is all that becomes of it. */
async function expectOnly(person: Person, template: TemplateView, outcome: JsonObject): Promise<void> {
  const before = await person.account.requests.incoming.find();
  const { ear, view } = await load(person, template);

  expect(ear.names()).toEqual([loaded, processed]);
  expect(ear.data(loaded)).toEqual([view]);
  expect(ear.data(processed)).toEqual([{ template: view, ...outcome }]);
  expect(await person.account.requests.incoming.find()).toEqual(before);
}

/** Loading made a new LocalRequest, which a person has to decide. */
async function expectRequest(person: Person, template: TemplateView): Promise<RequestView> {
  const before = (await person.account.requests.incoming.find()).map(({ id }) => id);
  const { ear, view } = await load(person, template);
  const after = await person.account.requests.incoming.find();
  const fresh = only(after.filter(({ id }) => !before.includes(id)));

  expect(ear.names()).toEqual([loaded, received, moved, moved, processed]);
  expect(ear.data(received)).toMatchObject([{ id: fresh.id, status: "Open" }]);
  expect(ear.data(moved)).toMatchObject([
    { request: { id: fresh.id }, oldStatus: "Open", newStatus: "DecisionRequired" },
    { request: { id: fresh.id }, oldStatus: "DecisionRequired", newStatus: "ManualDecisionRequired" },
  ]);
  expect(ear.data(processed)).toEqual([
    { template: view, result: "ManualRequestDecisionRequired", requestId: fresh.id },
  ]);
  return fresh;
}

test("row 1: an own template leads to nothing", async () => {
  await using two = await couple();

  const { ear } = await load(two.templator, two.template);

  expect(ear.names()).toEqual([]);
  expect(await two.templator.account.requests.incoming.find()).toEqual([]);
});

test("row 2: arbitrary content leads to no Request", async () => {
  await using two = await couple({ content: arbitrary });

  await expectOnly(two.initiator, two.template, { result: "NoRequest" });
});

test("#49: loading makes a LocalRequest that reaches the manual decision step by step", async () => {
  await using two = await couple();
  two.world.clock.advance(5000);

  const request = await expectRequest(two.initiator, two.template);

  const now = new Date(two.world.clock.now()).toISOString();
  expect(request).toEqual({
    id: expect.stringMatching(/^REQ[A-Za-z0-9]{17}$/),
    isOwn: false,
    peer: two.templator.account.address,
    createdAt: now,
    content: { ...ask({ expiresAt: onDay(30) }), id: request.id },
    status: "ManualDecisionRequired",
    statusLog: [
      { createdAt: now, oldStatus: "Open", newStatus: "DecisionRequired" },
      { createdAt: now, oldStatus: "DecisionRequired", newStatus: "ManualDecisionRequired" },
    ],
    source: { type: "RelationshipTemplate", reference: two.template.id },
    origin: "onNewRelationship",
  });
});

describe("#50, row 3: while its Request is not Completed, the same template makes no second one and names the first", () => {
  test("undecided", async () => {
    await using two = await couple();
    const { id } = await loadRequest(two.initiator.account, two.template);

    await expectOnly(two.initiator, two.template, { result: "NonCompletedRequestExists", requestId: id });
  });

  test("Decided, because the creation did not get through", async () => {
    const { unreliable } = await import("rapport/testkit");
    await using two = await couple({
      initiator: {
        transport: (transport) =>
          unreliable(transport, ({ operation }) => (operation === "createRelationship" ? "before" : undefined)),
      },
    });
    const { id } = await loadRequest(two.initiator.account, two.template);
    const accepting = two.initiator.account.requests.incoming.accept(id, yes);
    await expect(accepting).rejects.toMatchObject({ code: "relay.unreachable" });

    expect((await two.initiator.account.requests.incoming.get(id)).status).toBe("Decided");
    await expectOnly(two.initiator, two.template, { result: "NonCompletedRequestExists", requestId: id });
  });

  test("even when there is a Relationship by now: row 3 comes before rows 4 to 8", async () => {
    await using two = await couple({ content: forKnown });
    const { templator, initiator } = two;
    const { id } = await loadRequest(initiator.account, two.template);
    const other = await templator.account.templates.create({ content: arbitrary, expiresAt: onDay(1) });
    await initiator.account.templates.load({ reference: other.reference.url });
    const creationContent = { "@type": "ArbitraryRelationshipCreationContent", value: null };
    await initiator.account.relationships.create({ templateId: other.id, creationContent });

    await expectOnly(initiator, two.template, { result: "NonCompletedRequestExists", requestId: id });
  });
});

test("#51, row 9: another template of the same peer makes no second Request while one is open", async () => {
  await using two = await couple();
  const { id } = await loadRequest(two.initiator.account, two.template);
  const other = await two.templator.account.templates.create({ content: structured(), expiresAt: onDay(1) });

  await expectOnly(two.initiator, other, { result: "NonCompletedRequestExists", requestId: id });

  await two.initiator.account.requests.incoming.reject(id, no);
  await expectRequest(two.initiator, other);
});

test("a template of somebody else is not held up by an open Request", async () => {
  await using two = await couple();
  await loadRequest(two.initiator.account, two.template);
  const other = await two.world.person("other");
  const theirs = await other.account.templates.create({ content: structured(), expiresAt: onDay(1) });

  const request = await expectRequest(two.initiator, theirs);

  expect(request.peer).toBe(other.account.address);
});

test("#52, row 4: with a Pending Relationship another template makes no Request, and the same one neither", async () => {
  await using two = await pending({ content: forKnown });
  const other = await two.templator.account.templates.create({ content: forKnown, expiresAt: onDay(1) });
  const outcome = { result: "RelationshipExists", relationshipId: two.id };

  await expectOnly(two.initiator, other, outcome);
  await expectOnly(two.initiator, two.template, outcome);
});

test("#55, row 5: a Terminated or DeletionProposed Relationship makes no Request", async () => {
  await using two = await terminated({ content: forKnown });
  const { templator, initiator } = two;
  const other = await templator.account.templates.create({ content: forKnown, expiresAt: onDay(1) });
  const outcome = { result: "RelationshipExists", relationshipId: two.id };

  await expectOnly(initiator, other, outcome);
  await templator.account.relationships.decompose(two.id);
  await initiator.account.sync();
  expect((await initiator.account.relationships.get(two.id)).status).toBe("DeletionProposed");
  await expectOnly(initiator, other, outcome);
});

test("#57, row 6: an expired Request for existing Relationships is not made", async () => {
  await using two = await active();
  const expiring = structured({ onExistingRelationship: ask({ expiresAt: onDay(1) }) });
  const other = await two.templator.account.templates.create({ content: expiring, expiresAt: onDay(9) });
  two.world.clock.advance(dayMs);

  await expectOnly(two.initiator, other, { result: "RequestExpired" });
});

test("#53, row 7: with an Active Relationship the Request for existing ones is answered by a Message", async () => {
  await using two = await active({ content: forKnown });
  const { templator, initiator, template } = two;
  const request = await expectRequest(initiator, template);
  const here = listen(initiator.account);
  const there = listen(templator.account);

  const answered = await initiator.account.requests.incoming.accept(request.id, yes);
  const { messages } = await templator.account.sync();

  expect(request).toMatchObject({ content: { title: "for those we know" }, origin: "onExistingRelationship" });
  const wrapper = {
    "@type": "ResponseWrapper",
    requestId: request.id,
    requestSourceReference: template.id,
    requestSourceType: "RelationshipTemplate",
    response: answered.response?.content,
  };
  const message = only(messages);
  expect(message).toMatchObject({ createdBy: initiator.account.address, content: wrapper });
  expect(answered).toMatchObject({
    status: "Completed",
    response: { content: { result: "Accepted" }, source: { type: "Message", reference: message.id } },
  });
  expect(here.names()).toEqual([moved, "transport.messageSent", moved]);
  const created = "consumption.outgoingRequestCreatedAndCompleted";
  expect(there.names()).toEqual(["transport.messageReceived", created, "consumption.messageProcessed"]);
  expect(there.data("consumption.messageProcessed")).toEqual([{ message, result: "NoRequest" }]);
  const completed = await templator.account.requests.outgoing.get(request.id);
  expect(there.data(created)).toEqual([completed]);
  expect(completed).toMatchObject({
    status: "Completed",
    peer: initiator.account.address,
    content: { title: "for those we know" },
    source: { type: "RelationshipTemplate", reference: template.id },
    response: { source: { type: "Message", reference: message.id } },
  });
  expect(await templator.account.relationships.find()).toHaveLength(1);
});

test("a rejected Request for existing Relationships is answered, too, and loading again asks again", async () => {
  await using two = await active({ content: forKnown });
  const { templator, initiator, template } = two;
  const first = await expectRequest(initiator, template);
  await initiator.account.requests.incoming.reject(first.id, no);

  const second = await expectRequest(initiator, template);

  await templator.account.sync();
  expect(await templator.account.requests.outgoing.get(first.id)).toMatchObject({
    status: "Completed",
    response: { content: { result: "Rejected" } },
  });
  expect(second.id).not.toBe(first.id);
});

test("#54, row 8: without a Request for existing Relationships there is none", async () => {
  await using two = await active();

  await expectOnly(two.initiator, two.template, { result: "RelationshipExists", relationshipId: two.id });
});

describe("#56, row 11: after Rejected or Revoked the Request for new Relationships comes again", () => {
  test.for([
    ["reject", "templator"],
    ["revoke", "initiator"],
  ] as const)("after %s", async ([step, who]) => {
    await using two = await pending({ content: forKnown });
    await two[who].account.relationships[step](two.id);
    await two.initiator.account.sync();

    const request = await expectRequest(two.initiator, two.template);

    expect(request.origin).toBe("onNewRelationship");
    expect(request.content["title"]).toBeUndefined();
  });
});
