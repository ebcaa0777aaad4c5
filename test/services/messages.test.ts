// Messages that carry Requests and Responses, in both directions (spec/domain.md 4.3, 8.1, 12 #16 and #21).
import type { JsonObject } from "rapport/core";
import type { Person } from "rapport/testkit";
import { describe, expect, test } from "vitest";
import { active, ask, couple, listen, loadRequest, no, only, refused, structured, terminated, yes } from "./scenes.ts";

const free = { "@type": "ArbitraryMessageContent", value: { hello: 1 } };

/** Sends a Request and brings it to its recipient. */
async function askByMessage(from: Person, to: Person, content: JsonObject = ask()): Promise<string> {
  const peer = to.account.address;
  const draft = await from.account.requests.outgoing.create({ content, peer });
  await from.account.messages.send({ recipients: [peer], content: draft.content });
  await to.account.sync();
  return draft.id;
}

const accepted = { "@type": "AcceptResponseItem", result: "Accepted" };

/** A Response made by hand. */
function wrapper(requestId: string, items: readonly object[], more: object = {}): JsonObject {
  return {
    "@type": "ResponseWrapper",
    requestId,
    requestSourceType: "Message",
    requestSourceReference: "MSG00000000000000000",
    response: { "@type": "Response", result: "Accepted", requestId, items },
    ...more,
  } as JsonObject;
}

describe("Requests by Message", () => {
  const directions = ["from templator to initiator", "from initiator to templator"] as const;

  test.for(directions)("%s: asked, answered, completed", async (direction) => {
    const two = await active();
    const [asker, asked] =
      direction === "from templator to initiator" ? [two.templator, two.initiator] : [two.initiator, two.templator];
    const heard = listen(asked.account);
    const id = await askByMessage(asker, asked);

    const received = await asked.account.requests.incoming.get(id);
    const answered = await asked.account.requests.incoming.accept(id, yes);
    await asker.account.sync();

    expect(received).toMatchObject({ status: "ManualDecisionRequired", peer: asker.account.address });
    expect(heard.data("consumption.messageProcessed")).toMatchObject([{ result: "ManualRequestDecisionRequired" }]);
    expect(answered.status).toBe("Completed");
    expect(await asker.account.requests.outgoing.get(id)).toMatchObject({
      status: "Completed",
      response: { content: answered.response?.content, source: { type: "Message" } },
    });
  });

  test("#119: a Message to a stranger, or after termination, is refused and names the address", async () => {
    const two = await terminated();
    const stranger = await two.world.person("stranger");
    const code = "error.runtime.messages.hasNoActiveRelationship";
    const where = { world: two.world, people: [two.templator] };
    const send = (recipients: readonly string[]) => () =>
      two.templator.account.messages.send({ recipients, content: free });

    await refused(code, send([stranger.account.address]), where);
    await refused(code, send([two.initiator.account.address]), where);
    await expect(send([stranger.account.address])()).rejects.toMatchObject({
      details: { addresses: [stranger.account.address] },
    });
  });

  test("recipients and content are checked before anything else", async () => {
    const two = await active();
    const peer = two.initiator.account.address;
    const where = { world: two.world, people: [two.templator] };
    const invalid = "error.runtime.validation.invalidPropertyValue";
    const send = (recipients: readonly string[], content: JsonObject) => () =>
      two.templator.account.messages.send({ recipients, content });

    await refused(invalid, send([], free), where);
    await refused(invalid, send([peer, peer], free), where);
    await refused(invalid, send([peer], { "@type": "RelationshipTemplateContent" }), where);
    await refused("error.runtime.unknownType", send([peer], { "@type": "Greeting" }), where);
  });

  test("a Message without a Request is processed as such", async () => {
    const two = await active();
    const heard = listen(two.initiator.account);
    const sent = await two.templator.account.messages.send({
      recipients: [two.initiator.account.address],
      content: free,
    });

    const { messages } = await two.initiator.account.sync();

    expect(messages).toMatchObject([{ id: sent.id, content: free, isOwn: false }]);
    expect(heard.names()).toEqual(["transport.messageReceived", "consumption.messageProcessed"]);
    expect(heard.data("consumption.messageProcessed")).toMatchObject([{ result: "NoRequest" }]);
    expect(await two.initiator.account.messages.find({ createdBy: two.templator.account.address })).toEqual(messages);
  });
});

describe("a template for those one knows", () => {
  const forKnown = structured({ onExistingRelationship: ask({ title: "for those we know" }) });
  const reject = ["accepted", "rejected"] as const;

  test.for(reject)("loaded by the initiator and %s: the answer is a Message", async (result) => {
    const two = await active({ content: forKnown });
    const { templator, initiator } = two;
    await answerKnown(templator, initiator, { forKnown, result });
  });

  test.for(reject)("loaded by the templator of the Relationship and %s: the same", async (result) => {
    const two = await active();
    await answerKnown(two.initiator, two.templator, { forKnown, result });
  });
});

