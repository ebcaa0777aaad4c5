import { extended } from "../model/extended.ts";
import { itemsOf, type Request } from "../model/request.ts";
import type { ItemEffects, ItemInfo } from "../ports/item-kind.ts";
import { type Effects, merged } from "./build-response.ts";
import type { ItemKinds } from "./item-kinds.ts";
import { createOverlay } from "./overlay.ts";

/** A Request that was just sent. */
export interface SentRequest {
  readonly request: Request;
  readonly kinds: ItemKinds;
  readonly info: ItemInfo;
}

/** True when a kind of this Request notes that it was sent. */
export function notesSending(request: Request, kinds: ItemKinds): boolean {
  return itemsOf(request).some((item) => kinds.get(item["@type"])?.sent !== undefined);
}

/** What the items do at the sender because they were sent, in order. */
export function sentEffects({ request, kinds, info }: SentRequest): Effects {
  const overlay = createOverlay(info.known);
  const parts: ItemEffects[] = [];
  for (const item of itemsOf(request)) {
    const effects = kinds.get(item["@type"])?.sent?.(item, extended(info, { known: overlay.known }));
    if (effects === undefined) continue;
    parts.push(effects);
    overlay.write(effects);
  }
  return merged(parts);
}
