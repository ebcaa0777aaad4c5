// Goes through every state that can be reached, breadth first, so that the first counter-example is the shortest.
import { checkAgreement } from "./agreement.ts";
import { Broken, must } from "./found.ts";
import { type Bench, createMoves, type Ending, type Move, type Moves } from "./moves.ts";
import type { Side } from "./party.ts";
import { sides } from "./party.ts";
import type { Snapshot } from "./snapshot.ts";
import { type Composed, createStateTable, type StateTable } from "./state-table.ts";

/** Where it begins. */
export interface Root {
  readonly A: Snapshot;
  readonly B: Snapshot;
  readonly relay: Snapshot;
}

/** A way of events that breaks something. */
export interface Counterexample {
  readonly sentence: string;
  readonly path: readonly Move[];
  /** The steps without faults after which it shows. */
  readonly after: readonly Move[];
}

/** What came of it. */
export interface Explored {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  /** Every state that can be reached within the bounds of the scene was looked at. */
  readonly isComplete: boolean;
  /** Different steps that were taken by the real engine and relay. */
  readonly turns: number;
  readonly broken: Counterexample | undefined;
  readonly moves: Moves;
}

/** Explores until everything is known, or `statesMax` states were looked at, or something is broken. */
export async function explore(bench: Bench, root: Root, statesMax: number): Promise<Explored> {
  const moves = createMoves(bench);
  const table = createStateTable();
  const a = moves.partyNumber("A", root.A);
  const b = moves.partyNumber("B", root.B);
  const relay = moves.relayNumber(root.relay);
  table.add({ a, b, relay, around: moves.channels.empty * timesMax }, -1, -1);
  const work: Work = { bench, moves, table, ends: new Map(), transitions: 0 };
  let at = 0;
  let broken: Explored["broken"];
  for (; at < table.size && at < statesMax; at += 1) {
    // Other threads have something to say from time to time.
    if (at % statesPerBreath === 0) await new Promise((resolve) => setImmediate(resolve));
    try {
      const state = table.at(at);
      await checkEnd(work, state);
      await expand(work, at, state);
    } catch (problem) {
      if (!(problem instanceof Broken)) throw problem;
      broken = counterexampleOf(work, at, problem);
      break;
    }
  }
  const isComplete = broken === undefined && at === table.size;
  const depth = table.depthOf(Math.max(0, at - 1));
  return { states: at, transitions: work.transitions, depth, isComplete, turns: moves.taken(), broken, moves };
}

const statesPerBreath = 256;

/** More moments of time than this no scene has. */
const timesMax = 4;

interface Work {
  readonly bench: Bench;
  readonly moves: Moves;
  readonly table: StateTable;
  /** The beginnings from which the fair steps were followed to their end. */
  readonly ends: Map<string, boolean>;
  transitions: number;
}

function counterexampleOf({ moves, table }: Work, at: number, broken: Broken): Counterexample {
  const path: Move[] = [];
  for (let index = at; index > 0; index = table.origin(index).from) path.unshift(moves.moves.at(table.origin(index).move));
  if (broken.during !== undefined && broken.after.length === 0) path.push(broken.during);
  return { sentence: broken.message, path, after: broken.after.map((move) => moves.moves.at(move)) };
}

async function expand(work: Work, from: number, state: Composed): Promise<void> {
  const { bench, moves } = work;
  const { relay } = state;
  const time = state.around % timesMax;
  const channel = (state.around - time) / timesMax;
  const { calls, answers } = moves.channels.at(channel);
  const at = { relay, time };
  for (const side of sides) {
    const party = side === "A" ? state.a : state.b;
    const reach = (endings: readonly Ending[]) => {
      for (const ending of endings) reachParty(work, { from, state, side, channel, time }, ending);
    };
    reach(await settled(moves.commands(side, party, at)));
    reach(await settled(moves.sync(side, party, at)));
    reach(await settled(moves.silentSync(side, party, at)));
    for (const [call, answer] of answers) {
      if (moves.channels.calls.at(call).side === side) reach(await settled(moves.answer(side, party, { ...at, call, answer })));
    }
    if (bench.scene.overtakes === true) {
      for (const call of calls) {
        if (moves.channels.calls.at(call).side === side || !(await changes(moves, at, call))) continue;
        reach(await settled(moves.overtakenSync(side, party, { ...at, call })));
      }
    }
  }
  for (const call of calls) {
    for (const { relay: next, answer, move } of await settled(moves.deliver(relay, call, time))) {
      const isAwaited = answer !== undefined && isOpen(work, state, call);
      const around = isAwaited ? moves.channels.withAnswer(channel, call, answer) : channel;
      reach(work, from, { ...state, relay: next, around: around * timesMax + time }, move);
    }
  }
  if (bench.scene.hasDueTimers === true) {
    for (const { relay: next, move } of await settled(moves.due(relay, time))) reach(work, from, { ...state, relay: next }, move);
  }
  if (time + 1 < bench.times.length) reach(work, from, { ...state, around: state.around + 1 }, moves.passes);
}

