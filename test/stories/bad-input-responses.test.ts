// Bad input, continued: Responses that answer nothing of what was asked.
import type { JsonObject } from "rapport/core";
import { unreliable } from "rapport/testkit";
import { describe, expect, test } from "vitest";
import {
  active,
  ask,
  couple,
  differences,
  everything,
  loadRequest,
  onDay,
  only,
  refused,
  structured,
  yes,
} from "../services/scenes.ts";

test("a Response to somebody else's Request", async () => {
  await using two = await couple({
    initiator: {
      transport: (transport) =>
        unreliable(transport, ({ operation }) => (operation === "createRelationship" ? "before" : undefined)),
    },
  });
  const { world, templator, initiator, template } = two;
  const other = await world.person("other");
  const theirs = await loadRequest(other.account, template);
  const answered = await other.account.requests.incoming.accept(theirs.id, yes);
  const { id } = await loadRequest(initiator.account, template);
  await expect(initiator.account.requests.incoming.accept(id, yes)).rejects.toMatchObject({
    code: "relay.unreachable",
  });
  const response = answered.response?.content ?? {};
  const creationContent = { "@type": "RelationshipCreationContent", response };

  await refused(
    "error.runtime.relationships.wrongResponseProvidedAsCreationContent",
    () => initiator.account.relationships.create({ templateId: template.id, creationContent }),
    { world, people: [templator, initiator, other] },
  );
});

describe("a Response from somebody who was not asked is kept as a Message and changes nothing else", () => {
  /** The templator has Active Relationships with the initiator and a stranger. */
  const withStranger = async () => {
    const forInitiator = structured({ onExistingRelationship: ask() });
    const two = await active({ content: forInitiator });
    const stranger = await two.world.person("stranger");
    const { id } = await loadRequest(stranger.account, two.template);
    await stranger.account.requests.incoming.accept(id, yes);
    await two.templator.account.sync();
    const relationship = only(await two.templator.account.relationships.find({ status: "Pending" }));
    await two.templator.account.relationships.accept(relationship.id);
    await stranger.account.sync();
    return { ...two, stranger };
  };

  const wrapped = (requestId: string, from: { readonly type: string; readonly reference: string }) => ({
    "@type": "ResponseWrapper",
    requestId,
    requestSourceType: from.type,
    requestSourceReference: from.reference,
    response: {
      "@type": "Response",
      result: "Accepted",
      requestId,
      items: [{ "@type": "AcceptResponseItem", result: "Accepted" }],
    },
  });

  const expectIgnored = async (
    { world, templator, stranger }: Awaited<ReturnType<typeof withStranger>>,
    content: JsonObject,
  ) => {
    const results: unknown[] = [];
    templator.account.events.on("consumption.messageProcessed", ({ data }) => results.push(data));
    const before = everything(world, templator);
    await stranger.account.messages.send({ recipients: [templator.account.address], content });
    const { messages } = await templator.account.sync();

    expect(results).toEqual([{ message: only(messages), result: "Error" }]);
    expect(only(messages)).toMatchObject({ createdBy: stranger.account.address, content });
    const here = differences(before, everything(world, templator)).filter((key) => key.startsWith("templator: "));
    expect(here.map((key) => key.split("/")[1])).toEqual(["messages"]);
  };

  test("to a Request by Message", async () => {
    await using all = await withStranger();
    const { templator, initiator } = all;
    const peer = initiator.account.address;
    const { id, content } = await templator.account.requests.outgoing.create({ content: ask(), peer });
    const sent = await templator.account.messages.send({ recipients: [peer], content });

    await expectIgnored(all, wrapped(id, { type: "Message", reference: sent.id }));

    expect((await templator.account.requests.outgoing.get(id)).status).toBe("Open");
  });

  test("to a Request that the templator has an answer to", async () => {
    await using all = await withStranger();
    const [answered] = await all.initiator.account.requests.incoming.find();

    await expectIgnored(all, wrapped(answered?.id ?? "", { type: "RelationshipTemplate", reference: all.template.id }));
  });

  test("to a Request that never was", async () => {
    await using all = await withStranger();

    await expectIgnored(all, wrapped("REQ00000000000000000", { type: "Message", reference: "MSG00000000000000000" }));
  });

  test("to a template that was personalised for another", async () => {
    await using all = await withStranger();
    const forIdentity = all.initiator.account.address;
    const personal = await all.templator.account.templates.create({
      content: structured({ onExistingRelationship: ask() }),
      expiresAt: onDay(1),
      forIdentity,
    });

    const from = { type: "RelationshipTemplate", reference: personal.id };
    await expectIgnored(all, wrapped("REQ00000000000000001", from));
  });
});
