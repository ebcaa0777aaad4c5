import type { ItemDecision } from "../model/decision.ts";
import { extended } from "../model/extended.ts";
import type { RequestItem } from "../model/request.ts";
import type { Validation } from "../model/validation.ts";
import type { ItemInfo } from "../ports/item-kind.ts";
import { guarded } from "./guarded.ts";
import type { ItemKinds } from "./item-kinds.ts";
import { createOverlay } from "./overlay.ts";

/** Items that are to be accepted together. */
export interface Rehearsed {
  readonly pairs: readonly (readonly [RequestItem, ItemDecision])[];
  readonly kinds: ItemKinds;
  readonly info: ItemInfo;
}

/**
 * The first item that cannot be accepted once those before it are, though each could be alone: two that bring the same id,
 * or an older version after the newer. Items that the relay must do something for are left out, as that has not happened.
 */
export function rehearse({ pairs, kinds, info }: Rehearsed): { at: RequestItem; verdict: Validation } | undefined {
  const touching = pairs.filter(([item, decision]) => decision.accept && kinds.get(item["@type"])?.needs !== undefined);
  if (touching.length < 2) return undefined;
  const overlay = createOverlay(info.known);
  for (const [item, decision] of touching) {
    const kind = kinds.get(item["@type"]);
    if (kind?.accept === undefined || kind.claims !== undefined) continue;
    const now = extended(info, { known: overlay.known });
    const verdict = guarded(() => kind.canAccept?.(item, decision, now));
    if (!verdict.isSuccess) return { at: item, verdict };
    overlay.write(kind.accept(item, decision, now).effects);
  }
  return undefined;
}
