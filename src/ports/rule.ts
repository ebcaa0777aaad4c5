/**
 * A rule decides instead of a person. Rules run in the order they were contributed, outside any turn, on frozen copies;
 * the first verdict other than `undefined` or `manual` wins. A rule that throws, is late, or says what is no verdict ends
 * the asking: a person decides.
 */
import type { DecisionItem } from "../model/decision.ts";
import type { JsonObject } from "../model/json.ts";

/** One condition a rule looked at: which path, what it wanted, what it saw. */
export interface Condition {
  readonly path: string;
  readonly wanted: JsonObject[string];
  /** Absent when there was nothing under the path; the text `[redacted]` where it may not be shown. */
  readonly seen?: JsonObject[string];
  readonly matched: boolean;
}

/** One entry of a rule that has several (a line of a table, a policy), and what became of it at one place. */
export interface TracedEntry {
  /** How people know the entry: its name, else its position such as `#3`. */
  readonly entry: string;
  /** The item it was held against, `items[0]` or `items[2].items[1]`; absent when it was not held against a single item. */
  readonly item?: string;
  /** Whether it matched, and whether its answer is the one that the item got (an earlier entry may have been first). */
  readonly outcome: "decided" | "late" | "unfit" | "not matched";
  readonly conditions: readonly Condition[];
  /** What it said or would have said, for people. */
  readonly answer?: string;
}

/** Why a rule said what it said; stored in the decision record. */
export interface Reasons {
  readonly reason?: string;
  readonly conditions?: readonly Condition[];
  /** Which entry decided each item, by item (`items[0]`). Short: `trace` says the rest when somebody asks. */
  readonly entries?: { readonly [item: string]: string };
}

/** Accept or reject with one decision per item, leave it to a person, or ignore it silently (design.md 3). */
export type RequestVerdict =
  | ({ readonly verdict: "accept" | "reject"; readonly items: readonly DecisionItem[] } & Reasons)
  | ({ readonly verdict: "manual" | "ignore" } & Reasons);

/** `content` travels encrypted to the initiator (seed 002). */
export type RelationshipVerdict =
  | ({ readonly verdict: "accept" | "reject"; readonly content?: JsonObject } & Reasons)
  | ({ readonly verdict: "manual" | "ignore" } & Reasons);

/** What a rule may know about an incoming Request. Public forms, deeply frozen. */
export interface RequestFacts {
  readonly self: string;
  readonly now: string;
  readonly request: JsonObject;
  /** Those with the Request's peer, in any status; no others. */
  readonly relationships: readonly JsonObject[];
  readonly template?: JsonObject;
}

/** What a rule may know about a pending Relationship that a peer created. Public forms, deeply frozen. */
export interface RelationshipFacts {
  readonly self: string;
  readonly now: string;
  readonly relationship: JsonObject;
  readonly template?: JsonObject;
  readonly request?: JsonObject;
}

type Judged<V> = V | undefined | Promise<V | undefined>;

/** `name` goes into decision records, so it must be stable and unique among the contributed rules. */
export interface Rule {
  readonly name: string;
  /** Name and version of the plugin, for the decision record. */
  readonly plugin?: string;
  /** Changes whenever the rule would decide differently, for example a hash of its table; part of the rule set's hash. */
  readonly revision?: string;
  /** What the rule decides by, as data: stored once for every revision, so that decisions stay explicable. */
  readonly source?: JsonObject;
  /** An own time limit, at most that of the engine. */
  readonly timeMs?: number;
  judgeRequest?(facts: RequestFacts): Judged<RequestVerdict>;
  judgeRelationship?(facts: RelationshipFacts): Judged<RelationshipVerdict>;
  /** Every entry of `source` (as it was stored) against facts as they were recorded. Pure. */
  traceRequest?(facts: RequestFacts, source: JsonObject): readonly TracedEntry[];
  traceRelationship?(facts: RelationshipFacts, source: JsonObject): readonly TracedEntry[];
}
