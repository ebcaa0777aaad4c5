import { type Code, isCode } from "../errors/catalogue.ts";
import { allow, type Outcome, type Refusal, refuse } from "../errors/refusal.ts";
import { extended } from "../model/extended.ts";
import { isGroup, type Request, type RequestItem, type RequestItemGroup } from "../model/request.ts";
import { isResponseGroup, type Response, type ResponseItem, type ResponseItemGroup } from "../model/response.ts";
import type { ItemEffects, ItemInfo } from "../ports/item-kind.ts";
import { type Effects, merged } from "./build-response.ts";
import { guarded } from "./guarded.ts";
import type { ItemKinds } from "./item-kinds.ts";
import { createOverlay } from "./overlay.ts";

/** What applying takes: a parsed Response and the Request that it should answer. */
export interface Applying {
  readonly request: Request;
  readonly response: Response;
  readonly kinds: ItemKinds;
  readonly info: ItemInfo;
}

/**
 * What the peer's Response does at the sender. The Response must mirror the Request position by position and keep its
 * terms (spec/domain.md 12 #16), and every kind must agree; a refusal leaves no effect of any of them.
 */
export function applyResponse(applying: Applying): Outcome<Effects> {
  const { request, response, kinds, info } = applying;
  const pairs: Pair[] = [];
  const refusal = idRefusal(applying) ?? mirrorRefusal(request, response, pairs);
  if (refusal !== undefined) return { ok: false, refusal };
  const parts: ItemEffects[] = [];
  const overlay = createOverlay(info.known);
  for (const pair of pairs) {
    const at = extended(applying, { info: extended(info, { known: overlay.known }) });
    const failure = termsRefusal(pair, at) ?? kindRefusal(pair, at);
    if (failure !== undefined) return { ok: false, refusal: failure };
    const effects = kinds.get(pair.item["@type"])?.apply?.(pair.answer, pair.item, at.info);
    if (effects === undefined) continue;
    parts.push(effects);
    overlay.write(effects);
  }
  return allow(merged(parts));
}

interface Pair {
  readonly item: RequestItem;
  readonly answer: ResponseItem;
  readonly path: string;
  /** A group of the older generation that may be left out as a whole, and was. */
  readonly isSkipped: boolean;
}

const structural = "error.consumption.requests.decide.validation.";

function idRefusal({ response, info }: Applying): Refusal | undefined {
  if (info.requestId === undefined || info.requestId === response.requestId) return undefined;
  return no("error.runtime.validation.invalidPropertyValue", `requestId must be ${info.requestId}.`);
}

function mirrorRefusal(request: Request, response: Response, pairs: Pair[]): Refusal | undefined {
  if (request.items.length !== response.items.length)
    return wrongNumber("items", request.items.length, response.items.length);
  for (const [index, entry] of request.items.entries()) {
    const answer = response.items[index];
    const path = `items[${index}]`;
    if (answer === undefined) return wrongNumber("items", request.items.length, index);
    const refusal = isGroup(entry)
      ? groupRefusal(entry, answer, { path, pairs })
      : itemRefusal(entry, answer, { path, pairs });
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

interface Place {
  readonly path: string;
  readonly pairs: Pair[];
}

function groupRefusal(group: RequestItemGroup, answer: ResponseItem | ResponseItemGroup, place: Place) {
  const { path, pairs } = place;
  if (!isResponseGroup(answer))
    return no(`${structural}requestItemGroupAnsweredAsRequestItem`, `${path} must be a ResponseItemGroup.`);
  if (answer.items.length !== group.items.length)
    return wrongNumber(`${path}.items`, group.items.length, answer.items.length);
  const isSkipped = group.mustBeAccepted === false && !answer.items.some((child) => child.result === "Accepted");
  group.items.forEach((item, index) => {
    const child = answer.items[index];
    if (child !== undefined) pairs.push({ item, answer: child, path: `${path}.items[${index}]`, isSkipped });
  });
  return undefined;
}

function itemRefusal(item: RequestItem, answer: ResponseItem | ResponseItemGroup, { path, pairs }: Place) {
  if (isResponseGroup(answer))
    return no(`${structural}requestItemAnsweredAsRequestItemGroup`, `${path} must be a ResponseItem, not a group.`);
  pairs.push({ item, answer, path, isSkipped: false });
  return undefined;
}

function termsRefusal({ item, answer, path, isSkipped }: Pair, { response, kinds }: Applying): Refusal | undefined {
  const isAccepted = answer.result === "Accepted";
  if (isAccepted && response.result === "Rejected")
    return no(`${structural}itemAcceptedButRequestNotAccepted`, `${path} must not be accepted in a rejected Response.`);
  if (!isAccepted && response.result === "Accepted" && item.mustBeAccepted && !isSkipped)
    return no(`${structural}mustBeAcceptedItemNotAccepted`, `${path} must be accepted in an accepted Response.`);
  const kind = kinds.get(item["@type"]);
  if (!isAccepted || kind === undefined) return undefined;
  const types = kind.responses === undefined ? ["AcceptResponseItem"] : Object.keys(kind.responses);
  if (types.includes(answer["@type"])) return undefined;
  return no("error.runtime.servalError", `${path}.@type must be ${types.join(" or ")}, as it answers a ${kind.type}.`);
}

function kindRefusal({ item, answer, path }: Pair, { kinds, info }: Applying): Refusal | undefined {
  const verdict = guarded(() => kinds.get(item["@type"])?.canApply?.(answer, item, info));
  if (verdict.isSuccess) return undefined;
  const code = isCode(verdict.code) ? verdict.code : "error.consumption.requests.validation.inheritedFromItem";
  return no(code, `${path}: ${verdict.message}`);
}

function wrongNumber(path: string, wanted: number, seen: number): Refusal {
  return no(
    `${structural}invalidNumberOfItems`,
    `${path} must have ${wanted} entries, as the Request has, not ${seen}.`,
  );
}

function no(code: Code, message: string): Refusal {
  return refuse(code, message).refusal;
}
