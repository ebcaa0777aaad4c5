// What becomes of attributes when the Response that speaks of them expires before it has left (spec/domain.md 4.2, 12 #14).
import type { TransportPort } from "rapport/core";
import { unreliable } from "rapport/testkit";
import { expect, test } from "vitest";
import { create, customer, name, share } from "../items/contents.ts";
import { active, arbitrary, ask, type CoupleOptions, couple, loadRequest, onDay, only, structured } from "./scenes.ts";

const dayMs = 24 * 60 * 60 * 1000;
const items = [create(name()), create(customer())].map((item) => ({ ...item, mustBeAccepted: true }));
const content = structured({ onNewRelationship: ask({ items }) });
const both = { items: [{ accept: true }, { accept: true }] } as const;

/** The initiator accepts a template's Request on the day on which the template is gone. */
async function tooLate(options: CoupleOptions = {}) {
  const two = await couple({ content, expiresAt: onDay(2), ...options });
  const [asker, answerer] = [two.templator.account, two.initiator.account];
  const { id } = await loadRequest(answerer, two.template);
  two.world.clock.advance(2 * dayMs);
  const decided = await answerer.requests.incoming.accept(id, both).catch((problem) => problem);
  return { ...two, asker, answerer, id, decided };
}

test("what the peer never heard of is taken back, and the next Request finds nothing in its way", async () => {
  await using two = await tooLate();
  const { asker, answerer, id, world } = two;
  expect(two.decided.status).toBe("Decided");
  expect(await answerer.attributes.find({ "@type": "OwnRelationshipAttribute" })).toHaveLength(1);
  world.clock.advance(1);

  await answerer.requests.incoming.delete(id);

  const mine = only(await answerer.attributes.find());
  expect(mine).toMatchObject({ "@type": "OwnIdentityAttribute", numberOfForwards: 0 });
  const template = await asker.templates.create({ content, expiresAt: onDay(5) });
  const again = await loadRequest(answerer, template);
  const { response } = await answerer.requests.incoming.accept(again.id, both);
  expect(response?.content["items"]).toMatchObject([
    { "@type": "CreateAttributeAcceptResponseItem", attributeId: mine.id },
    { "@type": "CreateAttributeAcceptResponseItem" },
  ]);
  await asker.sync();
  expect(await asker.attributes.receivedFrom(answerer.address)).toHaveLength(2);
});

test("what may have reached the peer stays, however late the relay answers", async () => {
  let isCut = true;
  await using two = await couple({
    content,
    expiresAt: onDay(2),
    initiator: {
      transport: (transport) =>
        unreliable(transport, ({ operation }) => (isCut && operation === "createRelationship" ? "after" : undefined)),
    },
  });
  const [asker, answerer] = [two.templator.account, two.initiator.account];
  const { id } = await loadRequest(answerer, two.template);
  await answerer.requests.incoming.accept(id, both).catch(() => undefined);
  two.world.clock.advance(3 * dayMs);

  expect((await answerer.requests.incoming.get(id)).status).toBe("Expired");
  isCut = false;
  await answerer.sync();
  await asker.sync();

  const shared = await answerer.attributes.ownSharedWith(asker.address);
  const received = await asker.attributes.receivedFrom(answerer.address);
  expect(shared.map((one) => one.id).sort()).toEqual(received.map((one) => one.id).sort());
  expect(shared).toHaveLength(2);
});

test("what a peer gave by Message goes, too, when the answer that takes it cannot be sent", async () => {
  const error = { code: "error.platform.validation.message.maxNumberOfUnreceivedMessagesReached", message: "Full." };
  const full = (transport: TransportPort): TransportPort => ({
    ...transport,
    call: async (call, session) =>
      call.operation === "createMessage"
        ? { ok: false, status: 400, error, rapport: true }
        : transport.call(call, session),
  });
  await using two = await active({ content: arbitrary, initiator: { transport: full } });
  const [giver, taker] = [two.templator.account, two.initiator.account];
  const { id: given, content: fact } = await giver.attributes.create({
    content: name("Iris", { owner: giver.address }),
  });
  const item = { ...share(given, fact), mustBeAccepted: true };
  const request = ask({ items: [item], expiresAt: onDay(2) });
  const draft = await giver.requests.outgoing.create({ content: request, peer: taker.address });
  await giver.messages.send({ recipients: [taker.address], content: draft.content });
  await taker.sync();
  const decided = await taker.requests.incoming.accept(draft.id, { items: [{ accept: true }] });
  expect(decided.status).toBe("Decided");
  expect(await taker.attributes.find()).toHaveLength(1);

  two.world.clock.advance(3 * dayMs);

  expect((await taker.requests.incoming.get(draft.id)).status).toBe("Expired");
  expect(await taker.attributes.find()).toEqual([]);
});
