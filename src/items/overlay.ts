import type { JsonObject } from "../model/json.ts";
import type { ItemEffects } from "../ports/item-kind.ts";

/** What is known to the items of one Request that are carried out in order: each sees what those before it have written. */
export interface Overlay {
  readonly known: ReadonlyMap<string, JsonObject | undefined>;
  write(effects: ItemEffects | undefined): void;
}

/** An overlay over what was read; that stays as it is. */
export function createOverlay(read: ReadonlyMap<string, JsonObject | undefined>): Overlay {
  let known = read;
  return {
    get known() {
      return known;
    },
    write(effects) {
      if (effects?.puts === undefined && effects?.deletes === undefined) return;
      const next = new Map(known);
      for (const { key, document } of effects.puts ?? []) next.set(key, document);
      for (const key of effects.deletes ?? []) next.set(key, undefined);
      known = next;
    },
  };
}
