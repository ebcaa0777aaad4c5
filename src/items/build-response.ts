import { invariant } from "../errors/bug.ts";
import type { Decision, ItemDecision } from "../model/decision.ts";
import { extended } from "../model/extended.ts";
import type { JsonObject } from "../model/json.ts";
import { isGroup, type Request, type RequestItem } from "../model/request.ts";
import type { Response, ResponseItem } from "../model/response.ts";
import type { ItemEffects, ItemInfo } from "../ports/item-kind.ts";
import type { ItemKinds } from "./item-kinds.ts";
import { createOverlay } from "./overlay.ts";

/** What answering takes: a decision that `validateDecision` allowed. */
export interface Answering {
  readonly request: Request;
  readonly decision: Decision;
  readonly result: "accept" | "reject";
  readonly requestId: string;
  readonly kinds: ItemKinds;
  readonly info: ItemInfo;
}

/** All effects of the items of one Request, to be written in one commit. */
export type Effects = Required<ItemEffects>;

/**
 * The Response, position by position, and what accepting and rejecting does beyond it. Metadata is not echoed. Throws what
 * a kind throws: nothing may be written then.
 */
export function buildResponse(answering: Answering): { readonly response: Response; readonly effects: Effects } {
  const { request, decision, result, requestId, kinds } = answering;
  const parts: ItemEffects[] = [];
  const overlay = createOverlay(answering.info.known);
  const answer = (item: RequestItem, choice: ItemDecision | undefined): ResponseItem => {
    invariant(choice !== undefined && "accept" in choice, "the decision has the shape of the Request");
    const info = extended(answering.info, { known: overlay.known });
    const { response, effects } = choice.accept
      ? accepted(item, choice, { kinds, info })
      : rejected(item, choice, { kinds, info });
    if (effects !== undefined) parts.push(effects);
    overlay.write(effects);
    return response as ResponseItem;
  };
  const items = request.items.map((entry, index) => {
    const choice = decision.items[index];
    if (!isGroup(entry)) return answer(entry, choice !== undefined && "accept" in choice ? choice : undefined);
    invariant(choice !== undefined && !("accept" in choice), "groups are answered as groups");
    const children = entry.items.map((item, child) => answer(item, choice.items[child]));
    return { "@type": "ResponseItemGroup" as const, items: children };
  });
  const response: Response = {
    "@type": "Response",
    result: result === "accept" ? "Accepted" : "Rejected",
    requestId,
    items,
  };
  return { response, effects: merged(parts) };
}

/** The effects of several items as one, in order. */
export function merged(parts: readonly ItemEffects[]): Effects {
  return {
    puts: parts.flatMap((part) => part.puts ?? []),
    deletes: parts.flatMap((part) => part.deletes ?? []),
    deadlines: parts.flatMap((part) => part.deadlines ?? []),
    events: parts.flatMap((part) => part.events ?? []),
    secrets: parts.flatMap((part) => part.secrets ?? []),
  };
}

interface Answered {
  readonly response: JsonObject;
  readonly effects?: ItemEffects;
}

type Place = Pick<Answering, "kinds" | "info">;

function accepted(item: RequestItem, choice: ItemDecision, { kinds, info }: Place): Answered {
  const kind = kinds.get(item["@type"]);
  return kind?.accept?.(item, choice, info) ?? { response: { "@type": "AcceptResponseItem", result: "Accepted" } };
}

function rejected(item: RequestItem, choice: ItemDecision & { accept: false }, { kinds, info }: Place): Answered {
  const own = kinds.get(item["@type"])?.reject?.(item, choice, info);
  if (own !== undefined) return own;
  const { code, message } = choice;
  return {
    response: {
      "@type": "RejectResponseItem",
      result: "Rejected",
      ...(code === undefined ? {} : { code }),
      ...(message === undefined ? {} : { message }),
    },
  };
}
