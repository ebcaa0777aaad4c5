import { itemsOf, type Request } from "../model/request.ts";
import type { RelayCall } from "../ports/item-kind.ts";
import type { Answering } from "./build-response.ts";
import { pairsOf } from "./decisions.ts";
import type { ItemKinds } from "./item-kinds.ts";

/** True when accepting the Request may take claims. */
export function mayClaim(request: Request, kinds: ItemKinds): boolean {
  return itemsOf(request).some((item) => kinds.get(item["@type"])?.claims !== undefined);
}

/** What the relay must have done before the Request can be answered like this, and has not said yet that it did; in order. */
export function claimsNeeded({
  request,
  decision,
  result,
  kinds,
  info,
}: Omit<Answering, "requestId">): readonly RelayCall[] {
  if (result === "reject") return [];
  const claims: RelayCall[] = [];
  for (const [item, choice] of pairsOf(request, decision))
    if (choice.accept) claims.push(...(kinds.get(item["@type"])?.claims?.(item, choice, info) ?? []));
  return claims.filter(({ key }) => info.known.get(key) === undefined);
}
