// Walks the paths of the story; before each command a snapshot, from which the command is tried at every point of failure.
import { RapportError } from "rapport/core";
import { type CrashPoint, PlannedCrash } from "rapport/testkit";
import { count } from "../proof/figures.ts";
import { createStage, digestOf, emptySnapshot, relayName, type Snapshot, type Stage } from "./crash-stage.ts";
import { accountOf, paths, type Step } from "./crash-story.ts";

/** One command at one place of the story, with what it leads to when nothing goes wrong. */
interface Scene {
  /** The commands up to this one. */
  readonly title: string;
  readonly step: Step;
  readonly commandId: string;
  readonly before: Snapshot;
  readonly people: readonly string[];
  readonly expected: readonly string[];
  /** Port calls of the person's engine, those of them that go to the relay, and calls of the relay's store. */
  readonly calls: number;
  readonly relayCalls: readonly number[];
  readonly storeCalls: number;
}

let seeds = 1;

/** Every command of the paths, once. */
async function scenes(told: readonly (readonly Step[])[]): Promise<Scene[]> {
  const known = new Map<string, { scene: Scene; after: Snapshot }>();
  for (const steps of told) {
    let before = await emptySnapshot();
    const people: string[] = [];
    const names: string[] = [];
    for (const step of steps) {
      names.push(`${step.name} (${step.who})`);
      if (!people.includes(step.who)) people.push(step.who);
      const title = names.join(", ");
      const told =
        known.get(title) ??
        (await tell({ title, step, commandId: `command-${names.length}`, before, people: [...people] }));
      known.set(title, told);
      before = told.after;
    }
  }
  return [...known.values()].map(({ scene }) => scene);
}

async function tell(given: Pick<Scene, "title" | "step" | "commandId" | "before" | "people">) {
  await using stage = await createStage(given.before, seeds++);
  const run = await prepared(stage, given);
  const points = stage.points(given.step.who);
  points.watch();
  stage.points(relayName).watch();
  await run();
  const { calls } = points;
  const relayCalls = [...points.relayCalls];
  const storeCalls = stage.points(relayName).calls;
  const after = stage.snapshot();
  const expected = await ending(stage, given);
  const scene: Scene = { ...given, expected, calls, relayCalls, storeCalls };
  return { scene, after };
}

// Every command of the story has an id of its own; the swept one is repeated with it.
async function prepared(stage: Stage, { step, people, commandId }: Pick<Scene, "step" | "people" | "commandId">) {
  for (const name of people) {
    const engine = await stage.engine(name);
    if (name !== step.who || step.name !== "accounts.create") await engine.accounts.get(name);
  }
  const found = (await step.find?.(stage)) ?? "";
  return async () => step.run(await stage.engine(step.who), found, commandId);
}

/** Everybody finishes what is open and hears what is new; then nothing is under way. */
export async function ending(stage: Stage, { people }: Pick<Scene, "people">): Promise<string[]> {
  for (let round = 0; round < 2; round += 1) {
    for (const name of people) await (await accountOf(stage, name)).sync();
  }
  return [...digestOf(stage, [relayName, ...people]), ...disagreements(stage, people)];
}

// R2: whoever still holds the Relationship has the relay's audit log.
function disagreements(stage: Stage, people: readonly string[]): string[] {
  const logs = new Map<string, Set<string>>();
  for (const [key, document] of people.flatMap((name) => [...stage.disk(name).documents()])) {
    const [, kind, id = ""] = key.split("/");
    if (kind !== "relationships") continue;
    const known = logs.get(id) ?? new Set();
    logs.set(id, known.add(JSON.stringify([document["status"], document["auditLog"]])));
  }
  return [...logs.values()].filter((different) => different.size > 1).map((different) => [...different].join(" / "));
}

