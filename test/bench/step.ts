// How fast a step is from a stored envelope, against the textbook way to do the same with XState alone.
import {
  createdRelationship,
  type RelationshipEnvelope,
  type RelationshipFact,
  relationshipChart,
  relationshipMachine,
} from "rapport/machines";
import { transition } from "xstate";
import { step } from "../../src/turn/step.ts";

/** Operations per second of ours and of the floor case, and how many times faster ours is. */
export interface StepCase {
  readonly ours: number;
  readonly floor: number;
  readonly ratio: number;
}

const life: readonly RelationshipFact[] = [
  { type: "creation.accepted", by: "templator" },
  { type: "relationship.terminated", by: "initiator" },
  { type: "reactivation.requested", by: "initiator" },
  { type: "reactivation.accepted", by: "templator" },
];

/** Measures both, taking turns over `rounds` rounds of about `roundMs` each; the medians are compared. */
export function stepCase({ rounds = 9, roundMs = 100 } = {}): StepCase {
  const ours: number[] = [];
  const floor: number[] = [];
  for (let round = -1; round < rounds; round += 1) {
    const [mine, theirs] = [opsPerSecond(walkByStep, roundMs), opsPerSecond(walkByTextbook, roundMs)];
    // Round -1 only warms up.
    if (round >= 0) {
      ours.push(mine);
      floor.push(theirs);
    }
  }
  const [median, textbook] = [medianOf(ours), medianOf(floor)];
  return { ours: median, floor: textbook, ratio: median / textbook };
}

function walkByStep(): void {
  let envelope = createdRelationship();
  for (const fact of life) {
    const taken = step(relationshipChart, envelope, fact);
    if (!taken.ok) throw new Error("The walk is legal.");
    envelope = taken.next;
  }
}

function walkByTextbook(): void {
  let stored: Pick<RelationshipEnvelope, "value" | "context"> = { value: "Pending", context: {} };
  for (const fact of life) {
    const before = relationshipMachine.resolveState(stored);
    const [next, actions] = transition(relationshipMachine, before, fact);
    if (actions.length === 0) throw new Error("The walk is legal.");
    stored = { value: next.value, context: next.context };
  }
}

function opsPerSecond(walk: () => void, roundMs: number): number {
  let walks = 0;
  const start = performance.now();
  let elapsedMs = 0;
  while (elapsedMs < roundMs) {
    for (let burst = 0; burst < 50; burst += 1) walk();
    walks += 50;
    elapsedMs = performance.now() - start;
  }
  return (walks * life.length * 1000) / elapsedMs;
}

function medianOf(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? 0;
}
