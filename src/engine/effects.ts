// What accepting or applying an item does beyond its ResponseItem (src/ports/item-kind.ts), as part of a change.
import type { Effects } from "../items/build-response.ts";
import type { Kind } from "../model/keys.ts";
import type { Change } from "./change.ts";
import type { Account } from "./context.ts";
import { putSecret } from "./vault.ts";

/** Writes what accepting or applying a Request wants, with what it has for the vault. */
export function applyItemEffects(account: Account, change: Change, effects: Effects): void {
  applyEffects(change, effects);
  for (const secret of effects.secrets) putSecret(account, change, secret);
}

/** Writes what the item kinds want; their keys begin with the kind of document. */
export function applyEffects(change: Change, effects: Omit<Effects, "secrets">): void {
  const placed = (key: string): [Kind, string] => {
    const slash = key.indexOf("/");
    return [key.slice(0, slash) as Kind, key.slice(slash + 1)];
  };
  for (const { key, document } of effects.puts) change.put(...placed(key), document);
  for (const key of effects.deletes) change.remove(...placed(key));
  for (const { entity, dueAt } of effects.deadlines) change.deadline(entity, dueAt);
  for (const { name, data } of effects.events) change.event(name, () => data);
}
