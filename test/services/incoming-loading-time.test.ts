// Expiry, prerequisites and repeated Requests while loading and receiving (spec/domain.md 4.2, 4.3, 11.3).
import { ItemKind, type ItemKindPort, type JsonObject, type Plugin, Rule, type RulePort } from "rapport/core";
import { expect, test } from "vitest";
import {
  active,
  ask,
  couple,
  listen,
  loadRequest,
  no,
  onDay,
  only,
  refused,
  startMs,
  structured,
  yes,
} from "./scenes.ts";

const processed = "consumption.relationshipTemplateProcessed";
const received = "consumption.incomingRequestReceived";
const moved = "consumption.incomingRequestStatusChanged";
const dayMs = 24 * 60 * 60 * 1000;

const withRule = (rule: RulePort): Plugin => ({
  name: "a-rule",
  register: ({ contribute }) => contribute(Rule, () => rule),
});

const withKind = (kind: ItemKindPort): Plugin => ({
  name: "an-item-kind",
  register: ({ contribute }) => contribute(ItemKind, () => kind),
});

test("#57, row 10: an expired Request for new Relationships is not made", async () => {
  const expiring = structured({ onNewRelationship: ask({ expiresAt: onDay(1) }) });
  await using two = await couple({ content: expiring, expiresAt: onDay(9) });
  two.world.clock.advance(dayMs);
  const ear = listen(two.initiator.account);

  const template = await two.initiator.account.templates.load({ reference: two.template.reference.url });

  expect(ear.data(processed)).toEqual([{ template, result: "RequestExpired" }]);
  expect(await two.initiator.account.requests.incoming.find()).toEqual([]);
});

test("#58: an expired undecided Request blocks its template until it is deleted", async () => {
  const expiring = structured({ onNewRelationship: ask({ expiresAt: onDay(1) }) });
  await using two = await couple({ content: expiring, expiresAt: onDay(9) });
  const { initiator, templator, world } = two;
  const { incoming } = initiator.account.requests;
  const { id } = await loadRequest(initiator.account, two.template);
  world.clock.advance(dayMs + 1);
  const ear = listen(initiator.account);

  const template = await initiator.account.templates.load({ reference: two.template.reference.url });
  await incoming.delete(id);
  await initiator.account.templates.load({ reference: two.template.reference.url });

  expect(ear.data(processed)).toEqual([
    { template, result: "NonCompletedRequestExists", requestId: id },
    { template, result: "RequestExpired" },
  ]);
  expect(await incoming.find()).toEqual([]);
  const other = await templator.account.templates.create({ content: structured(), expiresAt: onDay(9) });
  expect((await loadRequest(initiator.account, other)).status).toBe("ManualDecisionRequired");
});

test("an expired Request does not hold up other templates of its peer", async () => {
  const expiring = structured({ onNewRelationship: ask({ expiresAt: onDay(1) }) });
  await using two = await couple({ content: expiring, expiresAt: onDay(9) });
  await loadRequest(two.initiator.account, two.template);
  two.world.clock.advance(dayMs + 1);
  const other = await two.templator.account.templates.create({ content: structured(), expiresAt: onDay(9) });

  expect((await loadRequest(two.initiator.account, other)).status).toBe("ManualDecisionRequired");
});

test("#59: only an expired Request can be deleted", async () => {
  await using two = await couple();
  const { world, initiator } = two;
  const { incoming } = initiator.account.requests;
  const { id } = await loadRequest(initiator.account, two.template);
  const code = "error.consumption.requests.canOnlyDeleteIncomingRequestThatIsExpired";
  const where = { world, people: [initiator] };

  await refused(code, () => incoming.delete(id), where);
  await incoming.reject(id, no);
  await refused(code, () => incoming.delete(id), where);
});

test("#60: a Request from a template expires no later than the template", async () => {
  const outliving = structured({ onExistingRelationship: ask({ expiresAt: onDay(90) }) });
  await using two = await couple({ content: outliving, expiresAt: onDay(2) });
  const sooner = structured({ onNewRelationship: ask({ expiresAt: onDay(1) }) });
  const other = await two.world.person("other");
  const quick = await other.account.templates.create({ content: sooner, expiresAt: onDay(2) });

  const request = await loadRequest(two.initiator.account, two.template);
  const quicker = await loadRequest(two.initiator.account, quick);

  expect(request.content["expiresAt"]).toBe(onDay(2));
  expect(quicker.content["expiresAt"]).toBe(onDay(1));
});

test("#60: with an Active Relationship the template's expiry does not matter", async () => {
  const outliving = structured({ onExistingRelationship: ask({ expiresAt: onDay(90) }) });
  await using two = await active({ content: outliving, expiresAt: onDay(2) });

  const request = await loadRequest(two.initiator.account, two.template);

  expect(request).toMatchObject({ origin: "onExistingRelationship", content: { expiresAt: onDay(90) } });
});

