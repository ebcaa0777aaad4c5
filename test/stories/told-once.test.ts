// What syncs and deliveries that were cut off must not lose, tell twice or change; planted bugs showed that nothing asked.
import { fault, type Plugin, Publisher, type PublisherPort } from "rapport/core";
import { createWorld, unreliable } from "rapport/testkit";
import { expect, test } from "vitest";
import { active, arbitrary, ask, greeting, listen, no, onDay, only } from "../services/scenes.ts";

/** A way to the relay on which calls of one operation get lost while `down.operation` names it. */
function breakable() {
  const down: { operation?: string | undefined } = {};
  const isDown = ({ operation }: { operation: string }) => (operation === down.operation ? "unsent" : undefined);
  return { down, options: { transport: (inner: Parameters<typeof unreliable>[0]) => unreliable(inner, isDown) } };
}

test("what a peer's event led to is told once, though the relay offers the event again (O1)", async () => {
  const { down, options } = breakable();
  await using two = await active({ content: arbitrary, initiator: options });
  const { templator, initiator, id } = two;
  const ear = listen(initiator.account);
  await templator.account.deletion.start();

  down.operation = "finalizeExternalEventSync";
  await expect(initiator.account.sync()).rejects.toMatchObject({ code: "relay.unreachable" });
  down.operation = undefined;
  await initiator.account.sync();

  expect(ear.data("transport.peerToBeDeleted")).toMatchObject([{ id }]);
});

test("a sync brings everything, however many pages of events the relay has", async () => {
  await using two = await active({ content: arbitrary });
  const { templator, initiator, id, world } = two;
  const { relationships } = initiator.account;
  const friend = await world.person("friend");
  const offer = await friend.account.templates.create({ content: arbitrary, expiresAt: onDay(30) });
  await templator.account.templates.load({ reference: offer.reference.truncated });
  await templator.account.relationships.create({ templateId: offer.id, creationContent: greeting });
  await friend.account.sync();
  await friend.account.relationships.accept(only(await friend.account.relationships.find()).id);
  await templator.account.sync();

  await relationships.terminate(id);
  for (let round = 0; round < 30; round += 1) {
    await relationships.requestReactivation(id);
    await relationships.revokeReactivation(id);
  }
  const content = { "@type": "ArbitraryMessageContent", value: "the last event" };
  await friend.account.messages.send({ recipients: [templator.account.address], content });

  const { messages } = await templator.account.sync();
  expect(messages).toMatchObject([{ content }]);
});

test("a Response that is delivered later says what was decided (Q1)", async () => {
  const { down, options } = breakable();
  await using two = await active({ initiator: options });
  const { templator, initiator } = two;
  const { incoming } = initiator.account.requests;
  const peer = initiator.account.address;
  const { content, id } = await templator.account.requests.outgoing.create({ content: ask(), peer });
  await templator.account.messages.send({ recipients: [peer], content });
  await initiator.account.sync();
  down.operation = "createMessage";
  await expect(incoming.reject(id, no)).rejects.toMatchObject({ code: "relay.unreachable" });
  const decided = (await incoming.get(id)).response?.content;
  await initiator.account.intents.cancel(only(await initiator.account.intents.list()).id);

  down.operation = undefined;
  await incoming.deliver(id);
  await templator.account.sync();

  expect(decided).toMatchObject({ result: "Rejected" });
  expect((await templator.account.requests.outgoing.get(id)).response?.content).toEqual(decided);
});

test("listeners hear of nothing that was not committed (O1)", async () => {
  let isFull = false;
  await using two = await active({
    content: arbitrary,
    templator: {
      store: (store) => ({
        ...store,
        commit: (batch) => {
          if (isFull) throw fault("store.full", "The disk is full, as planned.");
          return store.commit(batch);
        },
        [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
      }),
    },
  });
  const { account } = two.templator;
  const ear = listen(account);

  isFull = true;
  const value = { "@type": "GivenName", value: "Mara" };
  await expect(account.attributes.create({ content: { value } })).rejects.toMatchObject({ code: "store.full" });
  isFull = false;
  await account.attributes.create({ content: { value } });

  expect(ear.names().filter((name) => name === "consumption.attributeCreated")).toHaveLength(1);
});

test("an event that its publisher never takes is kept as a dead letter", async () => {
  const refusing: PublisherPort = {
    name: "hook",
    attemptsMax: 3,
    publish: async () => {
      throw new Error("Not now, as planned.");
    },
  };
  const plugin: Plugin = { name: "hook", register: ({ contribute }) => contribute(Publisher, () => refusing) };
  await using world = await createWorld();
  const { account } = await world.person("ann", { plugins: [plugin] });

  await account.attributes.create({ content: { value: { "@type": "GivenName", value: "Mara" } } });
  for (let round = 0; round < 1000 && (await account.deadLetters.list()).length === 0; round += 1)
    await new Promise((resolve) => setImmediate(resolve));

  expect(await account.deadLetters.list()).toMatchObject([{ code: "limit.reached", delivery: { publisher: "hook" } }]);
});
