// Calls that got no answer: finished later, once, or taken back (design.md 2.4).
import type { Call } from "rapport/core";
import { createMemoryStore } from "rapport/plugins/storage-memory";
import { type PersonOptions, unreliable } from "rapport/testkit";
import { describe, expect, test } from "vitest";
import {
  active,
  ask,
  both,
  couple,
  listen,
  loadRequest,
  onDay,
  only,
  pending,
  refused,
  structured,
  yes,
} from "../services/scenes.ts";

type Down = { operation?: string; when: "before" | "after" | "unsent" };

/** A way to the relay that is closed for one operation. */
function breakable() {
  const down: Down = { when: "before" };
  const options: PersonOptions = {
    transport: (transport) =>
      unreliable(transport, (call: Call) => (call.operation === down.operation ? down.when : undefined)),
  };
  return { down, options };
}

/** The initiator accepts the Request of a template while the relay does not answer. */
async function stuckAcceptance(when: Down["when"]) {
  const { down, options } = breakable();
  const two = await couple({ initiator: options });
  const request = await loadRequest(two.initiator.account, two.template);
  const { incoming } = two.initiator.account.requests;
  Object.assign(down, { operation: "createRelationship", when });
  const ear = listen(two.initiator.account);
  const error = await incoming.accept(request.id, yes).catch((problem) => problem);
  const heal = () => Object.assign(down, { operation: undefined });
  return { ...two, request, incoming, ear, error, heal };
}

describe.for(["before", "after"] as const)("an accepted Request, no answer %s the relay heard of it", (when) => {
  test("the caller is told which intent stays, and the decision stands", async () => {
    const { error, initiator, incoming, request } = await stuckAcceptance(when);

    const intent = only(await initiator.account.intents.list());
    expect(error).toMatchObject({ code: "relay.unreachable", retry: true, details: { intent: intent.id } });
    expect(intent).toMatchObject({ operation: "createRelationship", attempts: 3 });
    expect(await incoming.get(request.id)).toMatchObject({
      status: "Decided",
      response: { content: { result: "Accepted" } },
    });
    expect(await incoming.decision(request.id)).toMatchObject({ verdict: "accept", decider: { kind: "human" } });
    expect(JSON.stringify(intent)).not.toContain("rivateKey");
  });

  test.for(["sync", "resume", "restart"] as const)("%s finishes it exactly once", async (by) => {
    const { initiator, templator, heal, request, incoming, ear } = await stuckAcceptance(when);
    const decided = await incoming.get(request.id);
    heal();

    if (by === "sync") await initiator.account.sync();
    else if (by === "resume") await Promise.all([initiator.account.intents.resume(), initiator.account.sync()]);
    else await initiator.restart();
    await templator.account.sync();

    const after = await initiator.account.requests.incoming.get(request.id);
    expect(after).toMatchObject({ status: "Completed", response: { content: decided.response?.content } });
    expect(await initiator.account.relationships.find()).toHaveLength(1);
    expect(await templator.account.relationships.find()).toHaveLength(1);
    expect(await initiator.account.intents.list()).toEqual([]);
    const changes = ear.names().filter((name) => name === "transport.relationshipChanged");
    expect(changes).toHaveLength(by === "restart" ? 0 : 1);
    expect([...initiator.disk.documents()].filter(([key]) => key.includes("/secrets/intent-"))).toEqual([]);
  });
});

test("a second command on the same entity waits its turn", async () => {
  const { down, options } = breakable();
  const two = await pending({ templator: options });
  const { relationships } = two.templator.account;
  Object.assign(down, { operation: "acceptRelationship", when: "after" });
  await expect(relationships.accept(two.id)).rejects.toMatchObject({ code: "relay.unreachable" });
  const where = { world: two.world, people: [two.templator] };

  await refused("command.inProgress", () => relationships.reject(two.id), where);
  await refused("command.inProgress", () => relationships.accept(two.id), where);
  Object.assign(down, { operation: undefined });
  await two.templator.account.sync();
  await two.initiator.account.sync();

  expect(await both(two)).toMatchObject({ status: "Active" });
});

