import { createSeededEntropy } from "../seeded-entropy.ts";

/** Chances that are the same whenever the same seed and step ask for them in the same order. */
export interface Draws {
  /** A whole number from 0 up to, but without, the bound. */
  below(bound: number): number;
  /** A whole number from the first to the last, both included. */
  between(first: number, last: number): number;
  /** True once in so many times. */
  once(inTimes: number): boolean;
  /** One of them; undefined when there is none. */
  pick<T>(list: readonly T[]): T | undefined;
}

/** What streams of one seed and one step are for. They do not overlap. */
export const streams = { choices: 0, entropy: 1 } as const;

/** The number that seeds a stream: for one seed, no two steps have the same. */
export function seedOf(seed: number, step: number, stream: keyof typeof streams): number {
  // Odd factors keep different steps apart; the seed only moves where they begin.
  return (Math.imul(seed + 1, 0x5bd1e995) + Math.imul(step * 2 + streams[stream], 0x9e3779b1)) | 0;
}

/** The choices of one step. */
export function drawsOf(seed: number, step: number): Draws {
  const entropy = createSeededEntropy(seedOf(seed, step, "choices"));
  const word = () => {
    const [a = 0, b = 0, c = 0, d = 0] = entropy.bytes(4);
    return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  };
  const below = (bound: number) => (bound <= 1 ? 0 : word() % bound);
  return {
    below,
    between: (first, last) => first + below(last - first + 1),
    once: (inTimes) => below(inTimes) === 0,
    pick: (list) => list[below(list.length)],
  };
}
