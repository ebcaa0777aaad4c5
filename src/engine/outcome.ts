/**
 * What a verdict of the rules comes to. Pure, and the same for a Request that is being judged and for one that is judged
 * again later (dry-run.ts).
 */
import type { Refusal } from "../errors/refusal.ts";
import { readDecision } from "../items/decisions.ts";
import type { ItemKinds } from "../items/item-kinds.ts";
import { validateDecision } from "../items/validate-decision.ts";
import type { Decision } from "../model/decision.ts";
import type { Json } from "../model/json.ts";
import type { Request } from "../model/request.ts";
import type { ItemInfo } from "../ports/item-kind.ts";
import type { RequestVerdict } from "../ports/rule.ts";
import { refusalOfValidation } from "./validation-refusal.ts";

/** What the rules want: a decision, a person, silence, or something that is no decision. */
export type Wish =
  | { readonly result: "accept" | "reject"; readonly decision: Decision }
  | { readonly result: "manual"; readonly refusal?: Refusal }
  | { readonly result: "ignore" };

/** The wish behind a verdict, which is a frozen copy (asking-rules.ts); without one a person decides. */
export function wishOf(verdict: RequestVerdict | undefined): Wish {
  if (verdict === undefined) return { result: "manual" };
  if (verdict.verdict !== "accept" && verdict.verdict !== "reject") return { result: verdict.verdict };
  const decision = readDecision(verdict as unknown as Json);
  if (!decision.ok) return { result: "manual", refusal: decision.refusal };
  return { result: verdict.verdict, decision: decision.value };
}

/** What wishes are held against. */
export interface WishFacts {
  readonly request: Request;
  readonly kinds: ItemKinds;
  readonly info: ItemInfo;
}

/** Why the Request itself does not allow this decision (spec/domain.md 4.5, rows 7 to 10), if it does not. */
export function refusalOfWish(
  { result, decision }: Extract<Wish, { decision: Decision }>,
  { request, kinds, info }: WishFacts,
): Refusal | undefined {
  const verdict = validateDecision({ request, decision, result, kinds, info });
  if (verdict.isSuccess) return undefined;
  const refused = refusalOfValidation(verdict);
  return refused.ok ? undefined : refused.refusal;
}
