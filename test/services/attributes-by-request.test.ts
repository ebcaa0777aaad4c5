// Attributes that Requests bring about, between two engines: what one side has, the other has too (spec/domain.md 5.6-5.10).
import type { Account } from "rapport";
import type { Decision, JsonObject } from "rapport/core";
import { describe, expect, test } from "vitest";
import { create, customer, customerQuery, name, nameQuery, propose, read, remove, share } from "../items/contents.ts";
import { active, arbitrary, ask, couple, listen, loadRequest, only, refused, structured } from "./scenes.ts";

const asking = (item: JsonObject): JsonObject => ask({ items: [{ mustBeAccepted: true, ...item }] });
const accepting = (parameters: JsonObject = {}) => ({ items: [{ accept: true, ...parameters }] }) as Decision;

/** Two who know each other, and nothing between them. */
async function acquainted() {
  const two = await active({ content: arbitrary });
  return { two, asker: two.templator.account, answerer: two.initiator.account };
}

/** Sends a Request by Message, and gives its id. */
async function send(from: Account, to: Account, item: JsonObject): Promise<string> {
  const draft = await from.requests.outgoing.create({ content: asking(item), peer: to.address });
  await from.messages.send({ recipients: [to.address], content: draft.content });
  await to.sync();
  return draft.id;
}

/** Sends a Request, decides it and brings the answer back; gives the answer to its only item. */
async function trade(
  from: Account,
  to: Account,
  asked: { item: JsonObject; decision?: Decision },
): Promise<JsonObject> {
  const id = await send(from, to, asked.item);
  await to.requests.incoming.accept(id, asked.decision ?? accepting());
  await from.sync();
  const request = await from.requests.outgoing.get(id);
  expect(request.status).toBe("Completed");
  return only(request.response?.content["items"] as JsonObject[]);
}

describe("a template", () => {
  test("#88 creates attributes at both when it is accepted, before the Relationship is Active", async () => {
    await using two = await couple({
      content: structured({
        onNewRelationship: ask({
          items: [
            { ...create(name(" Ann ")), mustBeAccepted: true },
            { ...create(customer()), mustBeAccepted: true },
            { ...read(nameQuery({ valueType: "Surname" })), mustBeAccepted: true },
          ],
        }),
      }),
    });
    const [asker, answerer] = [two.templator.account, two.initiator.account];
    const request = await loadRequest(answerer, two.template);
    const ear = listen(asker);
    const surname = { "@type": "IdentityAttribute", owner: "", value: { "@type": "Surname", value: "Smith" } };

    await answerer.requests.incoming.accept(request.id, {
      items: [{ accept: true }, { accept: true }, { accept: true, newAttribute: surname }],
    });
    await asker.sync();

    const here = await answerer.attributes.find();
    const there = await asker.attributes.find();
    expect(here.map(({ "@type": type }) => type).sort()).toEqual([
      "OwnIdentityAttribute",
      "OwnIdentityAttribute",
      "OwnRelationshipAttribute",
    ]);
    const contents = (all: typeof here) => new Map(all.map(({ id, content }) => [id, content]));
    expect(contents(there)).toEqual(contents(here));
    expect(
      there.every(({ peer, sourceReference }) => peer === answerer.address && sourceReference === request.id),
    ).toBe(true);
    expect(ear.data("consumption.attributeCreated")).toHaveLength(3);
  });

  test("#4 #87 cannot ask for a deletion, nor create what the templator owns", async () => {
    await using two = await couple();
    const { account } = two.templator;
    const own = await account.attributes.create({ content: name("Acme", { owner: account.address }) });
    const offer = (item: JsonObject) =>
      account.templates.create({
        content: structured({ onNewRelationship: asking(item) }),
        expiresAt: "2030-01-31T00:00:00.000Z",
      });
    const where = { world: two.world, people: [two.templator] };
    const code = "error.consumption.requests.validation.inheritedFromItem";

    await refused(code, () => offer(remove(own.id)), where);
    await refused(code, () => offer(create(name("Acme", { owner: account.address }))), where);
  });
});

