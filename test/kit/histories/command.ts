// What all commands of a history are made with.
import fc from "fast-check";
import type { Ask, Model, Side } from "./model.ts";
import { type Move, play, type Stage } from "./play.ts";
import type { Outage, Real } from "./real.ts";

/** One command of a history: some moves, each of which looks at the model first and may not be there. */
export type HistoryCommand = fc.AsyncCommand<Model, Stage>;

/** A move, if there is one to make now. */
export type Plan = (model: Model, real: Real) => Move | undefined;

/** A command of these moves. */
export function commandOf(label: string, plans: readonly Plan[]): HistoryCommand {
  return {
    check: () => true,
    async run(model, stage) {
      for (const plan of plans) {
        const move = plan(model, stage.real);
        if (move !== undefined) await play(stage, move);
      }
    },
    toString: () => label,
  };
}

/** How calls get lost, mostly not at all. */
export const outages: fc.Arbitrary<Outage> = fc.oneof(
  { weight: 8, arbitrary: fc.constant(undefined) },
  {
    weight: 2,
    arbitrary: fc.record({ when: fc.constantFrom("before", "after"), howMany: fc.constantFrom("all", "first") }),
  },
);

/** The outage in a label. */
export const said = (outage: Outage) => (outage === undefined ? "" : `, ${outage.howMany} ${outage.when}`);

/** The name of the person that a number means. */
export const nameOf = (model: Model, who: number): string => model.sides[who % model.sides.length]?.name ?? "";

/** The LocalRequests of a person in one direction. */
export const asksOf = (side: Side, isOwn: boolean): Ask[] =>
  side.asks.filter((ask) => ask.isOwn === isOwn && ask.id !== undefined);

const hourMs = 60 * 60 * 1000;

/** How long a Request lives; undefined is for ever. */
export const lifeMs = fc.constantFrom(undefined, undefined, hourMs, 30 * hourMs);

/** A life that is over before it begins. */
export const pastMs = -hourMs;
