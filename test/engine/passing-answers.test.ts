// Answers that say nothing about the call itself: it is repeated later, and its intent stays open until then.
import type { Answer, Call } from "rapport/core";
import { createWorld, type PersonOptions } from "rapport/testkit";
import { expect, test } from "vitest";
import { arbitrary, onDay, only } from "../services/scenes.ts";

const refusal = (status: number, code: string): Answer => ({
  ok: false,
  status,
  error: { code, message: "As planned." },
  rapport: false,
});

/** Somebody whose next calls that create a template are answered by these, and only then by the relay. */
async function answered(...answers: ((relay: () => Promise<Answer>) => Promise<Answer>)[]) {
  const world = await createWorld();
  let tries = 0;
  const options: PersonOptions = {
    transport: (transport) => ({
      ...transport,
      call: (call: Call, session) => {
        const relay = () => transport.call(call, session);
        if (call.operation !== "createTemplate") return relay();
        tries += 1;
        return (answers.shift() ?? ((ask) => ask()))(relay);
      },
    }),
  };
  const { account } = await world.person("somebody", options);
  const create = () => account.templates.create({ content: arbitrary, expiresAt: onDay(9) });
  return { account, create, tries: () => tries };
}

const saying = (answer: Answer) => async () => answer;
const busy = saying(refusal(429, "error.platform.unexpected"));

test("a relay that wants fewer calls is asked again", async () => {
  const { create, tries } = await answered(busy, busy);

  expect(await create()).toMatchObject({ isOwn: true });
  expect(tries()).toBe(3);
});

test("a relay that goes on wanting fewer leaves the intent open", async () => {
  const { account, create } = await answered(busy, busy, busy);

  await expect(create()).rejects.toMatchObject({ code: "relay.unreachable" });

  expect(await account.intents.list()).toHaveLength(1);
});

test("an exhausted quota is a refusal", async () => {
  const { account, create, tries } = await answered(saying(refusal(429, "error.platform.quotaExhausted")));

  await expect(create()).rejects.toMatchObject({ code: "error.platform.quotaExhausted" });

  expect(tries()).toBe(1);
  expect(await account.intents.list()).toEqual([]);
});

test("who is not let in at a repetition may have been let in before: the intent stays open", async () => {
  const locked = saying(refusal(401, "error.platform.unauthorized"));
  const lost = async (relay: () => Promise<Answer>) => {
    await relay();
    return refusal(502, "error.platform.unexpected");
  };
  const { account, create } = await answered(lost, locked, locked);

  await expect(create()).rejects.toMatchObject({ code: "relay.unreachable" });
  await account.sync();

  expect(await account.intents.list()).toEqual([]);
  only(await account.templates.find());
});

test("who is not let in at the first try is refused", async () => {
  const { account, create } = await answered(saying(refusal(401, "error.platform.unauthorized")));

  await expect(create()).rejects.toMatchObject({ code: "error.platform.unauthorized" });

  expect(await account.intents.list()).toEqual([]);
});