test("another acceptance for the same peer does not displace an open creation", async () => {
  const { down, options } = breakable();
  const content = { "@type": "ArbitraryRelationshipTemplateContent", value: 1 };
  const two = await couple({ content, initiator: options });
  const { account } = two.initiator;
  const asked = await two.templator.account.templates.create({ content: structured(), expiresAt: onDay(9) });
  const request = await loadRequest(account, asked);
  const { id: templateId } = await account.templates.load({ reference: two.template.reference.truncated });
  const creationContent = { "@type": "ArbitraryRelationshipCreationContent", value: 1 };
  Object.assign(down, { operation: "createRelationship", when: "after" });
  await expect(account.relationships.create({ templateId, creationContent })).rejects.toMatchObject({
    code: "relay.unreachable",
  });

  await expect(account.requests.incoming.accept(request.id, yes)).rejects.toMatchObject({ code: "command.inProgress" });
  Object.assign(down, { operation: undefined });
  await account.intents.resume();

  expect(only(await account.relationships.find())).toMatchObject({ templateId });
});

test("a refusal closes the intent and changes nothing else", async () => {
  const { down, options } = breakable();
  const two = await pending({ templator: options });
  const { relationships, intents } = two.templator.account;
  Object.assign(down, { operation: "acceptRelationship", when: "before" });
  const keys = () =>
    [...two.templator.disk.documents()].filter(([key]) => key.endsWith(`/secrets/relationship-${two.id}`));
  await expect(relationships.accept(two.id)).rejects.toMatchObject({ code: "relay.unreachable" });
  expect(keys()).toHaveLength(1);
  expect(await relationships.decision(two.id)).toMatchObject({ verdict: "accept" });
  await two.initiator.account.relationships.revoke(two.id);
  Object.assign(down, { operation: undefined });

  await intents.resume();

  expect(await intents.list()).toEqual([]);
  expect(await relationships.get(two.id)).toMatchObject({ status: "Pending" });
  expect(keys()).toEqual([]);
  expect(await relationships.decision(two.id)).toBeUndefined();
  expect(two.world.warnings).toEqual(["The relay refused a call that was finished later."]);
  await two.templator.account.sync();
  expect(await both(two)).toMatchObject({ status: "Revoked" });
});

describe("a step that the relay took, unheard, and whose answer it has forgotten since (seven days)", () => {
  async function forgotten(step: "accept" | "terminate" | "decompose") {
    const { down, options } = breakable();
    const two = await (step === "accept" ? pending({ templator: options }) : active({ templator: options }));
    const { account } = two.templator;
    if (step === "decompose") await account.relationships.terminate(two.id);
    Object.assign(down, { operation: `${step}Relationship`, when: "after" });
    await expect(account.relationships[step](two.id)).rejects.toMatchObject({ code: "relay.unreachable" });
    two.world.clock.advance(8 * 24 * 60 * 60 * 1000);
    Object.assign(down, { operation: undefined });
    await account.intents.resume();
    expect(await account.intents.list()).toEqual([]);
    expect(two.world.warnings).toEqual([]);
    return two;
  }

  test("an acceptance holds, with its keys", async () => {
    const two = await forgotten("accept");
    await two.initiator.account.sync();

    expect(await both(two)).toMatchObject({ status: "Active" });
    const draft = { content: ask(), peer: two.initiator.account.address };
    const request = await two.templator.account.requests.outgoing.create(draft);
    await two.templator.account.messages.send({ recipients: [draft.peer], content: request.content });
    expect((await two.initiator.account.sync()).messages).toHaveLength(1);
  });

  test("an end holds, once", async () => {
    const two = await forgotten("terminate");
    await two.initiator.account.sync();

    expect((await both(two)).auditLog.map(({ newStatus }) => newStatus)).toEqual(["Pending", "Active", "Terminated"]);
  });

  test("leaving erases", async () => {
    const two = await forgotten("decompose");

    expect(await two.templator.account.relationships.find()).toEqual([]);
    expect(JSON.stringify([...two.templator.disk.documents()])).not.toContain(two.id);
  });
});

test("one that gets no answer keeps neither the others nor the sync waiting", async () => {
  const { down, options } = breakable();
  const two = await active({ templator: options });
  const { account } = two.templator;
  Object.assign(down, { operation: "createTemplate", when: "before" });
  const create = () => account.templates.create({ content: structured(), expiresAt: onDay(9) });
  await expect(create()).rejects.toMatchObject({ code: "relay.unreachable" });
  await two.initiator.account.relationships.terminate(two.id);

  await account.sync();

  expect(await account.relationships.get(two.id)).toMatchObject({ status: "Terminated" });
  expect(await account.intents.list()).toHaveLength(1);
});

