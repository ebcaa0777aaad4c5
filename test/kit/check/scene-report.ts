// What came of exploring one scene, as plain data: it travels between threads and is printed as JSON.
import { allRows } from "./coverage.ts";
import { diagramOf } from "./diagram.ts";
import { explore } from "./explorer.ts";
import type { MakeRelay } from "./life.ts";
import { type Scene, startMs } from "./scene.ts";
import { setScene } from "./stage.ts";

/** One scene explored. */
export interface SceneReport {
  readonly name: string;
  readonly about: string;
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  /** Whether that is every state that can be reached within the scene's bounds. */
  readonly complete: boolean;
  /** Different steps that the real engines and the real relay took. */
  readonly turns: number;
  /** Rows of the charts that were taken. */
  readonly rows: readonly string[];
  readonly violation?: Violation;
}

/** Something that is broken, and the shortest way to it. */
export interface Violation {
  readonly scene: string;
  readonly sentence: string;
  /** A sequence diagram in Mermaid's notation. */
  readonly diagram: string;
}

/** How far a scene is explored. */
export interface Bounds {
  readonly deep: boolean;
  readonly statesMax: number;
  readonly makeRelay?: MakeRelay | undefined;
}

/** Explores one scene. */
export async function exploreScene(scene: Scene, { deep, statesMax, makeRelay }: Bounds): Promise<SceneReport> {
  const set = await setScene(scene);
  const coverage = new Set<string>();
  const times = (scene.moments ?? [0]).map((ms) => startMs + ms);
  const bench = { scene, ...set, times, coverage, makeRelay };
  const { states, transitions, depth, isComplete, turns, broken } = await explore(
    bench,
    set.root,
    deep ? Math.max(statesMax, scene.statesMaxDeep ?? 0) : statesMax,
  );
  const rows = allRows().filter((row) => coverage.has(row));
  const { name, about } = scene;
  const report = { name, about, states, transitions, depth, complete: isComplete, turns, rows };
  if (broken === undefined) return report;
  return { ...report, violation: { scene: name, sentence: broken.sentence, diagram: diagramOf(broken) } };
}
