// The stores of earlier releases, opened by the engine and the relay of today (docs/decisions/0014).
import { openPast } from "rapport";
import type { Document } from "rapport/core";
import { incomingRequestChart, outgoingRequestChart, relationshipChart } from "rapport/machines";
import { createRuleTable, type RuleTableConfig } from "rapport/plugins/rules-table";
import { describe, expect, test } from "vitest";
import { assertFinished, assertInvariants, goOn, partForGood, wakeUp } from "./going-on.ts";
import { copyOf, grounds, kindOf } from "./golden-copies.ts";
import { goldenStory, goldenVersions, goldenViews } from "./golden-versions.ts";
import { openHouses } from "./houses.ts";
import { allViews } from "./views.ts";
import { plain } from "./wire-journal.ts";

const dayMs = 24 * 60 * 60 * 1000;
const cases = goldenVersions.flatMap((version) => grounds.map((ground) => ({ version, ground })));
const versionByMachine = new Map(
  [relationshipChart, incomingRequestChart, outgoingRequestChart].map(({ name, version }) => [name, version]),
);

describe.for(cases)("$ground of $version", ({ version, ground }) => {
  const { story } = goldenStory(version);
  const { endedAt, views } = goldenViews(version, kindOf(ground));
  const opening = { plans: story.houses, seed: story.seed + 100, startsAt: endedAt };

  test("shows without a relay what it showed then", async () => {
    await using copy = await copyOf(version, ground);
    await using houses = await openHouses({ ...opening, place: copy.place, line: "cut" });

    expect(await allViews(houses)).toEqual(views);
  });

  test("is read without an engine: every decision is explained, and judged again as it was", async () => {
    await using copy = await copyOf(version, ground);
    const before = await copy.documents("home");
    {
      await using past = await openPast(copy.place.past("home"));
      const [reader] = (await past.accounts()).filter(({ name }) => name === "reader");
      const [then] = views.filter((view) => plain(view)?.["person" as never] === "reader");
      const shown = then as unknown as { incoming: readonly { id: string }[]; explained: readonly object[] };

      const config = story.houses.find(({ name }) => name === "home")?.rules as unknown as RuleTableConfig;
      const { rule } = createRuleTable(config);
      for (const [at, { id }] of shown.incoming.entries()) {
        const explained = await past.explain(String(reader?.id), id, [rule]);
        // Without an engine nobody knows which rules it has now.
        expect(plain(explained)).toEqual({ ...shown.explained[at], rulesChanged: undefined });
      }
      const changed = [];
      let count = 0;
      for await (const tried of past.tryRules(String(reader?.id), { rules: [rule] })) {
        count += 1;
        if (["changed", "notJudgeable"].includes(tried.result)) changed.push(tried);
      }
      expect(count).toBeGreaterThan(5);
      expect(changed).toEqual([]);
    }
    expect(await copy.documents("home")).toEqual(before);
  });

  test("goes on: what was open ends, both sides agree, and what is written has today's versions", async () => {
    await using copy = await copyOf(version, ground);
    const before = await statesOf(copy);
    {
      await using houses = await openHouses({ ...opening, place: copy.place, isTaking: true });
      const people = await wakeUp(houses);
      await assertFinished(people);
      await assertInvariants(people);
      await goOn(houses, people);
      await assertInvariants(people);
    }
    const after = await statesOf(copy);
    const written = [...after].filter(([key, state]) => before.get(key) !== state);
    const machines = written.map(([key, text]) => {
      const { machine, version } = JSON.parse(text);
      expect([key, version]).toEqual([key, versionByMachine.get(machine)]);
      return machine;
    });
    expect(new Set(machines)).toEqual(new Set(versionByMachine.keys()));

    const startsAt = new Date(Date.parse(endedAt) + 100 * dayMs).toISOString();
    await using houses = await openHouses({ ...opening, seed: opening.seed + 100, startsAt, place: copy.place });
    const people = await wakeUp(houses);
    await partForGood(people);
    await assertInvariants(people);
  });
});

/** Every state by the key of its document, as JSON. */
async function statesOf(copy: Awaited<ReturnType<typeof copyOf>>): Promise<Map<string, string>> {
  const states = new Map<string, string>();
  for (const name of ["shop", "home", "relay"]) {
    for (const [key, document] of await copy.documents(name)) {
      const state = stateIn(document);
      if (state !== undefined) states.set(key, JSON.stringify(state));
    }
  }
  return states;
}

function stateIn({ state }: Document): unknown {
  return typeof state === "object" && state !== null && "machine" in state ? state : undefined;
}
