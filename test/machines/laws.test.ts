import { isCode } from "rapport/core";
import { pathOf } from "rapport/machines";
import { describe, expect, test } from "vitest";
import type { AnyStateNode } from "xstate";
import { getShortestPaths } from "xstate/graph";
import { beginning, step } from "../../src/turn/step.ts";
import { eachChart } from "./samples.ts";

eachChart(({ chart, contexts, facts }) => {
  describe(`the chart ${chart.name}`, () => {
    const nodes = allNodes(chart.machine.root);

    test("reaches every state", () => {
      const reached = new Set<string>();
      for (const context of contexts) {
        const fromState = chart.machine.resolveState({ value: beginning(chart, context).value, context });
        const paths = getShortestPaths(chart.machine, { events: facts, fromState });
        for (const { state } of paths) reached.add(pathOf(state.value));
      }

      expect([...reached].sort()).toEqual([...chart.leaves.keys()].sort());
    });

    test("takes every transition on a walk from the beginning", () => {
      const taken = new Set<string>();
      for (const context of contexts) {
        const fromState = chart.machine.resolveState({ value: beginning(chart, context).value, context });
        for (const { state } of getShortestPaths(chart.machine, { events: facts, fromState })) {
          const leaf = chart.leaves.get(pathOf(state.value));
          for (const event of facts) {
            const rows = leaf?.rows.get(event.type) ?? [];
            const at = rows.findIndex(({ holds }) => holds?.({ context: state.context, event }) ?? true);
            if (at >= 0) taken.add(`${leaf?.name} ${event.type} ${at}`);
          }
        }
      }

      const all = [...chart.leaves.values()].flatMap(({ name, rows }) =>
        [...rows].flatMap(([type, candidates]) => candidates.map((_, at) => `${name} ${type} ${at}`)),
      );
      expect([...taken].sort()).toEqual(all.sort());
    });

    test("is mute at every end", () => {
      const ends = nodes.filter((node) => node.type === "final").map((node) => node.path.join("."));
      const tagged = [...chart.leaves.values()].filter(({ tags }) => tags.has("final")).map(({ name }) => name);
      expect(tagged).toEqual(ends);
      expect(ends).not.toEqual([]);

      for (const end of ends) {
        for (const context of contexts) {
          const envelope = { ...beginning(chart, context), value: end };
          for (const fact of facts) expect(step(chart, envelope, fact).ok, `${end} ${fact.type}`).toBe(false);
        }
      }
    });

    test("owns no time and no callers", () => {
      for (const node of nodes) {
        expect(node.invoke).toEqual([]);
        expect(node.after).toEqual([]);
        expect(node.always ?? []).toEqual([]);
        expect([...node.entry, ...node.exit]).toEqual([]);
        expect(node.type).toMatch(/^(atomic|compound|final)$/);
      }
    });

    test("refuses only with codes of the catalogue, for every state, fact and failed guard", () => {
      const guards = [undefined, ...Object.keys(chart.guards)];
      for (const state of chart.leaves.keys()) {
        for (const { type } of facts) {
          for (const failed of guards) {
            const { local, relay } = chart.refuse(state, type, failed);
            expect(isCode(local), `${local} (${state}, ${type}, ${failed})`).toBe(true);
            expect(isCode(relay), `${relay} (${state}, ${type}, ${failed})`).toBe(true);
          }
        }
      }
    });
  });
});

function allNodes(node: AnyStateNode): AnyStateNode[] {
  return [node, ...Object.values(node.states).flatMap((child) => allNodes(child))];
}
