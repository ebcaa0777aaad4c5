// Messages that cannot be read any more (spec/backbone-protocol.md 14).
import { readFileSync } from "node:fs";
import type { JsonObject, TransportPort } from "rapport/core";
import { expect, test } from "vitest";
import { active, listen } from "../services/scenes.ts";

const vectors = JSON.parse(readFileSync(new URL("../fixtures/crypto-vectors.json", import.meta.url), "utf8"));
const content = { "@type": "ArbitraryMessageContent", value: 1 };

/** A relay that has erased whoever wrote the Messages. */
const erasing = (createdBy: string) => (transport: TransportPort) => ({
  ...transport,
  call: async (...[call, session]: Parameters<TransportPort["call"]>) => {
    const answer = await transport.call(call, session);
    if (call.operation !== "getMessage" || !answer.ok) return answer;
    return { ...answer, result: { ...(answer.result as JsonObject), createdBy } };
  },
});

async function receivedFrom(createdBy: string) {
  const two = await active({ initiator: { transport: erasing(createdBy) } });
  const heard = listen(two.initiator.account);
  await two.templator.account.messages.send({ recipients: [two.initiator.account.address], content });
  const { messages } = await two.initiator.account.sync();
  return { ...two, heard, messages };
}

test("one whose sender was erased before it was read is gone, which is logged, and nothing waits for it", async () => {
  const { world, initiator, heard, messages } = await receivedFrom(vectors.addressServerPseudonym.address);

  expect(messages).toEqual([]);
  expect(heard.names()).toEqual([]);
  expect(await initiator.account.deadLetters.list()).toEqual([]);
  expect(world.warnings).toEqual(["A Message is gone: its sender was erased before it was read."]);
  expect((await initiator.account.sync()).messages).toEqual([]);
  expect(world.warnings).toHaveLength(1);
});

test("one of a stranger is kept as a dead letter", async () => {
  const { initiator } = await receivedFrom("did:e:localhost:dids:946c46db7dee9ed93f8bda");

  expect(await initiator.account.deadLetters.list()).toMatchObject([{ code: "error.transport.recordNotFound" }]);
});
