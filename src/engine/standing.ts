// How a decision stands: what came of it, by which rule and entry, and what was refused. As recorded, and judged again.
import type { JsonObject } from "../model/json.ts";
import type { DecisionRecord } from "../model/records.ts";
import { isObject } from "../model/shape.ts";

/** What came of the rules or of a person. */
export interface Standing {
  readonly verdict: string;
  /** What was decided about each item, or the content of the answer to a Relationship. */
  readonly decision?: JsonObject;
  /** Absent for people, and when every rule left it to them. */
  readonly rule?: string;
  /** Which entries of the rule, each once, in the order of the items. */
  readonly entries?: readonly string[];
  /** The rule wanted something that could not be carried out. */
  readonly refused?: { readonly code: string; readonly message: string };
}

/** What a record says of the rules, and of the person who came after them. */
export function recordedStanding(record: DecisionRecord): { readonly from: Standing; readonly afterwards?: Standing } {
  const { verdict, decision, decider, left, tried } = record;
  const own: Standing = { verdict, ...(decision === undefined ? {} : { decision }) };
  if (left !== undefined) return { from: { verdict: left.verdict, ...saidBy(tried, undefined) }, afterwards: own };
  return { from: decider.kind === "human" ? own : { ...own, ...saidBy(tried, decider.rule) } };
}

function saidBy(tried: readonly JsonObject[], rule: string | undefined): Omit<Standing, "verdict"> {
  const refused = tried.find((entry) => entry["refused"] !== undefined);
  const name = rule ?? decisiveRule(tried);
  if (name === undefined) return {};
  const own = tried.find((entry) => entry["rule"] === name && entry["refused"] === undefined);
  return {
    rule: name,
    ...entriesOf(own?.["entries"]),
    ...(refused === undefined
      ? {}
      : { refused: { code: String(refused["refused"]), message: String(refused["message"]) } }),
  };
}

// Who ended the asking: the last one, unless it left it to the next.
function decisiveRule(tried: readonly JsonObject[]): string | undefined {
  const last = tried.at(-1);
  if (last === undefined) return undefined;
  const isOpen = ["none", "manual"].includes(String(last["verdict"])) && last["problem"] === undefined;
  return isOpen ? undefined : String(last["rule"]);
}

/** The names of the entries that decided, each once. */
export function entriesOf(entries: unknown): { readonly entries?: readonly string[] } {
  if (!isObject(entries as JsonObject)) return {};
  const names = [...new Set(Object.values(entries as { [item: string]: unknown }).map(String))];
  return names.length === 0 ? {} : { entries: names };
}
