// Equal parts get equal numbers.

/** Numbers for things that have a name. */
export interface Interning<T> {
  readonly size: number;
  /** The number of the thing with this name; `made` is kept for the first one. */
  number(name: string, made: () => T): number;
  at(number: number): T;
}

/** Nothing has a number yet. `first` sees each thing once. */
export function createInterning<T>(first: (thing: T, number: number) => void = () => undefined): Interning<T> {
  const numbers = new Map<string, number>();
  const things: T[] = [];
  return {
    get size() {
      return things.length;
    },
    number(name, made) {
      const known = numbers.get(name);
      if (known !== undefined) return known;
      const number = things.length;
      const thing = made();
      things.push(thing);
      numbers.set(name, number);
      first(thing, number);
      return number;
    },
    at(number) {
      const thing = things[number];
      if (thing === undefined) throw new Error(`Nothing has the number ${number}.`);
      return thing;
    },
  };
}
