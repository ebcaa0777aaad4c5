// A Response that was refused by the relay has given nothing, so what it gave is not shared; found by `rapport simulate`.
import type { JsonObject, TransportPort } from "rapport/core";
import { expect, test } from "vitest";
import { active, arbitrary } from "../services/scenes.ts";

const query = { "@type": "IdentityAttributeQuery", valueType: "GivenName" };
const item = { "@type": "ReadAttributeRequestItem", mustBeAccepted: true, query };

const refusal = {
  ok: false,
  status: 400,
  error: { code: "error.platform.validation.message.maxNumberOfUnreceivedMessagesReached", message: "Not now." },
  rapport: true,
} as const;

/** Ann gave her name in a Response that the relay refused. */
async function refusedOnce() {
  const relay = { refuses: false };
  const transport = (open: TransportPort): TransportPort => ({
    ...open,
    call: async (call, session) =>
      relay.refuses && call.operation === "createMessage" ? refusal : open.call(call, session),
  });
  const two = await active({ content: arbitrary, initiator: { transport } });
  const [asker, ann] = [two.templator.account, two.initiator.account];
  const name = await ann.attributes.create({ content: { value: { "@type": "GivenName", value: "Ann" } } });
  const ask = async () => {
    const { id, content } = await asker.requests.outgoing.create({
      content: { "@type": "Request", items: [item] },
      peer: ann.address,
    });
    await asker.messages.send({ recipients: [ann.address], content });
    await ann.sync();
    return id;
  };
  const give = (id: string) =>
    ann.requests.incoming.accept(id, { items: [{ accept: true, existingAttributeId: name.id }] });
  const first = await ask();
  relay.refuses = true;
  const undelivered = await give(first);
  relay.refuses = false;
  return { two, asker, ann, ask, give, first, undelivered, name };
}

const answerTo = ({ response }: { readonly response?: unknown }) =>
  (response as { readonly content: { readonly items: readonly JsonObject[] } }).content.items[0]?.["@type"];

test("what a refused Response gave is given by the next one", async () => {
  const { two, asker, ask, give, undelivered, name } = await refusedOnce();
  await using _world = two;

  const next = await give(await ask());
  await asker.sync();

  expect(undelivered).toMatchObject({ status: "Decided", deliveryError: { code: expect.any(String) } });
  expect(answerTo(next)).toBe("ReadAttributeAcceptResponseItem");
  expect(await asker.attributes.find()).toMatchObject([{ id: name.id, "@type": "PeerIdentityAttribute" }]);
});

test("what a refused Response gave is shared once it is delivered after all", async () => {
  const { two, asker, ann, ask, give, first, name } = await refusedOnce();
  await using _world = two;

  await ann.requests.incoming.deliver(first);
  await asker.sync();
  const next = await give(await ask());

  expect(await asker.attributes.find()).toMatchObject([{ id: name.id, "@type": "PeerIdentityAttribute" }]);
  expect(answerTo(next)).toBe("AttributeAlreadySharedAcceptResponseItem");
});
