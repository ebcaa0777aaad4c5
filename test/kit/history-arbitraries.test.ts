// Histories for worlds of one's own: they can be played, get somewhere, and are the same again in the same world.
import fc from "fast-check";
import { expect, test } from "vitest";
import { arbitraryHistory, playHistory } from "./history-arbitraries.ts";
import { createWorld } from "./world.ts";

async function played(history: Parameters<typeof playHistory>[2]) {
  const world = await createWorld(7);
  try {
    const people = [await world.person("ann"), await world.person("bob")];
    const outcomes = await playHistory(world, people, history);
    for (const { account } of people) await account.sync();
    for (const { account } of people) await account.sync();
    const seen = await Promise.all(people.map(({ account }) => account.relationships.find()));
    return { outcomes, logs: seen.map((held) => held.map(({ id, auditLog }) => ({ id, auditLog }))) };
  } finally {
    await world[Symbol.asyncDispose]();
  }
}

test("a history is played to its end, the same again from the same seed, and both people agree afterwards", async () => {
  const outcomes = new Set<string>();
  const statuses: number[] = [];

  await fc.assert(
    fc.asyncProperty(arbitraryHistory(2, 20), async (history) => {
      const first = await played(history);

      expect(first.outcomes).toHaveLength(history.length);
      expect(await played(history)).toEqual(first);
      const [ann = [], bob = []] = first.logs;
      expect(ann).toEqual(bob);
      for (const outcome of first.outcomes) outcomes.add(outcome);
      statuses.push(ann.length);
    }),
    { numRuns: 30 },
  );

  expect(outcomes).toContain("done");
  expect(Math.max(...statuses)).toBeGreaterThan(0);
});
