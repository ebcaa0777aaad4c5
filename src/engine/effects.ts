// What accepting or applying an item does beyond its ResponseItem (src/ports/item-kind.ts), as part of a change.
import type { Effects } from "../items/build-response.ts";
import type { Kind } from "../model/keys.ts";
import type { Change } from "./change.ts";

/** Writes what the item kinds want; their keys begin with the kind of document. */
export function applyEffects(change: Change, effects: Effects): void {
  const placed = (key: string): [Kind, string] => {
    const slash = key.indexOf("/");
    return [key.slice(0, slash) as Kind, key.slice(slash + 1)];
  };
  for (const { key, document } of effects.puts) change.put(...placed(key), document);
  for (const key of effects.deletes) change.remove(...placed(key));
  for (const { entity, dueAt } of effects.deadlines) change.deadline(entity, dueAt);
  for (const { name, data } of effects.events) change.event(name, () => data);
}
