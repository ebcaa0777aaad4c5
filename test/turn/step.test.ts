import { hasCode } from "rapport/core";
import { createdRelationship, pathOf, receivedRequest, relationshipChart } from "rapport/machines";
import { describe, expect, test } from "vitest";
import { type AnyMachineSnapshot, transition } from "xstate";
import { beginning, hasTag, step } from "../../src/turn/step.ts";
import { eachChart } from "../machines/samples.ts";

describe("the compiled table equals XState", () => {
  eachChart(({ chart, contexts, facts }) => {
    test(`for every state, fact and context of ${chart.name}`, () => {
      for (const { value, name } of chart.leaves.values()) {
        for (const context of contexts) {
          const before = chart.machine.resolveState({ value, context });
          for (const fact of facts) {
            const ours = step(chart, { ...beginning(chart, context), value }, fact);
            const [next, actions]: [AnyMachineSnapshot, readonly { type: string; params: unknown }[]] = transition(
              chart.machine,
              before,
              fact,
            );

            const heard = next !== before || actions.length > 0;
            expect(ours.ok, `${name} ${fact.type}`).toBe(heard);
            if (!ours.ok) continue;
            expect({ value: ours.next.value, context: ours.next.context }).toEqual({
              value: next.value,
              context: next.context,
            });
            expect(ours.effects).toEqual(actions.map(({ type, params }) => (params ? { type, params } : { type })));
          }
        }
      }
    });

    test(`for both outcomes of every guard of ${chart.name}`, () => {
      for (const leaf of chart.leaves.values()) {
        for (const [type, rows] of leaf.rows) {
          for (const { guard, holds } of rows.filter((row) => row.holds !== undefined)) {
            const outcomes = new Set<boolean | undefined>();
            for (const context of contexts) {
              for (const event of facts.filter((fact) => fact.type === type)) outcomes.add(holds?.({ context, event }));
            }
            expect(outcomes, `${leaf.name} ${type} ${guard}`).toEqual(new Set([true, false]));
          }
        }
      }
    });

    test(`for the tags of every state of ${chart.name}`, () => {
      for (const { value, tags, name } of chart.leaves.values()) {
        const snapshot: AnyMachineSnapshot = chart.machine.resolveState({ value, context: contexts[0] });
        expect([...tags].sort(), name).toEqual([...snapshot.tags].sort());
      }
    });
  });
});

describe("an envelope", () => {
  test("survives JSON and is not changed by a step", () => {
    const stored = JSON.stringify(createdRelationship());
    const envelope = JSON.parse(stored);

    const taken = step(relationshipChart, envelope, { type: "creation.accepted", by: "templator" });

    expect(taken).toMatchObject({ ok: true, next: { machine: "relationship", version: 1, value: "Active" } });
    expect(JSON.stringify(envelope)).toBe(stored);
  });

  test("of a newer version is the fault store.newerVersion, with both numbers", () => {
    const newer = { ...createdRelationship(), version: relationshipChart.version + 1 };

    const asking = () => step(relationshipChart, newer, { type: "creation.accepted", by: "templator" });

    expect(asking).toThrowError(expect.toSatisfy((error) => hasCode(error, "store.newerVersion")));
    expect(asking).toThrowError(/version 2.*versions up to 1/);
  });

  test("of a version that never was, of another machine, or in an unknown state is a bug", () => {
    const fact = { type: "creation.accepted", by: "templator" } as const;
    const bug = expect.objectContaining({ name: "Bug" });

    expect(() => step(relationshipChart, { ...createdRelationship(), version: 0 }, fact)).toThrowError(bug);
    expect(() =>
      step(
        relationshipChart,
        { ...createdRelationship(), machine: receivedRequest("Message", undefined).machine },
        fact,
      ),
    ).toThrowError(bug);
    expect(() =>
      step(relationshipChart, JSON.parse('{"machine":"relationship","version":1,"value":"Gone"}'), fact),
    ).toThrowError(bug);
    expect(() =>
      step(relationshipChart, JSON.parse('{"machine":"relationship","version":1,"value":{}}'), fact),
    ).toThrowError(bug);
  });

  test("answers for its tags, those of the outer state included", () => {
    const open = { ...createdRelationship(), value: { Terminated: "requestedByTemplator" } } as const;

    expect(pathOf(open.value)).toBe("Terminated.requestedByTemplator");
    expect(hasTag(relationshipChart, open, "reactivationOpen")).toBe(true);
    expect(hasTag(relationshipChart, open, "existing")).toBe(true);
    expect(hasTag(relationshipChart, open, "messages")).toBe(false);
  });
});
