import type { Query } from "rapport/core";
import { createMemoryStore } from "rapport/plugins/storage-memory";
import { expect, test } from "vitest";
import { openRelay } from "./parties.ts";

test("a call that was committed is answered even if sweeping after it fails (W1)", async () => {
  const memory = createMemoryStore();
  const asked: string[] = [];
  const find: typeof memory.find = (query: Query) => {
    asked.push(query.under);
    if (query.under === "relay/challenge") throw new Error("The store cannot be read just now.");
    return memory.find(query);
  };
  const logged: string[] = [];
  const log = { write: (_level: string, message: string) => logged.push(message) };
  const { anonymous } = await openRelay({ store: { ...memory, find }, log });

  const answer = await anonymous.call("createChallenge", { body: {} });

  expect(answer).toMatchObject({ ok: true, status: 201 });
  expect(asked).toContain("relay/challenge");
  expect(logged).toEqual(["Erasing failed. It is tried again later."]);
});