test("an intent of a kind that this version does not know is never sent", async () => {
  const { initiator, heal } = await stuckAcceptance("before");
  heal();
  const { disk } = initiator;
  const [key, document] = [...disk.documents()].find(([name]) => name.includes("/intents/")) ?? [];
  const newer = { ...document, kind: "teleport" };
  const store = createMemoryStore({ disk });
  await store.open([]);
  await store.commit({ puts: [{ key: key ?? "", document: newer }] });
  await store[Symbol.asyncDispose]();

  await expect(initiator.restart()).rejects.toMatchObject({ code: "store.newerVersion" });

  expect([...disk.documents()].find(([name]) => name === key)?.[1]).toEqual(newer);
});

describe("taking back", () => {
  test("what never left can be cancelled; the Response can be delivered later", async () => {
    const { initiator, incoming, request, heal } = await stuckAcceptance("unsent");
    const { intents } = initiator.account;

    const { id } = only(await intents.list());

    await intents.cancel(id, { commandId: "back" });

    await intents.cancel(id, { commandId: "back" });
    expect(await intents.list()).toEqual([]);
    expect(await incoming.get(request.id)).toMatchObject({ status: "Decided" });
    heal();
    expect(await incoming.deliver(request.id)).toMatchObject({ status: "Completed" });
    expect(await initiator.account.relationships.find()).toHaveLength(1);
  });

  test("an acceptance that never left leaves no keys and no decision", async () => {
    const { down, options } = breakable();
    const two = await pending({ templator: options });
    const { relationships, intents } = two.templator.account;
    const before = new Map(two.templator.disk.documents());
    Object.assign(down, { operation: "acceptRelationship", when: "unsent" });
    await expect(relationships.accept(two.id)).rejects.toMatchObject({ code: "relay.unreachable" });

    await intents.cancel(only(await intents.list()).id);

    expect(new Map(two.templator.disk.documents())).toEqual(before);
    Object.assign(down, { operation: undefined });
    expect(await relationships.accept(two.id)).toMatchObject({ status: "Active" });
  });

  test.for(["before", "after"] as const)("what may have left cannot (no answer %s it was heard)", async (when) => {
    const { initiator, world } = await stuckAcceptance(when);
    const { intents } = initiator.account;
    const { id } = only(await intents.list());

    await refused("intent.alreadySent", () => intents.cancel(id), { world, people: [initiator] });
    await refused("intent.notFound", () => intents.cancel("INT00000000000000000"), { world, people: [initiator] });
  });

  test("once it was tried in earnest, it cannot any more", async () => {
    const { initiator, world } = await stuckAcceptance("unsent");
    const broken: PersonOptions = { transport: (transport) => unreliable(transport, () => "before") };
    await initiator.restart(broken);
    const { intents } = initiator.account;

    const { id } = only(await intents.list());
    await refused("intent.alreadySent", () => intents.cancel(id), { world, people: [initiator] });
  });
});

test("#76: when the relay refuses the creation, the Request stays Decided with the reason until it is delivered", async () => {
  const two = await couple();
  const { account } = two.initiator;
  const late = await two.templator.account.templates.create({ content: structured(), expiresAt: onDay(9) });
  const request = await loadRequest(account, late);
  // Unknown to the initiator, the templator has started a Relationship from its side.
  const other = await account.templates.create({
    content: structured({ onNewRelationship: ask() }),
    expiresAt: onDay(9),
  });
  const theirs = await loadRequest(two.templator.account, other);
  await two.templator.account.requests.incoming.accept(theirs.id, yes);

  const decided = await account.requests.incoming.accept(request.id, yes);

  expect(decided).toMatchObject({ status: "Decided", deliveryError: { code: expect.stringContaining("elationship") } });
  expect(await account.relationships.find()).toEqual([]);
  await expect(account.requests.incoming.deliver(request.id)).rejects.toMatchObject({
    code: decided.deliveryError?.code,
  });
  await account.sync();
  await account.relationships.accept(only(await account.relationships.find()).id);
  await two.templator.account.sync();
  const delivered = await account.requests.incoming.deliver(request.id);
  expect(delivered).toMatchObject({ status: "Completed", response: { source: { type: "Message" } } });
  expect(delivered).not.toHaveProperty("deliveryError");
});