/** The owner makes a template, the loader answers its Request; both see the same outcome. */
async function answerKnown(
  owner: Person,
  loader: Person,
  { forKnown, result }: { forKnown: JsonObject; result: "accepted" | "rejected" },
): Promise<void> {
  const template = await owner.account.templates.create({ content: forKnown, expiresAt: "2030-03-01T00:00:00.000Z" });
  const request = await loadRequest(loader.account, template);
  const { incoming } = loader.account.requests;
  const answered = await (result === "accepted" ? incoming.accept(request.id, yes) : incoming.reject(request.id, no));
  const heard = listen(owner.account);

  await owner.account.sync();

  expect(request).toMatchObject({ content: { title: "for those we know" }, origin: "onExistingRelationship" });
  expect(answered).toMatchObject({ status: "Completed", response: { source: { type: "Message" } } });
  expect(await owner.account.requests.outgoing.get(request.id)).toMatchObject({
    status: "Completed",
    content: { title: "for those we know", id: request.id },
    source: { type: "RelationshipTemplate", reference: template.id },
    response: { content: answered.response?.content },
  });
  expect(heard.names()).toContain("consumption.outgoingRequestCreatedAndCompleted");
  expect(heard.names()).not.toContain("consumption.outgoingRequestFromRelationshipCreationCreatedAndCompleted");
}

test("an onNew Request answered when another Relationship became Active completes as the one it was", async () => {
  const two = await couple({
    content: structured({ onNewRelationship: ask({ title: "new" }), onExistingRelationship: ask({ title: "known" }) }),
  });
  const { templator, initiator, template } = two;
  const late = await loadRequest(initiator.account, template);
  // The other way round: the loader is templator of the Relationship that becomes Active meanwhile.
  const other = await initiator.account.templates.create({
    content: structured(),
    expiresAt: template.expiresAt ?? "",
  });
  const first = await loadRequest(templator.account, other);
  await templator.account.requests.incoming.accept(first.id, yes);
  await initiator.account.sync();
  await initiator.account.relationships.accept(only(await initiator.account.relationships.find()).id);
  await templator.account.sync();

  const answered = await initiator.account.requests.incoming.accept(late.id, yes);
  await templator.account.sync();

  expect(answered).toMatchObject({ status: "Completed", response: { source: { type: "Message" } } });
  expect(await templator.account.requests.outgoing.get(late.id)).toMatchObject({
    status: "Completed",
    content: { title: "new" },
  });
  expect(await templator.account.relationships.find()).toHaveLength(1);
});

describe("a Response that does not fit is ignored", () => {
  const unfit: [string, (id: string) => JsonObject][] = [
    ["with too many items", (id) => wrapper(id, [accepted, accepted])],
    ["with a group for an item", (id) => wrapper(id, [{ "@type": "ResponseItemGroup", items: [accepted] }])],
    ["that rejects what it must accept", (id) => wrapper(id, [{ "@type": "RejectResponseItem", result: "Rejected" }])],
    ["to another Request than it says", (id) => otherRequest(wrapper(id, [accepted]))],
    ["to a Request that nobody made", () => wrapper("REQ00000000000000000", [accepted])],
    ["to a template that nobody made", (id) => wrapper(id, [accepted], ofTemplate)],
  ];
  const ofTemplate = { requestSourceType: "RelationshipTemplate", requestSourceReference: "RLT00000000000000000" };

  test.for(unfit)("%s", async ([, content]) => {
    const two = await active();
    const { templator, initiator, world } = two;
    const id = await askByMessage(templator, initiator);
    await initiator.account.messages.send({ recipients: [templator.account.address], content: content(id) });
    const heard = listen(templator.account);

    await templator.account.sync();

    expect(await templator.account.requests.outgoing.get(id)).toMatchObject({ status: "Open" });
    expect(await templator.account.requests.outgoing.find()).toHaveLength(2);
    expect(heard.names()).toEqual(["transport.messageReceived", "consumption.messageProcessed"]);
    expect(heard.data("consumption.messageProcessed")).toMatchObject([{ result: "Error" }]);
    expect(world.warnings).toEqual(["A Response was ignored."]);
    await initiator.account.requests.incoming.accept(id, yes);
    await templator.account.sync();
    expect(await templator.account.requests.outgoing.get(id)).toMatchObject({ status: "Completed" });
  });

  test("from somebody who was not asked", async () => {
    const two = await active();
    const { templator, initiator, world, template } = two;
    const id = await askByMessage(templator, initiator);
    const third = await world.person("third");
    const request = await loadRequest(third.account, template);
    await third.account.requests.incoming.accept(request.id, yes);
    await templator.account.sync();
    await templator.account.relationships.accept(
      only(await templator.account.relationships.find({ status: "Pending" })).id,
    );
    await third.account.sync();
    await third.account.messages.send({
      recipients: [templator.account.address],
      content: wrapper(id, [accepted]),
    });

    await templator.account.sync();

    expect(await templator.account.requests.outgoing.get(id)).toMatchObject({ status: "Open" });
  });
});

function otherRequest(content: JsonObject): JsonObject {
  return { ...content, response: { ...(content["response"] as JsonObject), requestId: "REQ11111111111111111" } };
}
