import type { RelayCall } from "../ports/item-kind.ts";
import type { Answering } from "./build-response.ts";
import { pairsOf } from "./decisions.ts";

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
