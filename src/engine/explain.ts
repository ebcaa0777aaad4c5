/**
 * Why something was decided (design.md 5): read from the decision record and from the rule set that is stored under its hash,
 * so that it stays true when the rules have changed. Reads, and changes nothing.
 */
import { fault } from "../errors/rapport-error.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf } from "../model/keys.ts";
import type { DecisionRecord, RelationshipRecord, RequestRecord, RuleSetRecord } from "../model/records.ts";
import type { Rule } from "../ports/rule.ts";
import type { Store } from "../ports/store.ts";
import { type ExplainedItem, explainedItems } from "./explained-items.ts";
import { type ExplainedRule, explainedRules } from "./explained-rules.ts";
import { deadlineOf } from "./request-state.ts";

/** Why a LocalRequest or a Relationship was decided as it was, or what it waits for. */
export interface Explanation {
  readonly kind: "request" | "relationship";
  readonly id: string;
  readonly peer: string;
  /** The status now. */
  readonly status: string;
  readonly title?: string;
  /** Where it came from: `Message MSG…`, `RelationshipTemplate RLT…`. */
  readonly source?: string;
  /** Absent as long as nobody has decided. */
  readonly decided?: {
    readonly verdict: "accept" | "reject";
    readonly at: string;
    readonly by: "human" | "rule";
    readonly rule?: string;
    readonly plugin?: string;
    readonly reason?: string;
    /** The content that went with the answer to a Relationship. */
    readonly content?: JsonObject;
  };
  /** What it waits for as long as nobody has decided. */
  readonly waitsFor?: string;
  readonly items: readonly ExplainedItem[];
  /** The rules that were asked, in order. */
  readonly rules: readonly ExplainedRule[];
  /** Rules of the same moment that were not asked, because an earlier one had ended the asking. */
  readonly notAsked: readonly string[];
  /** Why a verdict was not carried out. */
  readonly refused?: { readonly rule: string; readonly code: string; readonly message: string };
  readonly ruleSet?: string;
  /** Whether the rules of today are others; absent where nobody knows those of today. */
  readonly rulesChanged?: boolean;
  /** Values that rules could see and the record does not hold. */
  readonly redacted: readonly string[];
}

/** What is to be explained. */
export interface Explaining {
  /** The id of the account. */
  readonly account: string;
  readonly id: string;
  /** Rules that can say what entries of a stored source matched: those of the engine, or of the plugins at hand. */
  readonly tracers: readonly Rule[];
  /** The hash of the rule set of today. */
  readonly ruleSet?: string;
}

type Read = Pick<Store, "get">;

/** Explains a LocalRequest of a peer. Fault: `error.runtime.recordNotFound`. */
export async function explainRequest(view: Read, explaining: Explaining): Promise<Explanation> {
  const { account, id } = explaining;
  const stored = (await view.get<RequestRecord>(keyOf(account, "requests", id)))?.document;
  if (stored === undefined || stored.isOwn) throw notFound("incoming LocalRequest", id);
  const { content, source, peer, status } = stored;
  const title = content["title"];
  return explained(view, explaining, {
    kind: "request",
    id,
    peer,
    status,
    ...(typeof title === "string" ? { title } : {}),
    ...(source === undefined ? {} : { source: `${source.type} ${source.reference}` }),
    content,
    waitsFor: requestWaitsFor(stored),
  });
}

/** Explains a Relationship that a peer created. Fault: `error.runtime.recordNotFound`. */
export async function explainRelationship(view: Read, explaining: Explaining): Promise<Explanation> {
  const { account, id } = explaining;
  const stored = (await view.get<RelationshipRecord>(keyOf(account, "relationships", id)))?.document;
  if (stored === undefined) throw notFound("Relationship", id);
  const { peer, status, templateId } = stored;
  const source = `RelationshipTemplate ${templateId}`;
  return explained(view, explaining, {
    kind: "relationship",
    id,
    peer,
    status,
    source,
    waitsFor: relationshipWaitsFor(stored),
  });
}

function notFound(what: string, id: string) {
  return fault("error.runtime.recordNotFound", `There is no ${what} ${id}. Check the id.`);
}

