import type { CrashPoint } from "rapport/testkit";
import { expect, test } from "vitest";
import { count } from "../proof/figures.ts";
import { attempt, attemptBeside, attemptOver, pointsOf, type Told, tell } from "./crash-start.ts";
import { firstStart, laterStart, lateStart } from "./crash-start-scenes.ts";

/** Prints how many points of each kind were tried, in one line. */
function createTally() {
  const tried = new Map<string, number>();
  const wrong: string[] = [];
  return {
    tried,
    wrong,
    note: (told: Told, [kind, points]: readonly [string, readonly CrashPoint[]], found: readonly string[]) => {
      tried.set(kind, (tried.get(kind) ?? 0) + 1);
      count("crashPoints");
      if (found.length === 0) return;
      const names = points.map(({ how, when, operation, at }) => `${how} ${when} ${operation ?? "call"} ${at}`);
      wrong.push(`${told.start.title}: ${names.join(", then ")}\n${found.join("\n")}`);
    },
    print: () => {
      const counts = [...tried].map(([kind, times]) => `${times} of kind ${kind}`).join(", ");
      console.log(`Crash sweep of starts, points tried: ${counts}; ${wrong.length} went wrong.`);
    },
  };
}

// The floors keep the sweep from shrinking unseen; they are a little below what it had when they were written.

test("a start killed, failing or cut off at any call leaves a store that the next one opens, and nothing is done twice", async () => {
  const tally = createTally();
  for (const start of [await firstStart(), await laterStart("before"), await laterStart("after")]) {
    const told = await tell(start);
    for (const how of ["kill", "fail", "silence"] as const) {
      for (const point of pointsOf(told, how)) tally.note(told, [how, [point]], await attempt(told, [point]));
    }
  }
  tally.print();

  expect(tally.wrong).toEqual([]);
  expect(tally.tried.get("kill")).toBeGreaterThan(280);
  expect(tally.tried.get("fail")).toBeGreaterThan(280);
  expect(tally.tried.get("silence")).toBeGreaterThan(20);
}, 300_000);

test("a start that dies again while it makes good what the first one left does so the third time", async () => {
  const tally = createTally();
  const first = await tell(await firstStart());
  for (const one of pointsOf(first, "kill")) {
    for (const other of pointsOf(first, "kill")) {
      tally.note(first, ["two kills", [one, other]], await attempt(first, [one, other]));
    }
  }
  for (const when of ["before", "after"] as const) {
    const later = await tell(await laterStart(when));
    for (const one of pointsOf(later, "kill")) {
      const other: CrashPoint = { at: 1 + ((one.at * 7) % later.calls), when, how: "kill" };
      tally.note(later, ["two kills", [one, other]], await attempt(later, [one, other]));
    }
  }
  tally.print();

  expect(tally.wrong).toEqual([]);
  expect(tally.tried.get("two kills")).toBeGreaterThan(380);
}, 300_000);

test("of two engines that start on one disk in memory the later one has it, whenever it comes, and nothing is done twice", async () => {
  const tally = createTally();
  for (const start of [await firstStart(), await laterStart("before"), await laterStart("after")]) {
    const told = await tell(start);
    for (const point of pointsOf(told, "wait")) tally.note(told, ["wait", [point]], await attemptBeside(told, point));
  }
  tally.print();

  expect(tally.wrong).toEqual([]);
  expect(tally.tried.get("wait")).toBeGreaterThan(280);
}, 300_000);

test("a start that is killed or fails over an open engine cuts that one off or leaves it alone, and the next has everything", async () => {
  const tally = createTally();
  for (const start of [await firstStart(), await laterStart("after")]) {
    const told = await tell(start);
    for (const how of ["kill", "fail"] as const) {
      // Opening, the key and its proof: there is nothing to be made.
      const points = pointsOf({ ...told, calls: 3 }, how).filter(({ operation }) => operation === undefined);
      for (const point of points) tally.note(told, [how, [point]], await attemptOver(told, point));
    }
  }
  tally.print();

  expect(tally.wrong).toEqual([]);
  expect([...tally.tried.values()]).toEqual([12, 12]);
});

test("an engine whose account failed to open finishes what is open when it is asked for it again", async () => {
  const tally = createTally();
  for (const when of ["before", "after"] as const) {
    const told = await tell(await laterStart(when));
    for (const point of pointsOf(told, "fail"))
      tally.note(told, ["fail", [point]], await attempt(told, [point], "same"));
  }
  tally.print();

  expect(tally.wrong).toEqual([]);
}, 300_000);

test("an account whose challenge is over is made in the end, wherever a start before was killed", async () => {
  const tally = createTally();
  for (const when of ["before", "after"] as const) {
    const told = await tell(await lateStart(when));
    for (const how of ["kill", "fail", "silence"] as const) {
      for (const point of pointsOf(told, how)) tally.note(told, [how, [point]], await attempt(told, [point]));
    }
    for (const point of pointsOf(told, "wait")) tally.note(told, ["wait", [point]], await attemptBeside(told, point));
  }
  tally.print();

  expect(tally.wrong).toEqual([]);
});
