import { expect, test } from "vitest";
import { sweep } from "./crash-sweep.ts";

// The floors keep the sweep from shrinking unseen; they are a little below what it had when they were written.

test("an engine killed at any call to its store or its relay, or cut off from its relay, goes on as if nothing had been", async () => {
  const { points, wrong } = await sweep(["kill", "silence"]);

  expect(wrong).toEqual([]);
  expect(points.get("kill")).toBeGreaterThan(1_950);
  expect(points.get("silence")).toBeGreaterThan(310);
}, 300_000);
