// Explores the scenes on several threads and adds up what came of them.
import { allRows, waivedRows } from "./coverage.ts";
import type { MakeRelay } from "./life.ts";
import { exploreScene, type SceneReport, type Violation } from "./scene-report.ts";
import { scenes } from "./scenes.ts";
import { startHand } from "./threads.ts";

export type { SceneReport, Violation };

/** What to check. */
export interface CheckOptions {
  /** Explore completely within the wider bounds; takes minutes. */
  readonly deep?: boolean;
  /** Only the scene with this name. */
  readonly scene?: string;
  /** At most so many states of each scene. */
  readonly statesMax?: number;
  /** Threads at work; one is this one. Default 2. */
  readonly threads?: number;
  /** Another relay in the place of the real one, for those who want to see that its faults are found; then one thread works. */
  readonly makeRelay?: MakeRelay;
}

/** What was found. */
export interface CheckReport {
  readonly deep: boolean;
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly turns: number;
  readonly complete: boolean;
  readonly coverage: Coverage;
  readonly scenes: readonly SceneReport[];
  /** The first thing that is broken, in the order of the scenes. */
  readonly violation?: Violation;
}

/** Rows of the three charts that were taken, of all that can be. */
export interface Coverage {
  readonly covered: number;
  readonly total: number;
  readonly missing: readonly string[];
  /** Rows that no program asks for, with the reason. */
  readonly waived: readonly { readonly row: string; readonly because: string }[];
}

/** States of one scene that are looked at when nothing else is said. */
export const statesMaxOf = (deep: boolean): number => (deep ? 40_000 : 3_500);

/** The names of the scenes. */
export const sceneNames: readonly string[] = scenes.map(({ name }) => name);

/** Checks the protocol: every state of every scene, within its bounds. */
export async function checkProtocol(options: CheckOptions = {}): Promise<CheckReport> {
  const { deep = false, makeRelay, threads = 2 } = options;
  const statesMax = options.statesMax ?? statesMaxOf(deep);
  const chosen = scenes.filter(({ name }) => options.scene === undefined || name === options.scene);
  const waiting = [...chosen];
  const reports = new Map<string, SceneReport>();
  const work = async (explore: (name: string) => Promise<SceneReport>) => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      reports.set(next.name, await explore(next.name));
    }
  };
  const here = (name: string) => exploreScene(sceneOf(name), { deep, statesMax, makeRelay });
  const others = makeRelay === undefined ? Math.min(threads, chosen.length) - 1 : 0;
  const hands = Array.from({ length: Math.max(0, others) }, () => startHand({ deep, statesMax }));
  try {
    await Promise.all([work(here), ...hands.map((hand) => work(hand.explore))]);
  } finally {
    for (const hand of hands) await hand.end();
  }
  return reportOf(
    deep,
    chosen.flatMap(({ name }) => reports.get(name) ?? []),
  );
}

function sceneOf(name: string) {
  const scene = scenes.find((one) => one.name === name);
  if (scene === undefined) throw new Error(`There is no scene "${name}".`);
  return scene;
}

function reportOf(deep: boolean, explored: readonly SceneReport[]): CheckReport {
  const taken = new Set(explored.flatMap(({ rows }) => rows));
  const wanted = allRows().filter((row) => !waivedRows.has(row));
  const missing = wanted.filter((row) => !taken.has(row));
  const sum = (count: (one: SceneReport) => number) => explored.reduce((total, one) => total + count(one), 0);
  const violation = explored.find((one) => one.violation !== undefined)?.violation;
  return {
    deep,
    states: sum(({ states }) => states),
    transitions: sum(({ transitions }) => transitions),
    depth: Math.max(0, ...explored.map(({ depth }) => depth)),
    turns: sum(({ turns }) => turns),
    complete: explored.every(({ complete }) => complete),
    coverage: {
      covered: wanted.length - missing.length,
      total: wanted.length,
      missing,
      waived: [...waivedRows].map(([row, because]) => ({ row, because })),
    },
    scenes: explored,
    ...(violation === undefined ? {} : { violation }),
  };
}
