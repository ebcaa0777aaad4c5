import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonDepthMax, snapshot } from "../../src/model/snapshot.ts";

test("a snapshot equals what JSON text would give", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const expected: unknown = JSON.parse(JSON.stringify(value));

      expect(snapshot(value)).toEqual({ ok: true, value: expected });
    }),
  );
});

test("a member called __proto__ stays a member and changes no prototype", () => {
  const hostile: unknown = JSON.parse('{"__proto__":{"isAdmin":true},"a":1}');
  const outcome = snapshot(hostile);

  expect(outcome.ok && JSON.stringify(outcome.value)).toBe('{"__proto__":{"isAdmin":true},"a":1}');
  expect(outcome.ok && Object.getPrototypeOf(outcome.value)).toBe(Object.prototype);
});

test.for<[string, unknown, string]>([
  ["a function", { a: [() => 1] }, "a[0]"],
  ["a hole", { a: [1, undefined] }, "a[1]"],
  ["a big integer", { a: 1n }, "a"],
  ["an instance of a class", { a: { b: new Map() } }, "a.b"],
  ["infinity", [Number.POSITIVE_INFINITY], "[0]"],
  ["nothing", undefined, "content"],
])("%s is refused with its path", ([, value, path]) => {
  const outcome = snapshot(value);

  expect(outcome).toMatchObject({ ok: false, refusal: { code: "error.runtime.validation.invalidPayload" } });
  expect(outcome.ok || outcome.refusal.message.split(" ")[0]).toBe(path);
});

test("content nested too deep, or around in a circle, is refused and not a crash", () => {
  const nested = (depth: number): unknown => JSON.parse(`${"[".repeat(depth)}${"]".repeat(depth)}`);
  const circle: { self?: unknown } = {};
  circle.self = circle;

  expect(snapshot(nested(jsonDepthMax)).ok).toBe(true);
  expect(snapshot(nested(jsonDepthMax + 1)).ok).toBe(false);
  expect(snapshot(nested(1_000_000)).ok).toBe(false);
  expect(snapshot(circle).ok).toBe(false);
});
