// What the one who stays has left of a Relationship that the other one has decomposed (spec/backbone-protocol.md 12.1).
import { expect, test } from "vitest";
import { bring, openRelay } from "./parties.ts";

const months = 90 * 24 * 60 * 60 * 1000;

test("who stays reads all that was there before, however long, and can leave in the end", async () => {
  const world = await openRelay();
  const [from, to] = [await world.party(), await world.party()];
  const id = await bring(from, to, "Terminated");
  const { creationContent, creationResponseContent } = await to.ok("getRelationship", { id });

  await from.ok("decomposeRelationship", { id });
  world.clock.advance(months);
  await world.relay.admin.runDueTimers();

  expect(creationContent).not.toBeNull();
  expect(await to.ok("getRelationship", { id })).toMatchObject({ creationContent, creationResponseContent });
  await to.ok("decomposeRelationship", { id });
});
