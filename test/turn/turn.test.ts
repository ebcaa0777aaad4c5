import { createMemoryStore } from "rapport/plugins/storage-memory";
import { expect, test } from "vitest";
import { takeTurn } from "../../src/turn/turn.ts";
import { createHandClock } from "../kit/hand-clock.ts";

test("a turn that reads one document twice at the same time sees one version of it, whatever happens in between", async () => {
  const memory = createMemoryStore();
  await memory.open([]);
  await memory.commit({ puts: [{ key: "acme/thing/1", document: { value: "old" } }] });
  let reads = 0;
  const get = async (key: string) => {
    reads += 1;
    if (reads === 2) await memory.commit({ puts: [{ key, document: { value: "new" } }] });
    return memory.get(key);
  };
  const seen: unknown[] = [];

  const taken = await takeTurn(
    { store: { ...memory, get: get as typeof memory.get }, clock: createHandClock() },
    {
      gather: ({ get: read }) => Promise.all([read("acme/thing/1"), read("acme/thing/1")]),
      plan: (both) => {
        seen.push(both.map((stored) => stored?.document["value"]));
        return { ok: true, value: { value: "done", puts: [{ key: "acme/thing/2", document: {} }] } };
      },
    },
  );

  expect(taken).toMatchObject({ ok: true, value: "done" });
  expect(seen).toEqual([
    ["old", "old"],
    ["new", "new"],
  ]);
});
