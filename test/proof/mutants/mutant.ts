// What a mutant is: one plausible slip, as a replacement of text, and the proofs that must notice it.

/** A replacement in one source file; `find` stands there exactly once. */
export interface Slip {
  /** The path from the root of the project. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** Random histories of `test/kit/histories.ts` with one seed; a run is a history. */
export interface Histories {
  readonly kind: "histories";
  readonly people: 2 | 3;
  readonly commandsMax: number;
  readonly seed: number;
  readonly runs: number;
}

/** Every command of one path of `test/stories/crash-story.ts`, killed or cut off at its calls; a run is a point. */
export interface Crashes {
  readonly kind: "crashes";
  readonly path: string;
  readonly ways: readonly ("kill" | "fail" | "silence" | "relay")[];
}

/** Laws that are written as tests of a file; a run is a test. */
export interface Laws {
  readonly kind: "laws";
  readonly file: string;
  /** Only the laws whose sentence has this in it. */
  readonly sentence?: string;
}

/** A scene of the model checker; a run is a state. */
export interface Check {
  readonly kind: "check";
  readonly scene: string;
  readonly statesMax: number;
}

/** Seeds of the simulation from `from` to `to`; a run is a seed. */
export interface Simulation {
  readonly kind: "simulation";
  readonly from: number;
  readonly to: number;
  readonly steps: number;
}

/** A proof that runs in a process of its own until the first failure or the end of its bound. */
export type Killer = Histories | Crashes | Laws | Check | Simulation;

/** One planted bug. */
export interface Mutant extends Slip {
  readonly name: string;
  /** What is wrong, in one sentence. */
  readonly sentence: string;
  /** The proofs that are asked, one after the other, until one fails. */
  readonly killers: readonly Killer[];
}

/** What a killer says at its end. */
export interface Verdict {
  readonly killed: boolean;
  /** The law or invariant that was broken, in its own words. */
  readonly by?: string;
  readonly runs: number;
}

/** The text with the slip in it; an Error unless the text to replace stands there exactly once. */
export function spoiled(text: string, { file, find, replace }: Slip): string {
  const parts = text.split(find);
  const [before, after] = parts;
  if (before === undefined || after === undefined || parts.length > 2) {
    throw new Error(`${file} has the text to replace ${parts.length - 1} times, and not once: ${find}`);
  }
  return `${before}${replace}${after}`;
}

/** A killer in a few words. */
export function nameOf(killer: Killer): string {
  switch (killer.kind) {
    case "histories":
      return `${killer.runs} histories of ${killer.people} people, seed ${killer.seed}`;
    case "crashes":
      return `crashes (${killer.ways.join(", ")}) of "${killer.path}"`;
    case "laws":
      return killer.sentence === undefined ? killer.file : `${killer.file}: ${killer.sentence}`;
    case "check":
      return `model checker, scene ${killer.scene}`;
    case "simulation":
      return `simulation, seeds ${killer.from} to ${killer.to}`;
  }
}
