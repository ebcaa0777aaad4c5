// What stands in for vitest when a file of laws is run by itself: it is told the laws, and runs them one after the other
// until the first that fails. `expect` is vitest's own. source-loader.mjs hands it to the files.
import { expect as realExpect, vi as realVi } from "vitest";
import type { Verdict } from "../mutant.ts";
import { lawIn } from "./verdict.ts";

type Work = (...given: never[]) => unknown;

interface Law {
  readonly sentence: string;
  readonly prove: () => unknown;
  readonly place: Place;
}

interface Place {
  readonly name: string;
  readonly parent: Place | undefined;
  readonly before: Work[];
  readonly after: Work[];
  readonly beforeEach: Work[];
  readonly afterEach: Work[];
  hasBegun: boolean;
}

const placeIn = (parent: Place | undefined, name: string): Place => ({
  name,
  parent,
  before: [],
  after: [],
  beforeEach: [],
  afterEach: [],
  hasBegun: false,
});

const laws: Law[] = [];
let place = placeIn(undefined, "");
let ends: Work[] = [];

/** See vitest. */
export const expect = realExpect;
/** See vitest. */
export const vi = realVi;

/** See vitest; options and time limits are not looked at. */
export const test = Object.assign((sentence: string, ...rest: unknown[]): void => add(sentence, workIn(rest)), {
  for:
    <C>(cases: readonly C[]) =>
    (sentence: string, ...rest: unknown[]): void => {
      for (const [index, one] of cases.entries()) add(filled(sentence, one, index), () => call(workIn(rest), one));
    },
  runIf: (isWanted: unknown) => (isWanted ? test : () => undefined),
  skipIf: (isUnwanted: unknown) => (isUnwanted ? () => undefined : test),
});

/** See vitest. */
export const describe = Object.assign((name: string, ...rest: unknown[]): void => within(name, workIn(rest)), {
  for:
    <C>(cases: readonly C[]) =>
    (name: string, ...rest: unknown[]): void => {
      for (const [index, one] of cases.entries()) within(filled(name, one, index), () => call(workIn(rest), one));
    },
  runIf: (isWanted: unknown) => (isWanted ? describe : () => undefined),
  skipIf: (isUnwanted: unknown) => (isUnwanted ? () => undefined : describe),
});

/** See vitest. */
export const beforeAll = (work: Work): void => void place.before.push(work);
/** See vitest. */
export const afterAll = (work: Work): void => void place.after.push(work);
/** See vitest. */
export const beforeEach = (work: Work): void => void place.beforeEach.push(work);
/** See vitest. */
export const afterEach = (work: Work): void => void place.afterEach.push(work);
/** See vitest. */
export const onTestFinished = (work: Work): void => void ends.push(work);

/**
 * Runs the laws that were told, those whose sentence has this in it; gives the verdict. `stuck` hears it instead when a law
 * waits for what cannot come any more, since nothing is under way.
 */
export async function proveLaws(sentence: string, stuck: (verdict: Verdict) => void): Promise<Verdict> {
  let runs = 0;
  let running = "";
  process.once("beforeExit", () => stuck({ killed: true, by: `${running}: waits for what never comes`, runs }));
  for (const law of laws.filter((one) => one.sentence.includes(sentence))) {
    runs += 1;
    running = law.sentence;
    const by = await broken(law);
    if (by !== undefined) return { killed: true, by: `${law.sentence}: ${by}`, runs };
  }
  if (runs === 0) throw new Error(`There is no law with "${sentence}" in its sentence.`);
  return { killed: false, runs };
}

async function broken(law: Law): Promise<string | undefined> {
  ends = [];
  const around = placesOf(law.place);
  try {
    for (const one of around) {
      if (!one.hasBegun) for (const work of one.before) await work();
      one.hasBegun = true;
      for (const work of one.beforeEach) await work();
    }
    await law.prove();
    for (const one of around.toReversed()) for (const work of one.afterEach) await work();
    for (const work of ends.toReversed()) await work();
    return undefined;
  } catch (problem) {
    return lawIn(problem);
  }
}

const placesOf = (inner: Place): Place[] => (inner.parent === undefined ? [inner] : [...placesOf(inner.parent), inner]);

function add(sentence: string, prove: Work): void {
  const names = placesOf(place).map(({ name }) => name);
  laws.push({ sentence: [...names, sentence].filter((part) => part !== "").join(" > "), prove, place });
}

function within(name: string, tell: Work): void {
  const outer = place;
  place = placeIn(outer, name);
  tell();
  place = outer;
}

// The function among the arguments; the others are options and limits.
function workIn(rest: readonly unknown[]): Work {
  const work = rest.find((one) => typeof one === "function");
  if (work === undefined) throw new Error("A law without a proof is none.");
  return work as Work;
}

const call = (work: Work, one: unknown): unknown => (work as (one: unknown) => unknown)(one);

// The case in the sentence, near enough to know which one failed.
function filled(sentence: string, one: unknown, index: number): string {
  const values = Array.isArray(one) ? [...one] : [one];
  return sentence.replaceAll(/%[sdifjo#]/g, (mark) => (mark === "%#" ? String(index) : textOf(values.shift())));
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : (JSON.stringify(value) ?? "nothing"));
