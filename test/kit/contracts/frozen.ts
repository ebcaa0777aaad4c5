// Data that nobody may change, and how to see that somebody did.
import { expect } from "vitest";

/** A copy of its own, as JSON carries it. */
export function copied<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** Runs something with a copy of the data, and proves that the copy is afterwards what it was before. */
export function untouched<T, R>(data: T, run: (copy: T) => R): R {
  const copy = copied(data);
  const result = run(copy);
  expect(copy, "what was handed over was changed").toEqual(copied(data));
  return result;
}

/** The same, frozen all the way down. */
export function frozen<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) frozen(inner);
  return Object.freeze(value);
}
