/**
 * One type of request item (spec/domain.md 5.1). All methods are synchronous and pure: `needs` names the documents and
 * `looks` the questions to the relay that come before, and what they gave arrives in `known`.
 */
import type { ItemDecision } from "../model/decision.ts";
import type { JsonObject } from "../model/json.ts";
import type { Validation } from "../model/validation.ts";
import type { OperationName } from "../wire/operations.ts";

/** Where an item stands while it is judged. `peer` is absent while a template is created. */
export interface ItemInfo {
  readonly self: string;
  readonly peer?: string;
  readonly now: string;
  readonly requestId?: string;
  /** Answers to an IQLQuery must match it, too; others only ask for the right kind of attribute (spec/domain.md 12 #18). */
  readonly strictIql?: true;
  /** The peer has answered the Request of a template already: `canCreate` does not ask what the answer itself has changed. */
  readonly isAnswered?: true;
  /**
   * Documents of the account by `<kind>/<id>`, and answers of the relay by the key of their question. A key without a value
   * was looked for and is not there; a key that is missing was not looked for.
   */
  readonly known: ReadonlyMap<string, JsonObject | undefined>;
  /** A new id with this prefix, for example ATT. */
  newId(prefix: string): string;
}

/** What an item is asked about: deciding it, applying the peer's answer to it, or, with neither, creating it. */
export interface ItemMoment {
  readonly info: ItemInfo;
  readonly decision?: ItemDecision;
  readonly response?: JsonObject;
}

/**
 * A question to the relay. The answer arrives in `known` under `key` as `{ ok: true, result }` or
 * `{ ok: false, code, message }`; without an answer of the relay nothing is judged.
 */
export interface RelayCall {
  readonly key: string;
  readonly operation: OperationName;
  readonly params?: { readonly [name: string]: string };
  readonly body?: JsonObject;
}

/** What accepting or applying does beyond the ResponseItem: documents of the account to write, events to publish. */
export interface ItemEffects {
  readonly puts?: readonly { readonly key: string; readonly document: JsonObject }[];
  readonly deletes?: readonly string[];
  /** When each of these entities is due (T1); undefined takes the deadline away. */
  readonly deadlines?: readonly { readonly entity: string; readonly dueAt: string | undefined }[];
  readonly events?: readonly { readonly name: string; readonly data: JsonObject }[];
  /** Keys and tokens of the account, which go to the vault and are never seen in `known`. */
  readonly secrets?: readonly { readonly id: string; readonly secret: JsonObject }[];
}

/**
 * Absent methods mean: allowed, and without effect beyond the generic AcceptResponseItem or RejectResponseItem. Items of one
 * Request are carried out in order, and each sees in `known` what those before it have written.
 */
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
  /** Members (dotted paths) that must not stand in decision records: keys, tokens. */
  readonly redacted?: readonly string[];
  /** Whether the recipient can judge the item yet; while any says no, the Request stays Open. */
  checkPrerequisites?(item: JsonObject, info: ItemInfo): boolean;
  /** Documents to read first, `<kind>/<id>`. Asked again with what was found, until it names nothing new. */
  needs?(item: JsonObject, moment: ItemMoment): readonly string[];
  /**
   * Questions to the relay that change nothing there; asked before the turn, from the item and the decision alone, and asked
   * again with the answers in `known`, until it names nothing new.
   */
  looks?(item: JsonObject, moment: ItemMoment): readonly RelayCall[];
  canCreate?(item: JsonObject, info: ItemInfo): Validation;
  canAccept?(item: JsonObject, decision: ItemDecision, info: ItemInfo): Validation;
  canReject?(item: JsonObject, decision: ItemDecision, info: ItemInfo): Validation;
  /** What the relay must have done before the item is accepted; each is an intent, and the Response is built after the last. */
  claims?(item: JsonObject, decision: ItemDecision, info: ItemInfo): readonly RelayCall[];
  accept?(item: JsonObject, decision: ItemDecision, info: ItemInfo): { response: JsonObject; effects?: ItemEffects };
  reject?(item: JsonObject, decision: ItemDecision, info: ItemInfo): { response: JsonObject; effects?: ItemEffects };
  /** At the sender, when the Message with the Request was sent. */
  sent?(item: JsonObject, info: ItemInfo): ItemEffects;
  canApply?(response: JsonObject, item: JsonObject, info: ItemInfo): Validation;
  apply?(response: JsonObject, item: JsonObject, info: ItemInfo): ItemEffects;
}
