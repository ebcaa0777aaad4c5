// Disturbs starts at every point of failure, and looks at what the next start makes of it.
import { hasCode } from "rapport/core";
import { createMemoryStore } from "rapport/plugins/storage-memory";
import type { CrashPoint } from "rapport/testkit";
import { createStage, digestOf, relayName, type Stage } from "./crash-stage.ts";
import type { Start } from "./crash-start-scenes.ts";
import { library } from "./crash-story.ts";
import { difference, ending, isPlanned, problemOf } from "./crash-sweep.ts";

/** A start with what it leads to when nothing goes wrong: at once, and when everybody has heard of it. */
export interface Told {
  readonly start: Start;
  readonly started: readonly string[];
  readonly ended: readonly string[];
  /** Calls to the store and the relay, and those of them that go to the relay. */
  readonly calls: number;
  readonly relayCalls: readonly number[];
}

let seeds = 1;

/** Lets it happen undisturbed. */
export async function tell(start: Start): Promise<Told> {
  await using stage = await createStage(start.before, seeds++);
  await start.run(stage);
  const { calls, relayCalls } = stage.points(library);
  const relayed = [...relayCalls];
  const started = digestOf(stage, [relayName, library]);
  await start.goOn(stage);
  return { start, started, ended: await ending(stage, start), calls, relayCalls: relayed };
}

/** Where its calls can go wrong in one way. A store makes its key once, and that can be killed or fail. */
export function pointsOf({ start, calls, relayCalls }: Told, how: CrashPoint["how"]): CrashPoint[] {
  const row = how === "silence" ? relayCalls : Array.from({ length: calls }, (_, index) => index + 1);
  const isKeyMade = !start.before.disks.has(library) && (how === "kill" || how === "fail");
  const places = [...row.map((at) => ({ at })), ...(isKeyMade ? [{ at: 1, operation: "makeKey" as const }] : [])];
  return places.flatMap((place) => (["before", "after"] as const).map((when) => ({ ...place, when, how })));
}

/**
 * Starts once for every point and then undisturbed, each time in a new process, or asking the same one again as long as
 * it has come that far; what was found wrong.
 */
export function attempt(told: Told, points: readonly CrashPoint[], next: "new" | "same" = "new"): Promise<string[]> {
  return onStage(told, async ({ stage, what, look }) => {
    for (const [index, point] of points.entries()) {
      stage.plan(library, point);
      const problem = await problemOf(() => told.start.run(stage));
      if (problem !== undefined && !isPlanned(problem)) what.push(`The start failed otherwise: ${String(problem)}`);
      // Who dies while recovering may not come as far as the point of the second crash.
      if (index === 0 && !stage.points(library).hasStruck) what.push("The point was not reached.");
      stage.points(library).heal();
      await look();
      if (next === "new") await stage.close(library);
    }
  });
}

/** Starts twice at the same time on one disk: while the first waits at the point, the second does everything. */
export function attemptBeside(told: Told, { at, when }: CrashPoint): Promise<string[]> {
  return onStage(told, async ({ stage, what, look }) => {
    const meanwhile = async () => {
      await look();
      await stage.restart(library);
      await told.start.run(stage);
      await look();
    };
    stage.plan(library, { at, when, how: "wait", meanwhile });
    const problem = await problemOf(() => told.start.run(stage));
    // Who waits before it opens the store is the later one: it takes the disk from the second.
    const isLater = at === 1 && when === "before";
    const isLast = at === told.calls && when === "after";
    const expected = isLater || isLast ? problem === undefined : hasCode(problem, "store.closed");
    if (!expected) what.push(`The first engine got: ${String(problem)}`);
    if (isLater) await stage.close(library);
  });
}

/** Starts a second time, with a point of failure, while the first engine is open and has nothing to do. */
export function attemptOver(told: Told, point: CrashPoint): Promise<string[]> {
  return onStage(told, async ({ stage, what, look }) => {
    await told.start.run(stage);
    const first = await stage.engine(library);
    await look();
    stage.plan(library, point);
    const problem = await problemOf(() => stage.restart(library));
    if (!isPlanned(problem)) what.push(`The second start got: ${String(problem)}`);
    const cut = await problemOf(() => first.accounts.list());
    const isUntouched = point.at === 1 && point.when === "before";
    if (isUntouched ? cut !== undefined : !hasCode(cut, "store.closed")) what.push(`The first got: ${String(cut)}`);
    await stage.restart(library);
  });
}

interface Looking {
  readonly stage: Stage;
  readonly what: string[];
  /** Notes when the store key or its proof is another than at the last look. */
  look(): Promise<void>;
}

// Whatever has happened: a start that nobody disturbs makes everything as it should be.
async function onStage({ start, started, ended }: Told, disturb: (at: Looking) => Promise<void>): Promise<string[]> {
  const what: string[] = [];
  try {
    await using stage = await createStage(start.before, seeds++);
    let kept = await keptOn(stage);
    const look = async () => {
      const now = await keptOn(stage);
      if (kept.key !== undefined && kept.key !== now.key) what.push("The store key changed.");
      if (kept.proof !== undefined && kept.proof !== now.proof) what.push("The proof of the store key changed.");
      kept = now;
    };
    await look();
    await disturb({ stage, what, look });
    await start.run(stage);
    await look();
    what.push(...difference(digestOf(stage, [relayName, library]), started));
    await start.goOn(stage);
    what.push(...difference(await ending(stage, start), ended));
    what.push(...stage.nonces.repeats.map((nonce) => `Key and nonce were used twice: ${nonce}`));
    what.push(...stage.warnings.map((warning) => `A warning: ${warning}`));
  } catch (problem) {
    what.push(problem instanceof Error ? `${problem.stack}` : String(problem));
  }
  return what;
}

// The store key of a disk and its proof, as far as they are there.
async function keptOn(stage: Stage): Promise<{ readonly key: string | undefined; readonly proof: string | undefined }> {
  const disk = stage.disk(library).copy();
  const proofs = [...disk.documents()].filter(([key]) => key.startsWith("engine/proofs/"));
  await using store = createMemoryStore({ disk });
  await store.open([]);
  let isMade = true;
  const key = await store.sealKey?.(() => {
    isMade = false;
    return new Uint8Array(32);
  });
  return {
    key: isMade && key !== undefined ? Buffer.from(key).toString("hex") : undefined,
    proof: proofs.length === 0 ? undefined : JSON.stringify(proofs),
  };
}
