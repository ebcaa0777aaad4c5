// Three processes of the real command for one identity: nothing is done twice, and nothing is lost when one is killed.
import type { Account } from "rapport";
import { beforeAll, expect, test } from "vitest";
import { createReceiver, type Received } from "../../plugins/publisher-webhooks/receiver.ts";
import { until } from "../../plugins/publishing.ts";
import { asked, server } from "../../plugins/storage-postgres/places.ts";
import { arbitrary, ask, greeting } from "../../services/scenes.ts";
import { freshBuild } from "../../tidy/built.ts";
import { inHours, ok, type Result, v2 } from "./calls.ts";
import { type Member, openFleetGround } from "./fleet-ground.ts";

const requestsEach = 15;
const limitMs = 180_000;

type Three = readonly [Member, Member, Member];

const modulesWith = (url: string) => ({
  sse: { enabled: true },
  decider: {
    neverAutomatic: [],
    automationConfig: [
      { requestConfig: { "content.item.@type": "ConsentRequestItem" }, responseConfig: { accept: true } },
    ],
  },
  webhooks: { enabled: true, targets: { all: { url } }, webhooks: [{ triggers: ["**"], target: "all" }] },
});

server.describe(() => {
  beforeAll(freshBuild, 300_000);

  test("three processes are one Connector, also when the one that delivers is killed", {
    timeout: limitMs,
  }, async () => {
    const onCall: { do?: (call: Received) => "silent" | undefined } = {};
    await using receiver = await createReceiver((call) => onCall.do?.(call) ?? 204);
    const ground = await openFleetGround(modulesWith(receiver.url));

    const members = await Promise.all([ground.start(), ground.start(), ground.start()]);
    await expectOneIdentity(members, ground.schema);
    const peer = await ground.peer("peer");
    await befriend(members, peer);
    await expectWritesSeen(members);

    const first = await sendRequests(peer, members[0].address, ["one", "two"]);
    await untilAnswered(peer, first.requests);
    await untilTold(receiver.received, first.requests);
    await expectOnce(peer, receiver.received, first.requests);
    const idsBefore = receiver.received.map(idOf);
    expect(idsBefore).toEqual([...new Set(idsBefore)]);
    const delivering = await deliverersOf(members);
    expect(delivering).toHaveLength(1);

    const [killed] = delivering;
    let isKilled: Promise<void> | undefined;
    let inHand = "";
    // In the middle: what it hands over at this moment gets no answer.
    onCall.do = (call) => {
      if (isKilled !== undefined || requestIn(call)?.status !== "Decided") return undefined;
      isKilled = killed?.kill();
      inHand = idOf(call);
      return "silent";
    };
    const second = await sendRequests(peer, members[0].address, ["three"]);
    await untilAnswered(peer, second.requests);
    await untilTold(receiver.received, second.requests);
    await isKilled;
    const rest = members.filter((one) => one !== killed);
    const mails = await Promise.all(rest.map((one) => subjectsAt(one)));

    expect(receiver.received.filter((call) => idOf(call) === inHand)).toHaveLength(2);
    await expectOnce(peer, receiver.received, second.requests);
    for (const subjects of mails) expect(subjects.toSorted()).toEqual(["one", "three", "two"]);
    expect(await deliverersOf(rest)).toHaveLength(1);
    for (const one of rest) expect(await ok(one, "GET /api/rapport/v1/DeadLetters")).toEqual([]);
    expect(await Promise.all(rest.map((one) => one.stop()))).toEqual([0, 0]);
    for (const { log } of members) expect(log.text).not.toMatch(/"level":"?(error|50)/);
  });

  test("what all of them left when they were killed, one that is started afterwards does", {
    timeout: limitMs,
  }, async () => {
    const onCall: { do?: (call: Received) => "silent" | undefined } = {};
    await using receiver = await createReceiver((call) => onCall.do?.(call) ?? 204);
    const ground = await openFleetGround(modulesWith(receiver.url));
    const members: Three = [await ground.start(), await ground.start(), await ground.start()];
    const [{ address }] = members;
    const peer = await ground.peer("peer");
    await befriend(members, peer);
    let areKilled: Promise<unknown> | undefined;
    onCall.do = (call) => {
      if (requestIn(call)?.status !== "Decided") return undefined;
      areKilled ??= Promise.all(members.map((one) => one.kill()));
      return "silent";
    };

    const before = await sendRequests(peer, address, []);
    await until(() => areKilled !== undefined);
    await areKilled;
    onCall.do = () => undefined;
    const last = await ground.start();
    const after = await sendRequests(peer, address, []);
    const ids = [...before.requests, ...after.requests];
    await untilAnswered(peer, ids);
    await untilTold(receiver.received, ids);

    expect(last.address).toBe(address);
    await expectOnce(peer, receiver.received, ids);
    expect(await ok(last, "GET /api/rapport/v1/DeadLetters")).toEqual([]);
    expect(await ok(last, "GET /api/rapport/v1/Intents")).toEqual([]);
    expect(await last.stop()).toBe(0);
  });
});

async function expectOneIdentity(members: readonly Member[], schema: string): Promise<void> {
  const accounts = await asked(`SELECT key FROM "${schema}".documents WHERE key LIKE 'engine/accounts/%'`);
  expect(new Set(members.map(({ address }) => address)).size).toBe(1);
  expect(accounts).toHaveLength(1);
}

/** Each step at another process; what one answered, the next one knows. */
async function befriend([one, two, three]: Three, peer: Account): Promise<void> {
  const content = arbitrary;
  const template = await ok(one, `POST ${v2}/RelationshipTemplates/Own`, { content, expiresAt: inHours(24) });
  const reference = (await ok(two, `GET ${v2}/RelationshipTemplates/${template.id}`)).truncatedReference;
  const loaded = await peer.templates.load({ reference });
  const { id } = await peer.relationships.create({ templateId: loaded.id, creationContent: greeting });
  const statusesAt = async (at: Member) =>
    (await ok(at, `GET ${v2}/Relationships`)).map((found: Result) => [found.id, found.status]);
  for (const at of [one, two, three]) await until(async () => (await statusesAt(at)).length === 1);
  expect(await statusesAt(two)).toEqual([[id, "Pending"]]);

  const answers = await Promise.all([one, two].map((at) => at.call("PUT", `${v2}/Relationships/${id}/Accept`)));

  // Who comes second hears that it is under way, or that it was done.
  expect(answers.map(({ status }) => status).filter((status) => ![400, 409].includes(status))).toEqual([200]);
  expect(await statusesAt(two)).toEqual([[id, "Active"]]);
  expect(await statusesAt(three)).toEqual([[id, "Active"]]);
  await peer.sync();
}

/** What was rendered for an earlier list is not shown once another process has changed it. */
async function expectWritesSeen([one, two, three]: Three): Promise<void> {
  const list = async (at: Member) =>
    (await ok(at, `GET ${v2}/RelationshipTemplates`)).map(({ id }: Result) => id).toSorted();
  const before: string[] = await list(two);
  const added: string[] = [];
  for (const at of [one, three, one]) {
    const expiresAt = inHours(24);
    added.push((await ok(at, `POST ${v2}/RelationshipTemplates/Own`, { content: arbitrary, expiresAt })).id);
    expect(await list(two)).toEqual([...before, ...added].toSorted());
  }
  const body = { content: arbitrary, expiresAt: inHours(24) };
  const repeated = { "idempotency-key": "once" };
  const path = `${v2}/RelationshipTemplates/Own`;
  const once = await one.call("POST", path, body, repeated);
  expect((await two.call("POST", path, body, repeated)).body.result.id).toBe(once.body.result.id);
  const [gone = ""] = added;
  await ok(three, `DELETE ${v2}/RelationshipTemplates/${gone}`, undefined, 204);
  for (const at of [one, two]) expect(await list(at)).not.toContain(gone);
}

async function sendRequests(peer: Account, to: string, subjects: readonly string[]) {
  const requests: string[] = [];
  for (let n = 0; n < requestsEach; n += 1) {
    const { id, content } = await peer.requests.outgoing.create({ content: ask(), peer: to });
    await peer.messages.send({ recipients: [to], content });
    requests.push(id);
    const subject = subjects[n];
    if (subject === undefined) continue;
    const mail = { "@type": "Mail", to: [to], subject, body: "Hello." };
    await peer.messages.send({ recipients: [to], content: mail });
  }
  return { requests };
}

async function untilAnswered(peer: Account, ids: readonly string[]): Promise<void> {
  await until(async () => {
    await peer.sync();
    const requests = await Promise.all(ids.map((id) => peer.requests.outgoing.get(id)));
    return requests.every(({ status }) => status === "Completed");
  });
}

const statusesInOrder = ["DecisionRequired", "Decided", "Completed"];

function untilTold(received: readonly Received[], ids: readonly string[]): Promise<void> {
  return until(() => ids.every((id) => statusesOf(received, id).includes("Completed")));
}

/** Every Request has one Response, and its events came in their order; a repeat has the id of the first. */
async function expectOnce(peer: Account, received: readonly Received[], ids: readonly string[]): Promise<void> {
  const messages = (await peer.messages.find()).map(({ content }) => content as Result);
  for (const id of ids) {
    expect(messages.filter((content) => content.requestId === id)).toHaveLength(1);
    expect(statusesOf(received, id).filter((status) => status !== "Open")).toEqual(statusesInOrder);
  }
}

/** The statuses of which the receiver was told, in the order in which it first heard of them. */
function statusesOf(received: readonly Received[], id: string): string[] {
  const heard = new Map<string, string>();
  for (const call of received) {
    const told = requestIn(call);
    if (told?.id === id && !heard.has(idOf(call))) heard.set(idOf(call), told.status);
  }
  return [...heard.values()];
}

const requestIn = ({ json }: Received): Result => json.data?.request ?? json.data;

const idOf = ({ headers }: Received): string => String(headers["webhook-id"]);

async function subjectsAt(member: Member): Promise<string[]> {
  const messages: Result[] = await ok(member, `GET ${v2}/Messages?content.@type=Mail`);
  return messages.map(({ content }) => content.subject);
}

async function deliverersOf(members: readonly Member[]): Promise<Member[]> {
  const logs = await Promise.all(members.map((one) => ok(one, "GET /api/rapport/v1/WebhookDeliveries")));
  return members.filter((_one, at) => logs[at].length > 0);
}
