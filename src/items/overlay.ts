import type { JsonObject } from "../model/json.ts";
import type { ItemEffects } from "../ports/item-kind.ts";

type Known = ReadonlyMap<string, JsonObject | undefined>;

/** What is known to the items of one Request that are carried out in order: each sees what those before it have written. */
export interface Overlay {
  /** One and the same object, which shows what was written so far. */
  readonly known: Known;
  write(effects: ItemEffects | undefined): void;
}

/** An overlay over what was read; that stays as it is. A write costs what it writes, however much is known. */
export function createOverlay(read: Known): Overlay {
  const written = new Map<string, JsonObject | undefined>();
  return {
    known: layered(read, written),
    write(effects) {
      for (const { key, document } of effects?.puts ?? []) written.set(key, document);
      for (const key of effects?.deletes ?? []) written.set(key, undefined);
    },
  };
}

// Looking up is all that kinds do; whoever walks through it pays for a copy.
function layered(read: Known, written: Known): Known {
  const whole = () => new Map([...read, ...written]);
  return {
    get: (key) => (written.has(key) ? written.get(key) : read.get(key)),
    has: (key) => written.has(key) || read.has(key),
    get size() {
      return whole().size;
    },
    forEach: (each, at) => whole().forEach(each, at),
    entries: () => whole().entries(),
    keys: () => whole().keys(),
    values: () => whole().values(),
    [Symbol.iterator]: () => whole().entries(),
  };
}
