// Liveness without a search of its own: the steps without faults are steps of the exploration, too. From every state they are
// followed until nothing changes any more, and there both must agree. Ways that meet are followed once.
import { checkAgreement } from "./agreement.ts";
import { Broken, must } from "./found.ts";
import type { Moves } from "./moves.ts";
import type { Parts } from "./parts.ts";
import { sides } from "./party.ts";
import { packed, partsBelow } from "./remembering.ts";

/** What is stored everywhere, as numbers, and the moment. */
export interface Standing {
  readonly a: number;
  readonly b: number;
  readonly relay: number;
  readonly time: number;
}

/** Follows the steps without faults from one state after the other. */
export interface Fairness {
  /** Stops when they lead nowhere, or to something that is not agreed. */
  check(standing: Standing): Promise<void>;
}

/** A fair way that takes more steps than this goes in a circle. */
const fairStepsMax = 60;

/** No way was followed yet. */
export function createFairness(parts: Parts, moves: Moves): Fairness {
  const followed = createPairs();
  return {
    async check(standing) {
      const passed: Standing[] = [];
      const taken: number[] = [];
      try {
        for (let now: Standing | undefined = standing; now !== undefined && !followed.has(now); ) {
          must(
            taken.length < fairStepsMax,
            () => "Liveness: synchronising goes on for ever, and nothing comes to rest.",
          );
          passed.push(now);
          const next = await fairStep(parts, moves, now);
          if (next === undefined) checkRest(parts, now);
          else taken.push(next.move);
          now = next?.to;
        }
      } catch (problem) {
        if (problem instanceof Broken) problem.after.push(...taken);
        throw problem;
      }
      for (const one of passed) followed.add(one);
    },
  };
}

function checkRest({ bench, states, relays }: Parts, { a, b, relay }: Standing): void {
  const stored = { A: states.A.at(a).stored, B: states.B.at(b).stored };
  checkAgreement({ parties: bench.parties, stored, relay: relays.at(relay) });
}

async function fairStep(parts: Parts, moves: Moves, now: Standing) {
  const { relay, time } = now;
  const isWhole = ({ move }: { readonly move: number }) => parts.moves.at(move).crashedAfter === undefined;
  for (const side of sides) {
    const party = side === "A" ? now.a : now.b;
    const end = (await moves.syncs[side].sync(party, { relay, time })).find(isWhole);
    if (end === undefined || (end.party === party && end.relay === relay)) continue;
    const changed = side === "A" ? { a: end.party } : { b: end.party };
    return { to: { ...now, ...changed, relay: end.relay }, move: end.move };
  }
  if (parts.bench.scene.hasDueTimers !== true) return undefined;
  const end = (await moves.due(relay, time)).find(isWhole);
  if (end === undefined || end.relay === relay) return undefined;
  return { to: { ...now, relay: end.relay }, move: end.move };
}

// Standings by relay and moment, then by the two parties.
function createPairs() {
  const pairs = new Map<number, Set<number>>();
  const outer = ({ relay, time }: Standing) => packed([time, 4], [relay, partsBelow]);
  const inner = ({ a, b }: Standing) => packed([a, partsBelow], [b, partsBelow]);
  return {
    has: (one: Standing) => pairs.get(outer(one))?.has(inner(one)) === true,
    add(one: Standing) {
      const known = pairs.get(outer(one)) ?? new Set();
      pairs.set(outer(one), known.add(inner(one)));
    },
  };
}
