import { describe, expect, test } from "vitest";
import { arbitrary, both, couple, greeting, loadRequest, onDay, only, yes } from "../services/scenes.ts";

import { type Outage, shaky } from "./lost-calls.ts";

describe("a creation at a relay of others", () => {
  /** The initiator accepts the template's Request and hears no answer; nothing is lost any more. */
  async function unheard(when: Outage["when"], howMany: Outage["howMany"] = "all") {
    const { options, lose, heal } = shaky();
    const two = await couple({ templator: options, initiator: options });
    const request = await loadRequest(two.initiator.account, two.template);
    lose("createRelationship", when, howMany);
    const problem: unknown = await two.initiator.account.requests.incoming
      .accept(request.id, yes)
      .catch((error) => error);
    heal();
    expect(problem).toMatchObject({ code: "relay.unreachable" });
    return { ...two, request, incoming: () => two.initiator.account.requests.incoming.get(request.id) };
  }

  test("that never arrived is made by the next sync", async () => {
    const two = await unheard("before");

    await two.initiator.account.sync();

    expect(await two.incoming()).toMatchObject({ status: "Completed" });
    expect(await two.initiator.account.relationships.find()).toMatchObject([{ status: "Pending" }]);
    await two.templator.account.sync();
    expect(await two.templator.account.relationships.find()).toHaveLength(1);
  });

  test.for(["first", "all"] as const)(
    "that arrived is in doubt, and the Request stays Decided (%s)",
    async (howMany) => {
      const two = await unheard("after", howMany);
      const { account } = two.initiator;

      await account.sync();
      await two.initiator.restart();

      const open = only(await two.initiator.account.intents.list());
      expect(open).toMatchObject({ operation: "createRelationship", inDoubt: true });
      expect(await two.incoming()).toMatchObject({ status: "Decided" });
      expect(await two.incoming()).not.toHaveProperty("deliveryError");
      const again = two.initiator.account.relationships.create({ templateId: two.template.id });
      await expect(again).rejects.toMatchObject({ code: "command.inProgress" });
      await expect(two.initiator.account.intents.cancel(open.id)).rejects.toMatchObject({ code: "intent.alreadySent" });
    },
  );

  test.for(["here", "restarted"] as const)(
    "is adopted when the peer accepts, with keys that work (%s)",
    async (how) => {
      const two = await unheard("after");
      await two.templator.account.sync();
      const { id } = only(await two.templator.account.relationships.find());
      await two.templator.account.relationships.accept(id, { content: { cardNumber: 42 } });
      if (how === "restarted") await two.initiator.restart();

      await two.initiator.account.sync();

      expect(await both({ ...two, id })).toMatchObject({ status: "Active", responseContent: { cardNumber: 42 } });
      expect(await two.incoming()).toMatchObject({
        status: "Completed",
        response: { source: { type: "Relationship", reference: id } },
      });
      expect(await two.initiator.account.intents.list()).toEqual([]);
      expect(await two.initiator.account.deadLetters.list()).toEqual([]);
      const content = { "@type": "ArbitraryMessageContent", value: { hello: 1 } };
      await two.initiator.account.messages.send({ recipients: [two.templator.account.address], content });
      expect((await two.templator.account.sync()).messages).toMatchObject([{ content }]);
    },
  );

  test("is adopted, and not made a second time, when the peer rejects it", async () => {
    const two = await unheard("after");
    await two.templator.account.sync();
    const { id } = only(await two.templator.account.relationships.find());
    await two.templator.account.relationships.reject(id);

    await two.initiator.account.sync();
    await two.templator.account.sync();

    expect(await both({ ...two, id })).toMatchObject({ status: "Rejected" });
    expect(await two.templator.account.relationships.find()).toHaveLength(1);
    expect(await two.initiator.account.relationships.find()).toHaveLength(1);
    expect(await two.initiator.account.intents.list()).toEqual([]);
  });

  test("ends refused when what exists turns out to be the peer's own creation", async () => {
    const two = await unheard("before");
    const { account } = two.initiator;
    const other = await account.templates.create({ content: arbitrary, expiresAt: onDay(9) });
    await two.templator.account.templates.load({ reference: other.reference.truncated });
    await two.templator.account.relationships.create({ templateId: other.id, creationContent: greeting });

    await account.sync();

    expect(await account.intents.list()).toEqual([]);
    expect(await two.incoming()).toMatchObject({ status: "Decided", deliveryError: { code: expect.any(String) } });
    expect(await account.relationships.find()).toMatchObject([{ templateId: other.id, status: "Pending" }]);
  });

  test("that is refused at its first try is refused as ever", async () => {
    const { options } = shaky();
    const two = await couple({ templator: options, initiator: options });
    const request = await loadRequest(two.initiator.account, two.template);
    const other = await two.initiator.account.templates.create({ content: arbitrary, expiresAt: onDay(9) });
    await two.templator.account.templates.load({ reference: other.reference.truncated });
    await two.templator.account.relationships.create({ templateId: other.id, creationContent: greeting });

    const decided = await two.initiator.account.requests.incoming.accept(request.id, yes);

    expect(decided).toMatchObject({ status: "Decided", deliveryError: { code: expect.any(String) } });
    expect(await two.initiator.account.intents.list()).toEqual([]);
  });
});
