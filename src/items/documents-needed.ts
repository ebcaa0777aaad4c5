import type { Decision } from "../model/decision.ts";
import { itemsOf, type Request } from "../model/request.ts";
import { pairsOf } from "./decisions.ts";
import type { ItemKinds } from "./item-kinds.ts";

/** The keys of the documents that the kinds want to read before they judge these items, each once. */
export function documentsNeeded(request: Request, kinds: ItemKinds, decision?: Decision): readonly string[] {
  const keys = new Set<string>();
  const pairs =
    decision === undefined ? itemsOf(request).map((item) => [item, undefined] as const) : pairsOf(request, decision);
  for (const [item, choice] of pairs)
    for (const key of kinds.get(item["@type"])?.needs?.(item, choice) ?? []) keys.add(key);
  return [...keys];
}
