// Steps that were taken are not taken again: what they come to depends on what they begin with and on nothing else.

/** At once when it is known. */
export type Remembered<T> = T | Promise<T>;

/** Remembers what a beginning came to. */
export interface Memory<T> {
  at(beginning: number, make: () => Promise<T>): Remembered<T>;
}

/** Nothing is remembered yet. */
export function createMemory<T>(): Memory<T> {
  const known = new Map<number, T>();
  return {
    at(beginning, make) {
      const found = known.get(beginning);
      if (found !== undefined) return found;
      return make().then((made) => {
        known.set(beginning, made);
        return made;
      });
    },
  };
}

/** One number for several, each below its bound. */
export function packed(...parts: readonly (readonly [number: number, below: number])[]): number {
  let all = 0;
  for (const [number, below] of parts) {
    if (number >= below) throw new RangeError(`${number} is not below ${below}; the exploration is too large.`);
    all = all * below + number;
  }
  if (all > Number.MAX_SAFE_INTEGER) throw new RangeError("The exploration is too large.");
  return all;
}

/** More parts of one kind than this no exploration has. */
export const partsBelow = 2 ** 21;
