// Erasing a Relationship on both sides (spec/domain.md 3.3, 3.5, 11.2).
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  active,
  arbitrary,
  both,
  couple,
  greeting,
  listen,
  loadRequest,
  onDay,
  only,
  type Related,
  reasons,
  refused,
  structured,
  terminated,
  yes,
} from "./scenes.ts";

const t = "error.transport.relationships";
const wrongStatus = `${t}.wrongRelationshipStatus`;
const changed = "transport.relationshipChanged";
const vectors = JSON.parse(readFileSync(new URL("../fixtures/crypto-vectors.json", import.meta.url), "utf8"));
const pseudonym: string = vectors.addressClientPseudonym.address;
const hello = { "@type": "ArbitraryMessageContent", value: "hello" };

const everybody = ({ world, templator, initiator }: Related) => ({ world, people: [templator, initiator] });

test("#36: decomposition erases everything of the peer here and shows DeletionProposed there", async () => {
  await using two = await active({ maxNumberOfAllocations: 1 });
  const { templator, initiator, template } = two;
  await templator.account.messages.send({ recipients: [initiator.account.address], content: hello });
  await initiator.account.sync();
  await initiator.account.relationships.terminate(two.id);
  await templator.account.sync();
  const here = listen(initiator.account);
  const there = listen(templator.account);

  await initiator.account.relationships.decompose(two.id);
  await templator.account.sync();

  const { account } = initiator;
  expect(await account.relationships.find()).toEqual([]);
  expect(await account.messages.find()).toEqual([]);
  expect(await account.requests.incoming.find()).toEqual([]);
  expect(await account.templates.find()).toEqual([]);
  const left = [...initiator.disk.documents()].flat();
  expect(JSON.stringify(left)).not.toContain(templator.account.address);
  expect(here.names()).toEqual(["transport.relationshipDecomposedBySelf"]);
  expect(here.data("transport.relationshipDecomposedBySelf")).toEqual([{ relationshipId: two.id }]);
  const record = await templator.account.relationships.get(two.id);
  expect(record).toMatchObject({ status: "DeletionProposed", peer: account.address });
  expect(record.auditLog.at(-1)).toMatchObject({
    reason: "Decomposition",
    createdBy: account.address,
    oldStatus: "Terminated",
    newStatus: "DeletionProposed",
  });
  expect(there.names()).toEqual([changed]);
  expect(there.data(changed)).toEqual([record]);

  await templator.account.relationships.decompose(two.id);
  expect(await templator.account.relationships.find()).toEqual([]);
  expect(await templator.account.templates.find()).toEqual([]);
  expect([...templator.disk.documents().keys()].filter((key) => key.includes(template.id))).toEqual([]);
  await refused("error.runtime.recordNotFound", () => account.relationships.decompose(two.id), everybody(two));
});

test("an own template for many outlives the Relationship that was built on it", async () => {
  await using two = await terminated();
  const { templator, template } = two;

  await templator.account.relationships.decompose(two.id);

  expect((await templator.account.templates.find()).map(({ id }) => id)).toEqual([template.id]);
  expect(await templator.account.requests.outgoing.find()).toEqual([]);
});

test("#38: a new Relationship waits until both sides have decomposed the old one", async () => {
  await using two = await terminated();
  const { world, templator, initiator } = two;
  await initiator.account.relationships.decompose(two.id);
  const fresh = await templator.account.templates.create({ content: arbitrary, expiresAt: onDay(9) });
  await initiator.account.templates.load({ reference: fresh.reference.truncated });
  const create = () => initiator.account.relationships.create({ templateId: fresh.id, creationContent: greeting });

  await refused(`${t}.relationshipNotYetDecomposedByPeer`, create, { world, people: [templator, initiator] });
  await templator.account.sync();
  await templator.account.relationships.decompose(two.id);
  const created = await create();

  await templator.account.sync();
  expect(only(await templator.account.relationships.find()).id).toBe(created.id);
  expect(reasons(await both({ ...two, id: created.id }))).toEqual(["Creation"]);
});

test("#40: a Message to a group survives with a pseudonym for the one who left, until nobody is left", async () => {
  await using two = await active();
  const { world, templator, initiator } = two;
  const { account } = initiator;
  const third = await world.person("third");
  const offer = await third.account.templates.create({ content: structured(), expiresAt: onDay(9) });
  const request = await loadRequest(account, offer);
  await account.requests.incoming.accept(request.id, yes);
  await third.account.sync();
  const other = only(await third.account.relationships.find()).id;
  await third.account.relationships.accept(other);
  await account.sync();
  const recipients = [templator.account.address, third.account.address];
  const sent = await account.messages.send({ recipients, content: hello });
  for (const one of [templator, third]) await one.account.sync();
  await account.relationships.terminate(two.id);

  await account.relationships.decompose(two.id);

  const kept = await account.messages.get(sent.id);
  expect(kept.content).toEqual(hello);
  expect(kept.recipients[0]).toEqual({ address: pseudonym });
  expect(kept.recipients.slice(1)).toEqual(sent.recipients.slice(1));
  expect(JSON.stringify([...initiator.disk.documents()])).not.toContain(templator.account.address);
  expect(await third.account.messages.get(sent.id)).toMatchObject({ createdBy: account.address, content: hello });

  await account.relationships.terminate(other);
  await account.relationships.decompose(other);
  expect(await account.messages.find()).toEqual([]);
});

test("#39: an Active Relationship cannot be decomposed", async () => {
  await using two = await active();

  for (const { account } of [two.templator, two.initiator]) {
    await refused(wrongStatus, () => account.relationships.decompose(two.id), everybody(two));
  }
});

test("decomposing while a reactivation is open is possible, and the other side follows", async () => {
  await using two = await couple({ content: structured() });
  const { templator, initiator, template } = two;
  const request = await loadRequest(initiator.account, template);
  await initiator.account.requests.incoming.accept(request.id, yes);
  const { id } = only(await initiator.account.relationships.find());
  const other = await templator.restart({ disk: templator.disk.copy() });
  await other.sync();
  await other.relationships.accept(id);
  await initiator.account.sync();
  await initiator.account.relationships.terminate(id);
  await other.sync();
  await other.relationships.requestReactivation(id);
  await initiator.account.relationships.decompose(id);

  const { relationships } = await other.sync();

  expect(relationships.map(({ status }) => status)).toEqual(["DeletionProposed"]);
  expect(reasons(await other.relationships.get(id))).toEqual([
    "Creation",
    "AcceptanceOfCreation",
    "Termination",
    "ReactivationRequested",
    "Decomposition",
  ]);
});
