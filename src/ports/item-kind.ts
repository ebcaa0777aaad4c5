/**
 * One type of request item (spec/domain.md 5.1). All methods are synchronous and pure: `needs` names the documents that
 * are read before, and they arrive in `known`.
 */
import type { ItemDecision } from "../model/decision.ts";
import type { JsonObject } from "../model/json.ts";
import type { Validation } from "../model/validation.ts";

/** Where an item stands while it is judged. `peer` is absent while a template is created. */
export interface ItemInfo {
  readonly self: string;
  readonly peer?: string;
  readonly now: string;
  readonly requestId?: string;
  readonly known: ReadonlyMap<string, JsonObject>;
}

/** What accepting or applying does beyond the ResponseItem: documents of the account to write, events to publish. */
export interface ItemEffects {
  readonly puts?: readonly { readonly key: string; readonly document: JsonObject }[];
  readonly deletes?: readonly string[];
  readonly events?: readonly { readonly name: string; readonly data: JsonObject }[];
}

/** Absent methods mean: allowed, and without effect beyond the generic AcceptResponseItem or RejectResponseItem. */
export interface ItemKind {
  /** The `@type`. */
  readonly type: string;
  /** Parses the item's own members; gives the problem, starting with the member's name, or undefined when well formed. */
  parse(item: JsonObject): string | undefined;
  /**
   * The types of ResponseItem that accepting may answer with, each with a parser like `parse`; absent means the plain
   * AcceptResponseItem. A type may be shared by several kinds.
   */
  readonly responses?: { readonly [type: string]: (response: JsonObject) => string | undefined };
  /** Whether the recipient can judge the item yet; while any says no, the Request stays Open. */
  checkPrerequisites?(item: JsonObject, info: ItemInfo): boolean;
  needs?(item: JsonObject, decision?: ItemDecision): readonly string[];
  canCreate?(item: JsonObject, info: ItemInfo): Validation;
  canAccept?(item: JsonObject, decision: ItemDecision, info: ItemInfo): Validation;
  canReject?(item: JsonObject, decision: ItemDecision, info: ItemInfo): Validation;
  accept?(item: JsonObject, decision: ItemDecision, info: ItemInfo): { response: JsonObject; effects?: ItemEffects };
  reject?(item: JsonObject, decision: ItemDecision, info: ItemInfo): { response: JsonObject; effects?: ItemEffects };
  canApply?(response: JsonObject, item: JsonObject, info: ItemInfo): Validation;
  apply?(response: JsonObject, item: JsonObject, info: ItemInfo): ItemEffects;
}