describe("a Message", () => {
  test("#89 #91 shares an own attribute once, and then its successor", async () => {
    const { two, asker, answerer } = await acquainted();
    await using _world = two;
    const own = await answerer.attributes.create({ content: name("Ann", { owner: answerer.address }) });
    const existing = (id: string) => ({ item: read(nameQuery()), decision: accepting({ existingAttributeId: id }) });

    const first = await trade(asker, answerer, existing(own.id));
    const again = await trade(asker, answerer, { item: create(name()) });
    const { successor } = await answerer.attributes.succeed({
      predecessorId: own.id,
      successorContent: name("Anna", { owner: answerer.address }),
    });
    const ear = listen(asker);
    const last = await trade(asker, answerer, existing(successor.id));

    expect([first, again, last].map((answer) => answer["@type"])).toEqual([
      "ReadAttributeAcceptResponseItem",
      "AttributeAlreadySharedAcceptResponseItem",
      "AttributeSuccessionAcceptResponseItem",
    ]);
    expect(ear.data("consumption.attributeSucceeded")).toMatchObject([
      { predecessor: { id: own.id }, successor: { id: successor.id } },
    ]);
    expect(await asker.attributes.get(successor.id)).toMatchObject({ succeeds: own.id, content: successor.content });
    expect((await asker.attributes.receivedFrom(answerer.address)).map(({ id }) => id)).toEqual([successor.id]);
  });

  test("#92 does not take the older version once the peer has the newer", async () => {
    const { two, asker, answerer } = await acquainted();
    await using _world = two;
    const own = await answerer.attributes.create({ content: name("Ann", { owner: answerer.address }) });
    const { successor } = await answerer.attributes.succeed({
      predecessorId: own.id,
      successorContent: name("Anna", { owner: answerer.address }),
    });
    const item = read(nameQuery());
    await trade(asker, answerer, { item, decision: accepting({ existingAttributeId: successor.id }) });
    const id = await send(asker, answerer, item);

    const verdict = await answerer.requests.incoming.canAccept(id, accepting({ existingAttributeId: own.id }));

    expect(verdict).toMatchObject({ items: [{ code: "error.consumption.requests.attributeQueryMismatch" }] });
  });

  test("#98 proposes a value, and both keep the one that it was changed to", async () => {
    const { two, asker, answerer } = await acquainted();
    await using _world = two;
    const answer = await trade(asker, answerer, {
      item: propose(nameQuery(), name()),
      decision: accepting({ attribute: name("Anna") }),
    });
    const id = String(answer["attributeId"]);

    expect((await answerer.attributes.get(id)).content).toEqual(name("Anna", { owner: answerer.address }));
    expect((await asker.attributes.get(id)).content).toEqual(name("Anna", { owner: answerer.address }));
  });

  test("#78 keeps a key to one attribute, at both sides", async () => {
    const { two, asker, answerer } = await acquainted();
    await using _world = two;
    await trade(asker, answerer, { item: create(customer()) });
    const where = { world: two.world, people: [two.templator, two.initiator] };
    const code = "error.consumption.requests.validation.inheritedFromItem";
    const creating = (from: Account, to: Account, item: JsonObject) => () =>
      from.requests.outgoing.create({ content: asking(item), peer: to.address });

    await refused(code, creating(asker, answerer, read(customerQuery())), where);
    await refused(code, creating(answerer, asker, create(customer({ owner: answerer.address }))), where);
  });

  test("#99 shares an own attribute, which cannot be shared twice", async () => {
    const { two, asker, answerer } = await acquainted();
    await using _world = two;
    const own = await asker.attributes.create({ content: name("Acme", { owner: asker.address }) });
    await trade(asker, answerer, { item: share(own.id, own.content) });

    expect(await answerer.attributes.get(own.id)).toMatchObject({
      "@type": "PeerIdentityAttribute",
      content: own.content,
    });
    expect(await asker.attributes.get(own.id)).toMatchObject({ numberOfForwards: 1 });
    expect(
      await asker.requests.outgoing.canCreate({ content: asking(share(own.id, own.content)), peer: answerer.address }),
    ).toMatchObject({ items: [{ code: "error.consumption.requests.invalidRequestItem" }] });
  });

  test("#101 asks for a deletion, which both sides keep track of", async () => {
    const { two, asker, answerer } = await acquainted();
    await using _world = two;
    const own = await asker.attributes.create({ content: name("Acme", { owner: asker.address }) });
    await trade(asker, answerer, { item: share(own.id, own.content) });
    const statusOf = async () => only(await asker.attributes.forwardingDetails(own.id)).deletionInfo?.deletionStatus;
    const deletionDate = "2030-02-01T00:00:00.000Z";

    const id = await send(asker, answerer, { ...remove(own.id), mustBeAccepted: false });
    expect(await statusOf()).toBe("DeletionRequestSent");
    await answerer.requests.incoming.reject(id, { items: [{ accept: false }] });
    await asker.sync();
    expect(await statusOf()).toBe("DeletionRequestRejected");

    await trade(asker, answerer, { item: remove(own.id), decision: accepting({ deletionDate }) });
    expect(await statusOf()).toBe("ToBeDeletedByRecipient");
    expect(await answerer.attributes.get(own.id)).toMatchObject({
      deletionInfo: { deletionStatus: "ToBeDeleted", deletionDate },
    });
  });
});
