// Goes through every state that can be reached, breadth first, so that the first counter-example is the shortest.

import type { Ending } from "./endings.ts";
import { createFairness, type Fairness } from "./fairness.ts";
import { Broken } from "./found.ts";
import { createMoves, type Moves } from "./moves.ts";
import { type Bench, createParts, type Move, type Parts } from "./parts.ts";
import { type Side, sides } from "./party.ts";
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
}

/** More moments of time than this no scene has. */
const timesMax = 4;

const statesPerBreath = 256;

interface Work {
  readonly parts: Parts;
  readonly moves: Moves;
  readonly table: StateTable;
  readonly fairness: Fairness;
  transitions: number;
}

/** Explores until everything is known, or `statesMax` states were looked at, or something is broken. */
export async function explore(bench: Bench, root: Root, statesMax: number): Promise<Explored> {
  const parts = createParts(bench);
  const moves = createMoves(parts);
  const work: Work = {
    parts,
    moves,
    table: createStateTable(),
    fairness: createFairness(parts, moves),
    transitions: 0,
  };
  const { table } = work;
  const [a, b] = [parts.partyNumber("A", root.A), parts.partyNumber("B", root.B)];
  const relay = parts.relayNumber(root.relay);
  table.add({ a, b, relay, around: parts.channels.empty * timesMax }, -1, -1);
  let at = 0;
  let broken: Counterexample | undefined;
  for (; broken === undefined && at < table.size && at < statesMax; at += 1) {
    // Other threads have something to say from time to time.
    if (at % statesPerBreath === 0) await new Promise((resolve) => setImmediate(resolve));
    broken = await lookAt(work, at);
  }
  const { transitions } = work;
  const isComplete = broken === undefined && at === table.size;
  const depth = table.depthOf(Math.max(0, at - 1));
  return { states: at, transitions, depth, isComplete, turns: parts.turns.taken, broken };
}

async function lookAt(work: Work, at: number): Promise<Counterexample | undefined> {
  const state = work.table.at(at);
  const time = state.around % timesMax;
  try {
    await work.fairness.check({ a: state.a, b: state.b, relay: state.relay, time });
    await expand(work, { from: at, state, time, channel: (state.around - time) / timesMax });
  } catch (problem) {
    if (problem instanceof Broken) return counterexampleOf(work, at, problem);
    throw problem;
  }
}

function counterexampleOf({ parts, table }: Work, at: number, broken: Broken): Counterexample {
  const path: Move[] = [];
  for (let index = at; index > 0; index = table.origin(index).from) {
    path.unshift(parts.moves.at(table.origin(index).move));
  }
  if (broken.during !== undefined && broken.after.length === 0) path.push(broken.during);
  return { sentence: broken.message, path, after: broken.after.map((move) => parts.moves.at(move)) };
}

interface Place {
  readonly from: number;
  readonly state: Composed;
  readonly time: number;
  readonly channel: number;
}

async function expand(work: Work, place: Place): Promise<void> {
  const { parts, moves } = work;
  for (const side of sides) await expandParty(work, place, side);
  await expandRelay(work, place);
  const { state, time, from } = place;
  const isLater = time + 1 < parts.bench.times.length;
  if (isLater) reach(work, from, { state: { ...state, around: state.around + 1 }, move: moves.passes });
}

async function expandParty(work: Work, place: Place, side: Side): Promise<void> {
  const { parts, moves } = work;
  const { state, time, channel } = place;
  const { calls, answers } = parts.channels.at(channel);
  const party = side === "A" ? state.a : state.b;
  const at = { relay: state.relay, time };
  const syncs = moves.syncs[side];
  const take = (endings: readonly Ending[]) => {
    for (const ending of endings) reachParty(work, { ...place, side }, ending);
  };
  take(await moves.commands[side].endings(party, at));
  take(await syncs.sync(party, at));
  take(await syncs.silentSync(party, at));
  const isOwn = (call: number) => parts.channels.calls.at(call).side === side;
  for (const [call, answer] of answers) if (isOwn(call)) take(await syncs.answer(party, { ...at, call, answer }));
  if (parts.bench.scene.overtakes !== true) return;
  for (const call of calls) {
    if (!isOwn(call) && (await changes(moves, at, call))) take(await syncs.overtakenSync(party, { ...at, call }));
  }
}

// A call that changes nothing now may come in between without anybody noticing.
async function changes(moves: Moves, { relay, time }: { readonly relay: number; readonly time: number }, call: number) {
  return (await moves.deliver(relay, call, time)).some((ending) => ending.relay !== relay);
}

async function expandRelay(work: Work, { from, state, time, channel }: Place): Promise<void> {
  const { parts, moves } = work;
  for (const call of parts.channels.at(channel).calls) {
    for (const { relay, answer, move } of await moves.deliver(state.relay, call, time)) {
      const isAwaited = answer !== undefined && isOpen(work, state, call);
      const after = isAwaited ? parts.channels.withAnswer(channel, call, answer) : channel;
      reach(work, from, { state: { ...state, relay, around: after * timesMax + time }, move });
    }
  }
  if (parts.bench.scene.hasDueTimers !== true) return;
  for (const { relay, move } of await moves.due(state.relay, time)) {
    reach(work, from, { state: { ...state, relay }, move });
  }
}

function isOpen({ parts }: Work, { a, b }: Composed, call: number): boolean {
  const { side, call: held } = parts.channels.calls.at(call);
  return parts.states[side].at(side === "A" ? a : b).openKeys.has(held.idempotencyKey ?? "");
}

function reachParty(
  work: Work,
  { from, state, side, channel, time }: Place & { readonly side: Side },
  { party, relay, sent, move }: Ending,
): void {
  const { channels, states } = work.parts;
  let after = channel;
  for (const call of sent) after = channels.withCall(after, call);
  after = channels.without(after, side, states[side].at(party).openKeys);
  const [a, b] = side === "A" ? [party, state.b] : [state.a, party];
  reach(work, from, { state: { a, b, relay, around: after * timesMax + time }, move });
}

function reach(work: Work, from: number, to: { readonly state: Composed; readonly move: number }): void {
  work.transitions += 1;
  work.table.add(to.state, from, to.move);
}
