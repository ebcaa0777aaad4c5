// The commands of a party, each up to the first call that must not get lost: there the process ends, and the call is on its way.
import { type Ending, endingsOf } from "./endings.ts";
import type { Parts } from "./parts.ts";
import { held, live, type Side } from "./party.ts";
import { packed, partsBelow, type Remembered } from "./remembering.ts";
import type { Command } from "./scene.ts";
import { commitTo, documentAt, type Snapshot } from "./snapshot.ts";

/** What a party begins with beside its own documents. */
export interface At {
  readonly relay: number;
  /** The number of a moment. */
  readonly time: number;
}

/** The commands of one side. */
export interface PartyCommands {
  /** Every ending of every command that is possible. */
  endings(party: number, at: At): Remembered<readonly Ending[]>;
}

interface Item {
  readonly command: Command;
  readonly target: string;
  readonly tried: number;
  /** What it comes to, when it asked nothing of the relay. */
  endings: readonly Ending[] | undefined;
  /** What it comes to otherwise, by relay. */
  readonly byRelay: Map<number, readonly Ending[]>;
}

/** Commands of a side, each taken once for every different beginning. */
export function createPartyCommands(parts: Parts, side: Side): PartyCommands {
  const itemsByBeginning = new Map<number, readonly Item[]>();

  const itemsOf = (party: number, time: number): readonly Item[] => {
    const key = packed([time, 4], [party, partsBelow]);
    const known = itemsByBeginning.get(key);
    if (known !== undefined) return known;
    const items = possible(parts, side, party);
    itemsByBeginning.set(key, items);
    return items;
  };
  const take = async (missing: readonly Item[], party: number, at: At): Promise<Ending[]> => {
    const all: Ending[] = [];
    for (const item of missing) all.push(...(await takeOne(parts, { side, party, at, item })));
    return all;
  };
  return {
    endings(party, at) {
      const all: Ending[] = [];
      const missing: Item[] = [];
      for (const item of itemsOf(party, at.time)) {
        if (item.endings !== undefined) for (const ending of item.endings) all.push({ ...ending, relay: at.relay });
        else {
          const known = item.byRelay.get(at.relay);
          if (known === undefined) missing.push(item);
          else all.push(...known);
        }
      }
      return missing.length === 0 ? all : take(missing, party, at).then((made) => [...all, ...made]);
    },
  };
}

function possible({ bench, states }: Parts, side: Side, party: number): Item[] {
  const { stored } = states[side].at(party);
  return bench.commands[side].flatMap((command) => {
    const { name, most } = command;
    const tried = triesOf(stored, name);
    if (tried >= most) return [];
    const targets = command.targets(stored, bench.parties[side]);
    return targets.map((target) => ({ command, target, tried, endings: undefined, byRelay: new Map() }));
  });
}

interface Taking {
  readonly side: Side;
  readonly party: number;
  readonly at: At;
  readonly item: Item;
}

async function takeOne(parts: Parts, { side, party, at, item }: Taking): Promise<readonly Ending[]> {
  const { bench, states, relays } = parts;
  const { command, target, tried } = item;
  const { scene, makeRelay } = bench;
  const from = countTry(states[side].at(party).stored, command.name, tried);
  parts.turns.taken += 1;
  const run = await live(bench.parties[side], {
    beginning: {
      party: from,
      relay: relays.at(at.relay),
      nowMs: bench.times[at.time] ?? 0,
      label: `${side} ${command.name} ${target} ${tried}`,
    },
    route: held(bench.parties[side].caller),
    makeRelay,
    knowsRelay: scene.knowsNoRelay !== true,
    work: (account) => command.run(account, target),
  });
  const start = { party, relay: at.relay };
  const what = `${command.name} ${target}`.trim();
  const endings = endingsOf(parts, { side, start, from, run, kind: "command", what });
  if (run.heard.length === 0) item.endings = endings;
  else item.byRelay.set(at.relay, endings);
  return endings;
}

const triesKey = (command: string) => `check/tries/${encodeURIComponent(command)}`;

function triesOf(stored: Snapshot, command: string): number {
  return documentAt<{ n: number }>(stored, triesKey(command))?.n ?? 0;
}

// Whatever became of it, it is a try: so nothing goes on for ever, and no two tries draw the same bytes.
function countTry(stored: Snapshot, command: string, tried: number): Snapshot {
  const counting = { snapshot: stored };
  commitTo(counting, { puts: [{ key: triesKey(command), document: { n: tried + 1 } }] });
  return counting.snapshot;
}