// A call that changes nothing now may come in between without anybody noticing.
async function changes(moves: Moves, { relay, time }: { readonly relay: number; readonly time: number }, call: number) {
  return (await settled(moves.deliver(relay, call, time))).some((ending) => ending.relay !== relay);
}

const settled = <T>(made: T | Promise<T>): T | Promise<T> => made;

function isOpen({ moves }: Work, state: Composed, call: number): boolean {
  const { side, call: held } = moves.channels.calls.at(call);
  return moves.states[side].at(side === "A" ? state.a : state.b).openKeys.has(held.idempotencyKey ?? "");
}

function reach(work: Work, from: number, state: Composed, move: number): void {
  work.transitions += 1;
  work.table.add(state, from, move);
}

interface Place {
  readonly from: number;
  readonly state: Composed;
  readonly side: Side;
  readonly channel: number;
  readonly time: number;
}

function reachParty(work: Work, { from, state, side, channel, time }: Place, { party, relay, sent, move }: Ending): void {
  const { channels, states } = work.moves;
  let after = channel;
  for (const call of sent) after = channels.withCall(after, call);
  after = channels.without(after, side, states[side].at(party).openKeys);
  const around = after * timesMax + time;
  const parts = side === "A" ? { a: party, b: state.b } : { a: state.a, b: party };
  reach(work, from, { ...parts, relay, around }, move);
}

/** More rounds than this no fair way needs; one that goes on is a circle. */
const fairStepsMax = 60;

// Follows the steps without faults to their end, where both must agree; ways that meet are followed once.
async function checkEnd({ bench, moves, ends }: Work, { a, b, relay, around }: Composed): Promise<void> {
  const time = around % timesMax;
  let now = { a, b, relay };
  const passed: string[] = [];
  const taken: number[] = [];
  try {
    for (;;) {
      const name = `${now.a} ${now.b} ${now.relay} ${time}`;
      if (ends.has(name)) break;
      must(passed.length < fairStepsMax, () => "Liveness: synchronising goes on for ever, and nothing comes to rest.");
      passed.push(name);
      const next = await fairStep(bench, moves, now, time);
      if (next === undefined) {
        const stored = { A: moves.states.A.at(now.a).stored, B: moves.states.B.at(now.b).stored };
        checkAgreement({ parties: bench.parties, stored, relay: moves.relays.at(now.relay) });
        break;
      }
      now = next.state;
      taken.push(next.move);
    }
  } catch (problem) {
    if (problem instanceof Broken) problem.after.push(...taken);
    throw problem;
  }
  for (const name of passed) ends.set(name, true);
}

type Rest = { readonly a: number; readonly b: number; readonly relay: number };

async function fairStep(bench: Bench, moves: Moves, now: Rest, time: number) {
  for (const side of sides) {
    const party = side === "A" ? now.a : now.b;
    const endings = await settled(moves.sync(side, party, { relay: now.relay, time }));
    const end = endings.find(({ move }) => moves.moves.at(move).crashedAfter === undefined);
    if (end === undefined || (end.party === party && end.relay === now.relay)) continue;
    const parts = side === "A" ? { a: end.party, b: now.b } : { a: now.a, b: end.party };
    return { state: { ...parts, relay: end.relay }, move: end.move };
  }
  if (bench.scene.hasDueTimers !== true) return undefined;
  const end = (await settled(moves.due(now.relay, time))).at(-1);
  if (end === undefined || end.relay === now.relay) return undefined;
  return { state: { ...now, relay: end.relay }, move: end.move };
}
