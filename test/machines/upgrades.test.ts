// How a stored state of an earlier version is read: through every upgrade since.
import {
  createdRelationship,
  incomingRequestChart,
  type RelationshipFact,
  type RelationshipKind,
  relationshipChart,
  type Upgrade,
} from "rapport/machines";
import { expect, test } from "vitest";
import { createChart } from "../../machines/chart.ts";
import { beginning, current, hasTag, step } from "../../src/turn/step.ts";
import { incomingContexts } from "./samples.ts";

const renamed: Upgrade = ({ value, context }) => ({ value: value === "Waiting" ? "Pending" : value, context });
const noted: Upgrade = ({ value, context }) => ({ value, context: { ...context, seen: true } });
const parts = { ...relationshipChart, version: 3, upgrades: { 1: renamed, 2: noted } };
const accepted: RelationshipFact = { type: "creation.accepted", by: "templator" };

test("every upgrade since its version is made, and what was handed in stays as it is", () => {
  const chart = createChart<RelationshipKind>(parts);
  const stored = { ...createdRelationship(), value: "Waiting" as never };

  const taken = step(chart, stored, accepted);

  expect(taken).toMatchObject({ ok: true, next: { version: 3, value: "Active", context: { seen: true } } });
  expect(hasTag(chart, stored, "existing")).toBe(true);
  expect(stored).toEqual({ ...createdRelationship(), value: "Waiting" });
});

test("a state of today is the very same object", () => {
  const chart = createChart<RelationshipKind>(parts);
  const now = beginning(chart, {});

  expect(current(chart, now)).toBe(now);
  expect(now.version).toBe(3);
});

test("a chart without an upgrade from each earlier version is none", () => {
  expect(() => createChart<RelationshipKind>({ ...parts, upgrades: { 1: renamed } })).toThrowError(/version 2/);
});

test("upgrading a Request leaves every state and every deadline what it was", () => {
  for (const { value, tags } of incomingRequestChart.leaves.values()) {
    for (const { source, expiresAt, ignoredUntil } of incomingContexts) {
      const context = { source, expiresAt: expiresAt ?? ignoredUntil, ignored: ignoredUntil !== null };
      const stored = JSON.parse(JSON.stringify({ machine: "request-in", version: 1, value, context }));

      const upgraded = current(incomingRequestChart, stored);

      expect(upgraded).toMatchObject({ version: 2, value, context: { source, expiresAt: context.expiresAt } });
      for (const tag of tags) expect(hasTag(incomingRequestChart, stored, tag as never)).toBe(true);
      expect(upgraded.context.ignoredUntil === null).toBe(ignoredUntil === null);
    }
  }
});
