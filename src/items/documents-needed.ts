import type { Decision } from "../model/decision.ts";
import type { JsonObject } from "../model/json.ts";
import { isGroup, itemsOf, type Request, type RequestItem } from "../model/request.ts";
import { isResponseGroup, type Response } from "../model/response.ts";
import type { ItemInfo, ItemMoment, RelayCall } from "../ports/item-kind.ts";
import { pairsOf } from "./decisions.ts";
import type { ItemKinds } from "./item-kinds.ts";

/** A Request about to be judged: with a decision at the recipient, with a Response at the sender, or as it is. */
export interface Occasion {
  readonly request: Request;
  readonly kinds: ItemKinds;
  readonly info: ItemInfo;
  readonly decision?: Decision;
  readonly response?: Response;
}

/** The keys of the documents that the kinds want to read and that `info.known` does not have yet, each once. */
export function documentsNeeded(occasion: Occasion): readonly string[] {
  const keys = new Set<string>();
  for (const [item, moment] of momentsOf(occasion))
    for (const key of occasion.kinds.get(item["@type"])?.needs?.(item, moment) ?? [])
      if (!occasion.info.known.has(key)) keys.add(key);
  return [...keys];
}

/** What the kinds want to ask the relay, each question once. */
export function looksNeeded(occasion: Occasion): readonly RelayCall[] {
  const looks = new Map<string, RelayCall>();
  for (const [item, moment] of momentsOf(occasion))
    for (const look of occasion.kinds.get(item["@type"])?.looks?.(item, moment) ?? [])
      if (!occasion.info.known.has(look.key)) looks.set(look.key, look);
  return [...looks.values()];
}

/** True when a kind of this Request wants to know anything at all before it judges. */
export function needsKnowledge(request: Request, kinds: ItemKinds): boolean {
  return wishesOf(request, kinds).knowledge;
}

/** True when accepting the Request may take claims. */
export function mayClaim(request: Request, kinds: ItemKinds): boolean {
  return wishesOf(request, kinds).claims;
}

interface Wishes {
  readonly knowledge: boolean;
  readonly claims: boolean;
}

// Asked several times for each decision. A Request is never changed, so what was found holds as long as it lives.
const wishesByRequest = new WeakMap<Request, Wishes & { readonly kinds: ItemKinds }>();

function wishesOf(request: Request, kinds: ItemKinds): Wishes {
  const known = wishesByRequest.get(request);
  if (known?.kinds === kinds) return known;
  let knowledge = false;
  let claims = false;
  for (const item of itemsOf(request)) {
    const kind = kinds.get(item["@type"]);
    claims ||= kind?.claims !== undefined;
    knowledge ||= claims || kind?.needs !== undefined || kind?.looks !== undefined;
  }
  const wishes = { knowledge, claims, kinds };
  wishesByRequest.set(request, wishes);
  return wishes;
}

function momentsOf({ request, info, decision, response }: Occasion): readonly (readonly [RequestItem, ItemMoment])[] {
  if (decision !== undefined)
    return pairsOf(request, decision).map(([item, choice]) => [item, { info, decision: choice }]);
  if (response !== undefined)
    return answersOf(request, response).map(([item, answer]) => [item, { info, response: answer }]);
  return itemsOf(request).map((item) => [item, { info }]);
}

// As far as the Response mirrors the Request; where it does not, it is refused later.
function answersOf(request: Request, response: Response): readonly (readonly [RequestItem, JsonObject])[] {
  const pairs: (readonly [RequestItem, JsonObject])[] = [];
  request.items.forEach((entry, index) => {
    const answer = response.items[index];
    if (answer === undefined) return;
    if (isGroup(entry) && isResponseGroup(answer))
      entry.items.forEach((item, child) => {
        const inner = answer.items[child];
        if (inner !== undefined) pairs.push([item, inner]);
      });
    else if (!isGroup(entry) && !isResponseGroup(answer)) pairs.push([entry, answer]);
  });
  return pairs;
}
