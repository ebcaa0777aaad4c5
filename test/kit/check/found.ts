import type { Move } from "./parts.ts";

/** Something that must never be, and what it says. */
export class Broken extends Error {
  override readonly name = "Broken";
  /** The step during which it broke, if it was one. */
  during: Move | undefined;
  /** The fair steps after which it showed. */
  readonly after: number[] = [];
}

/** Stops when something that must hold does not. */
export function must(holds: boolean, sentence: () => string): void {
  if (!holds) throw new Broken(sentence());
}
