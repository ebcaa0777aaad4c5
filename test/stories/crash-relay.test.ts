import { expect, test } from "vitest";
import { sweep } from "./crash-sweep.ts";

// The floors keep the sweep from shrinking unseen; they are a little below what it had when they were written.

test("a relay killed at any call to its store, and an engine whose call fails once, lose nothing and do nothing twice", async () => {
  const { points, wrong } = await sweep(["relay", "fail"]);

  expect(wrong).toEqual([]);
  expect(points.get("relay")).toBeGreaterThan(1_380);
  expect(points.get("fail")).toBeGreaterThan(1_450);
}, 300_000);
