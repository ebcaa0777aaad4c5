// What is valid is told by the Connector's clock, not by the machine's (spec/connector-api.md 1.11).
import { expect, onTestFinished, test } from "vitest";
import { handClock } from "./access/hand-clock.ts";
import { all, create, idsOf, ownShared, share, valued } from "./attribute-calls.ts";
import { befriend } from "./friends.ts";
import { openStage } from "./stage.ts";

test("an attribute is valid from its first instant to its last", async () => {
  const clock = handClock(new Date(Date.now() - 1000).toISOString());
  const stage = await openStage(clock);
  onTestFinished(() => stage[Symbol.asyncDispose]());
  const [alice, bob] = [await stage.actor("alice"), await stage.actor("bob")];
  await befriend(alice, bob);
  const inHours = (hours: number) => new Date(clock.now() + hours * 3_600_000).toISOString();
  const within = { validFrom: inHours(-1), validTo: inHours(1) };
  const own = await create(alice, valued("GivenName", "Ann", within));
  await share(alice, bob, own);
  const later = inHours(2);

  expect(idsOf(await all(alice, "/Valid"))).toContain(own.id);
  expect(await ownShared(alice, bob, "&onlyValid=true")).toHaveLength(1);
  clock.to(later);

  expect(await all(alice, "/Valid")).toEqual([]);
  expect(await ownShared(alice, bob, "&onlyValid=true")).toEqual([]);
  expect(await ownShared(alice, bob)).toHaveLength(1);
});