interface Asked extends Pick<Explanation, "kind" | "id" | "peer" | "status" | "title" | "source"> {
  readonly content?: JsonObject;
  readonly waitsFor: string;
}

async function explained(view: Read, explaining: Explaining, asked: Asked): Promise<Explanation> {
  const { account, id, tracers, ruleSet } = explaining;
  const record = (await view.get<DecisionRecord>(keyOf(account, "decisions", id)))?.document;
  const { content, waitsFor, ...about } = asked;
  if (record === undefined) {
    return { ...about, waitsFor, items: explainedItems(content, undefined), rules: [], notAsked: [], redacted: [] };
  }
  const hash = record.ruleSet;
  const set =
    hash === undefined ? undefined : (await view.get<RuleSetRecord>(keyOf(account, "rulesets", hash)))?.document;
  const rules = explainedRules({ record, set, tracers });
  const asks = rules.map(({ rule }) => rule);
  const refused = record.tried.find((entry) => entry["refused"] !== undefined);
  const decided = decidedBy(record);
  const recorded = Object((record.facts?.["request"] as JsonObject | undefined)?.["content"]) as JsonObject;
  return {
    ...about,
    ...(decided === undefined ? { waitsFor: leftWaitsFor(record, waitsFor) } : { decided }),
    items: explainedItems("items" in recorded && content !== undefined ? recorded : content, record),
    rules,
    notAsked: (set?.rules ?? []).map(({ name }) => name).filter((name) => !asks.includes(name)),
    ...(refused === undefined ? {} : { refused: refusedBy(refused) }),
    ...(hash === undefined ? {} : { ruleSet: hash }),
    ...(hash === undefined || ruleSet === undefined ? {} : { rulesChanged: hash !== ruleSet }),
    redacted: ((record.left ?? record).facts?.["redacted"] ?? []) as readonly string[],
  };
}

function decidedBy({ verdict, decidedAt, decider, tried, decision }: DecisionRecord): Explanation["decided"] {
  if (verdict !== "accept" && verdict !== "reject") return undefined;
  const { kind: by, ...who } = decider;
  const reason = by === "rule" ? tried.findLast((entry) => entry["rule"] === who.rule)?.["reason"] : undefined;
  const content = decision?.["content"];
  return {
    verdict,
    at: decidedAt,
    by,
    ...who,
    ...(typeof reason === "string" ? { reason } : {}),
    ...(content === undefined ? {} : { content: content as JsonObject }),
  };
}

function refusedBy(entry: JsonObject): NonNullable<Explanation["refused"]> {
  return { rule: String(entry["rule"]), code: String(entry["refused"]), message: String(entry["message"]) };
}

function requestWaitsFor(record: RequestRecord): string {
  const deadline = deadlineOf(record);
  const until = deadline === undefined ? "" : `, until ${deadline}`;
  switch (record.status) {
    case "Open":
      return `something that its items need first${until}`;
    case "DecisionRequired":
      return `the rules, which judge it at the next sync${until}`;
    case "Expired":
      return "nothing: it expired before anybody decided";
    case "ManualDecisionRequired":
      return `a person${until}`;
    default:
      return "nothing; why it was decided is not recorded";
  }
}

function relationshipWaitsFor({ status, role }: RelationshipRecord): string {
  if (status !== "Pending")
    return role === "initiator"
      ? "nothing; whether it comes about was the peer's decision"
      : "nothing; why it was decided is not recorded";
  return role === "initiator" ? "the peer's answer" : "the rules, which judge it at the next sync, or a person";
}

// The rules have spoken: what waits now waits for people, unless a rule wants it to be left alone.
function leftWaitsFor({ verdict, decider }: DecisionRecord, waitsFor: string): string {
  if (waitsFor.startsWith("nothing:")) return waitsFor;
  const until = waitsFor.includes(", until") ? waitsFor.slice(waitsFor.indexOf(", until")) : "";
  if (verdict === "ignore") return `nothing: the rule ${decider.rule} leaves it unanswered${until}`;
  return `a person${until}`;
}