/** Tries the command once with the point of failure; what was found wrong, or undefined when it happened exactly once. */
async function attempt(scene: Scene, point: CrashPoint, victim: "engine" | "relay"): Promise<string[] | undefined> {
  const what: string[] = [];
  try {
    await using stage = await createStage(scene.before, seeds++);
    const run = await prepared(stage, scene);
    const name = victim === "relay" ? relayName : scene.step.who;
    const points = stage.points(name);
    points.watch(point);
    const problem = await problemOf(() => run());
    points.heal();
    if (!points.hasStruck) what.push("The point was not reached.");
    if (problem !== undefined && !isPlanned(problem)) what.push(`The command failed otherwise: ${String(problem)}`);
    if (points.isDead) {
      await stage.restart(name);
      if (point.when === "after") await dieAgain(stage, name, { at: 1 + ((point.at * 7) % 12), run });
    }
    // Some users repeat at once, others let the engine finish what is open first.
    if (point.at % 2 === 0 && scene.step.name !== "accounts.create")
      await (await accountOf(stage, scene.step.who)).sync();
    await run();
    const found = await ending(stage, scene);
    what.push(...difference(found, scene.expected));
    for (const pair of stage.nonces.repeats) what.push(`Key and nonce were used twice: ${pair}`);
  } catch (problem) {
    what.push(problem instanceof Error ? `${problem.stack}` : String(problem));
  }
  return what.length === 0 ? undefined : what;
}

// Recovering can be cut short too: the fresh process dies at another call, which the command may not even reach.
async function dieAgain(stage: Stage, name: string, { at, run }: { at: number; run: () => Promise<unknown> }) {
  stage.points(name).watch({ at, when: "before", how: "kill" });
  const problem = await problemOf(run);
  if (problem !== undefined && !isPlanned(problem)) throw problem;
  stage.points(name).heal();
  if (stage.points(name).isDead) await stage.restart(name);
}

/** What it threw, if it threw. */
export async function problemOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work();
    return undefined;
  } catch (problem) {
    return problem;
  }
}

/** True for what a point of failure makes a process see. */
export function isPlanned(problem: unknown): boolean {
  if (problem instanceof PlannedCrash) return true;
  return problem instanceof RapportError && ["store.unavailable", "relay.unreachable"].includes(problem.code);
}

/** The lines that are too many, and those that are missing. */
export function difference(found: readonly string[], expected: readonly string[]): string[] {
  const left = [...expected];
  const surplus: string[] = [];
  for (const line of found) {
    const at = left.indexOf(line);
    if (at === -1) surplus.push(`+ ${line}`);
    else left.splice(at, 1);
  }
  return [...surplus, ...left.map((line) => `- ${line}`)];
}

/** How something goes wrong: the engine dies, one of its calls fails, its relay falls silent, or the relay dies. */
export type Mishap = "kill" | "fail" | "silence" | "relay";

/** The points of failure of a command. */
function pointsOf(scene: Scene, kind: Mishap): CrashPoint[] {
  const row = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
  const both = (at: number, how: CrashPoint["how"]): CrashPoint[] => [
    { at, when: "before", how },
    { at, when: "after", how },
  ];
  if (kind === "relay") return row(scene.storeCalls).flatMap((at) => both(at, "kill"));
  if (kind === "silence") return scene.relayCalls.flatMap((at) => both(at, "silence"));
  return row(scene.calls).flatMap((at) => both(at, kind));
}

/** Tries every command at every point of the kinds, and prints how many there were, in one line. */
export async function sweep(kinds: readonly Mishap[]) {
  const all = await scenes(Object.values(paths));
  const wrong: string[] = [];
  const points = new Map<string, number>();
  for await (const { kind, complaint } of trying(all, kinds)) {
    points.set(kind, (points.get(kind) ?? 0) + 1);
    count("crashPoints");
    if (complaint !== undefined) wrong.push(complaint);
  }
  const counts = [...points].map(([kind, tried]) => `${tried} of kind ${kind}`);
  console.log(`Crash sweep: ${all.length} commands, points tried: ${counts.join(", ")}; ${wrong.length} went wrong.`);
  return { points, wrong };
}

/** The same for one path of the story, until the first point that goes wrong. */
export async function sweepUntilWrong(path: string, kinds: readonly Mishap[]) {
  const steps = paths[path];
  if (steps === undefined) throw new Error(`The story has no path "${path}".`);
  let points = 0;
  for await (const { complaint } of trying(await scenes([steps]), kinds)) {
    points += 1;
    if (complaint !== undefined) return { points, complaint };
  }
  return { points };
}

async function* trying(all: readonly Scene[], kinds: readonly Mishap[]) {
  for (const kind of kinds) {
    for (const scene of all) {
      for (const point of pointsOf(scene, kind)) {
        const victim = kind === "relay" ? "relay" : "engine";
        const found = await attempt(scene, point, victim);
        const { how, when, at } = point;
        const what = `${scene.title}: ${victim}, ${how} ${when} call ${at}`;
        yield { kind, complaint: found && `${what}\n${found.join("\n")}` };
      }
    }
  }
}
