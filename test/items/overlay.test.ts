import type { JsonObject } from "rapport/core";
import { expect, test } from "vitest";
import { createOverlay } from "../../src/items/overlay.ts";

const read = new Map<string, JsonObject | undefined>([
  ["attributes/a", { is: "read" }],
  ["attributes/b", { is: "read" }],
  ["attributes/c", undefined],
]);

test("what was written covers what was read, which stays as it is", () => {
  const overlay = createOverlay(read);
  const { known } = overlay;

  overlay.write({ puts: [{ key: "attributes/a", document: { is: "written" } }], deletes: ["attributes/b"] });
  overlay.write(undefined);

  expect(known.get("attributes/a")).toEqual({ is: "written" });
  expect(known.has("attributes/b")).toBe(true);
  expect(known.get("attributes/b")).toBeUndefined();
  expect(known.has("attributes/d")).toBe(false);
  expect(known.size).toBe(3);
  expect([...known]).toEqual([...known.entries()]);
  expect([...known.keys()]).toEqual(["attributes/a", "attributes/b", "attributes/c"]);
  expect([...known.values()]).toEqual([{ is: "written" }, undefined, undefined]);
  const walked: string[] = [];
  for (const [key] of known) walked.push(key);
  known.forEach((_document, key) => {
    walked.push(key);
  });
  expect(walked).toHaveLength(6);
  expect(read.get("attributes/a")).toEqual({ is: "read" });
});

test("a write does not walk through all that is known: thousands of items take thousands of writes", () => {
  const walked = () => {
    throw new Error("All that is known was walked through.");
  };
  const large = Object.assign(new Map(read), { [Symbol.iterator]: walked, entries: walked, forEach: walked });
  const overlay = createOverlay(large);

  overlay.write({ puts: [{ key: "attributes/d", document: {} }] });

  expect(overlay.known.get("attributes/d")).toEqual({});
});
