import { describe, expect, test } from "vitest";
import { active, ask, both, couple, loadRequest, only, structured, yes } from "../services/scenes.ts";

import { finish, shaky } from "./lost-calls.ts";

describe("our own relay after seven days, when it has forgotten its keys", () => {
  const ours = () => shaky((transport) => transport);
  const eightDays = 8 * 24 * 60 * 60 * 1000;

  test("a Message that had arrived is not sent again", async () => {
    const { options, lose, heal } = ours();
    const two = await active({ templator: options });
    const content = { "@type": "ArbitraryMessageContent", value: 1 };
    lose("createMessage", "after", "all");
    const recipients = [two.initiator.account.address];
    await expect(two.templator.account.messages.send({ recipients, content })).rejects.toThrow();
    two.world.clock.advance(eightDays);
    heal();

    await finish(two.templator, "sync");

    expect((await two.initiator.account.sync()).messages).toHaveLength(1);
    expect(await two.templator.account.messages.find()).toHaveLength(1);
  });

  test("a Message that had not arrived is sent", async () => {
    const { options, lose, heal } = ours();
    const two = await active({ templator: options });
    lose("createMessage", "before", "all");
    const recipients = [two.initiator.account.address];
    const request = await two.templator.account.requests.outgoing.create({ content: ask(), peer: recipients[0] ?? "" });
    await expect(two.templator.account.messages.send({ recipients, content: request.content })).rejects.toThrow();
    two.world.clock.advance(eightDays);
    heal();

    await finish(two.templator, "restart");

    expect((await two.initiator.account.sync()).messages).toHaveLength(1);
    expect(await two.templator.account.requests.outgoing.get(request.id)).toMatchObject({ status: "Open" });
  });

  test("a creation that had arrived is adopted", async () => {
    const { options, lose, heal } = ours();
    const two = await couple({ content: structured(), initiator: options });
    const request = await loadRequest(two.initiator.account, two.template);
    lose("createRelationship", "after", "all");
    await expect(two.initiator.account.requests.incoming.accept(request.id, yes)).rejects.toThrow();
    two.world.clock.advance(eightDays);
    heal();
    await two.initiator.account.sync();
    expect(await two.initiator.account.intents.list()).toMatchObject([{ inDoubt: true }]);
    await two.templator.account.sync();
    const { id } = only(await two.templator.account.relationships.find());
    await two.templator.account.relationships.accept(id);

    await finish(two.initiator, "sync");

    expect(await both({ ...two, id })).toMatchObject({ status: "Active" });
    expect(await two.initiator.account.requests.incoming.get(request.id)).toMatchObject({ status: "Completed" });
  });

  test("before that it is simply asked again, without a look", async () => {
    const { options, lose, heal } = ours();
    const two = await active({ templator: options });
    lose("terminateRelationship", "after", "all");
    await expect(two.templator.account.relationships.terminate(two.id)).rejects.toThrow();
    heal();
    const before = two.world.calls.length;

    await finish(two.templator, "restart");

    expect(two.world.calls.slice(before).map(({ operation }) => operation)).toEqual(["terminateRelationship"]);
  });
});