test("#61: a Request id is received once", async () => {
  await using two = await active();
  const { templator, initiator } = two;
  const peer = initiator.account.address;
  const draft = await templator.account.requests.outgoing.create({ content: ask(), peer });
  const early = templator.disk.copy();
  await templator.account.messages.send({ recipients: [peer], content: draft.content });
  const again = await templator.restart({ disk: early });
  const ear = listen(initiator.account);
  await initiator.account.sync();
  const before = await initiator.account.requests.incoming.find();

  await again.messages.send({ recipients: [peer], content: draft.content });
  const { messages } = await initiator.account.sync();

  expect(only(before.filter(({ id }) => id === draft.id)).status).toBe("ManualDecisionRequired");
  expect(await initiator.account.requests.incoming.find()).toEqual(before);
  expect(ear.data(received)).toHaveLength(1);
  expect(ear.data("consumption.messageProcessed")).toMatchObject([
    { result: "ManualRequestDecisionRequired" },
    { message: only(messages), result: "Error" },
  ]);
});

test("#62: expiry shows on reading, announces itself once, and stops the decision", async () => {
  await using two = await couple({ expiresAt: onDay(1) });
  const { world, initiator } = two;
  const { incoming } = initiator.account.requests;
  const { id } = await loadRequest(initiator.account, two.template);
  const ear = listen(initiator.account);
  world.clock.advance(dayMs);
  expect((await incoming.get(id)).status).toBe("ManualDecisionRequired");
  world.clock.advance(1);

  const [listed] = await incoming.find();
  const got = await incoming.get(id);
  await initiator.account.tick();

  expect(listed).toEqual(got);
  expect(got).toMatchObject({ id, status: "Expired" });
  expect(ear.names()).toEqual([moved]);
  expect(ear.data(moved)).toEqual([{ request: got, oldStatus: "ManualDecisionRequired", newStatus: "Expired" }]);
  const where = { world, people: [initiator] };
  await refused("request.wrongStatus", () => incoming.accept(id, yes), where);
  await refused("request.wrongStatus", () => incoming.reject(id, no), where);
  await refused("request.wrongStatus", () => incoming.canAccept(id, yes), where);
});

test("#62: a Request that expires while a rule still looks at it is Expired, whatever the rule says", async () => {
  const holder: { advance: (ms: number) => void } = { advance: () => undefined };
  const slow: RulePort = {
    name: "slow",
    judgeRequest: () => {
      holder.advance(dayMs + 1);
      return { verdict: "accept", items: [{ accept: true }] };
    },
  };
  await using two = await couple({ expiresAt: onDay(1), initiator: { plugins: [withRule(slow)] } });
  holder.advance = two.world.clock.advance;
  const ear = listen(two.initiator.account);

  const { id, status } = await loadRequest(two.initiator.account, two.template);

  expect(status).toBe("Expired");
  expect(ear.data(moved)).toMatchObject([
    { oldStatus: "Open", newStatus: "DecisionRequired" },
    { oldStatus: "DecisionRequired", newStatus: "Expired" },
  ]);
  const accepting = two.initiator.account.requests.incoming.accept(id, yes);
  await expect(accepting).rejects.toMatchObject({ code: "request.wrongStatus" });
  expect(await two.initiator.account.relationships.find()).toEqual([]);
});

test("a deadline that passes while the process is down fires once after the start", async () => {
  await using two = await couple({ expiresAt: onDay(1) });
  const { id } = await loadRequest(two.initiator.account, two.template);
  two.world.clock.advance(2 * dayMs);

  const account = await two.initiator.restart();

  const ear = listen(account);
  const request = await account.requests.incoming.get(id);
  expect(request.status).toBe("Expired");
  expect(request.statusLog.filter(({ newStatus }) => newStatus === "Expired")).toEqual([
    {
      createdAt: new Date(startMs + 2 * dayMs).toISOString(),
      oldStatus: "ManualDecisionRequired",
      newStatus: "Expired",
    },
  ]);
  expect(ear.names()).toEqual([]);
});

test("#63: while something is missing the Request stays Open and silent, until it is there", async () => {
  let isThere = false;
  const waiting = withKind({ type: "WaitingRequestItem", parse: () => undefined, checkPrerequisites: () => isThere });
  const item: JsonObject = { "@type": "WaitingRequestItem", mustBeAccepted: true };
  const content = structured({ onNewRelationship: { "@type": "Request", items: [item] } });
  await using two = await couple({
    content,
    templator: { plugins: [waiting] },
    initiator: { plugins: [waiting] },
  });
  const { initiator, world } = two;
  const ear = listen(initiator.account);

  const { id, status, statusLog } = await loadRequest(initiator.account, two.template);

  expect(status).toBe("Open");
  expect(statusLog).toEqual([]);
  expect(ear.names()).toEqual(["transport.peerRelationshipTemplateLoaded", received]);
  const where = { world, people: [initiator] };
  await refused("request.wrongStatus", () => initiator.account.requests.incoming.accept(id, yes), where);
  isThere = true;
  await initiator.account.sync();
  expect((await initiator.account.requests.incoming.get(id)).status).toBe("ManualDecisionRequired");
  expect(ear.names().slice(2)).toEqual([moved, moved, processed]);
  expect(ear.data(processed)).toMatchObject([{ result: "ManualRequestDecisionRequired", requestId: id }]);
});
