/**
 * Why a table decides as it does: every entry held against every item, from the stored table and the recorded facts alone.
 * Written straight from spec/domain.md 7.4, entry by entry and without the index; tests compare both.
 */
import type { Json, JsonObject, RelationshipFacts, RequestFacts, RuleCondition, TracedEntry } from "rapport/core";
import { isList, type Match } from "./condition.ts";
import { answers, itemsOf, stopper } from "./deciding.ts";
import { allHold, and, type CompiledEntry, type Leaf, leavesOf, type Placed, requestEntries } from "./entries.ts";
import { areOnOneLine } from "./paths.ts";
import { policyMatch, relationshipEntries, relationshipRoot, responseItems } from "./policies.ts";
import { readTable } from "./reading.ts";

/** What stands where a value may not be shown. */
export const redacted = "[redacted]";

/** Holds every entry of a stored table against every item of a Request. */
export function traceRequest(facts: RequestFacts, source: JsonObject): readonly TracedEntry[] {
  const table = readTable(source["config"], source["options"] as object);
  const leaves = leavesOf((facts.request["content"] as JsonObject | undefined)?.["items"]);
  const why = stopper(table.settings)(itemsOf(facts));
  if (why !== undefined) return [{ entry: "never automatic", outcome: "decided", conditions: [], answer: why }];
  const slots = new Map<string, string>();
  let isOver = false;
  return requestEntries(table).flatMap((entry) => {
    const isLate = isOver;
    const held = leaves.map((leaf) => holdEntry(entry, { facts, leaf, redact: table.settings.redact }));
    const traced = held.map(({ match, ...shown }, index): TracedEntry => {
      const place = leaves[index]?.place ?? "";
      if (match === "unfit") return { ...shown, outcome: "unfit" };
      if (match === "surprise" && !isLate && !slots.has(place)) isOver = true;
      if (match !== "yes") return { ...shown, outcome: "not matched" };
      if (isLate || slots.has(place)) return { ...shown, outcome: "late" };
      slots.set(place, entry.name);
      return { ...shown, outcome: "decided" };
    });
    if (slots.size === leaves.length) isOver = true;
    return traced;
  });
}

interface Held {
  readonly entry: string;
  readonly item: string;
  readonly match: Match | "unfit";
  readonly conditions: readonly RuleCondition[];
  readonly answer: string;
}

function holdEntry(
  entry: CompiledEntry,
  given: { readonly facts: RequestFacts; readonly leaf: Leaf; readonly redact: readonly string[] },
): Held {
  const { facts, leaf, redact } = given;
  const general = entry.general.map((condition) => shown(condition, facts, redact));
  const item = entry.item.map((condition) => shown(condition, leaf.item, redact));
  const all = [...general, ...item];
  const { match, note } = verdictOf(all, and(allHold(entry.general, facts), allHold(entry.item, leaf.item)));
  const isUnfit = entry.fits !== undefined && match !== "no" && answers(entry, leaf.item) === "no";
  const type = String(leaf.item["@type"]);
  return {
    entry: entry.name,
    item: leaf.place,
    match: isUnfit ? "unfit" : match,
    conditions: all.map(({ condition }) => condition),
    answer:
      (isUnfit
        ? `${answerText(entry.answer)}, which a general entry does not say to a ${type}`
        : answerText(entry.answer)) + note,
  };
}

interface Shown {
  readonly condition: RuleCondition;
  /** The recorded facts hide the value. */
  readonly isHidden: boolean;
}

function shown<S>({ path, wanted, read, holds }: Placed<S>, subject: S, redact: readonly string[]): Shown {
  const seen = read(subject);
  const isHidden = hides(seen);
  const isSecret = redact.some((secret) => areOnOneLine(secret, path));
  const matched = !isHidden && holds(seen) === "yes";
  const visible = seen === undefined ? {} : { seen: isSecret ? redacted : seen };
  return { condition: { path, wanted, ...visible, matched }, isHidden };
}

// Facts that were recorded without a value say nothing about it; an entry that fails anyway fails.
function verdictOf(all: readonly Shown[], match: Match): { readonly match: Match; readonly note: string } {
  const hidden = all.filter(({ isHidden }) => isHidden).map(({ condition }) => condition.path);
  if (hidden.length === 0)
    return { match, note: match === "surprise" ? "; a value cannot be compared with what is wanted" : "" };
  if (all.some(({ condition, isHidden }) => !isHidden && !condition.matched)) return { match: "no", note: "" };
  return {
    match: "no",
    note: `; whether it matched cannot be known: ${hidden.join(", ")} was recorded as ${redacted}`,
  };
}

function hides(value: Json | undefined): boolean {
  if (value === redacted) return true;
  if (typeof value !== "object" || value === null) return false;
  return (isList(value) ? value : Object.values(value)).some(hides);
}

function answerText(answer: JsonObject | object): string {
  const { accept, code, ...more } = answer as JsonObject;
  if (accept === undefined) return Object.keys(more)[0] ?? "";
  const details = Object.keys(more).filter((member) => member !== "message");
  if (accept === false) return typeof code === "string" ? `reject (${code})` : "reject";
  return details.length === 0 ? "accept" : `accept with ${details.join(", ")}`;
}

/** Holds every entry of a stored policy against a pending Relationship. */
export function traceRelationship(facts: RelationshipFacts, source: JsonObject): readonly TracedEntry[] {
  const table = readTable(source["config"], source["options"] as object);
  const { redact } = table.settings;
  const root = relationshipRoot(facts);
  let isOver = false;
  return relationshipEntries(table).map((policy): TracedEntry => {
    const item = bestItem(policy.item, responseItems(root));
    const all = [
      ...policy.general.map((condition) => shown(condition, root, redact)),
      ...policy.item.map((condition) => shown(condition, item, redact)),
    ];
    const { match, note } = verdictOf(all, policyMatch(policy, root));
    const outcome = match !== "yes" ? "not matched" : isOver ? "late" : "decided";
    if (match !== "no") isOver = true;
    const conditions = all.map(({ condition }) => condition);
    return { entry: policy.name, outcome, conditions, answer: answerText(policy.answer) + note };
  });
}

// The ResponseItem that the policy is about, else the one that is nearest to it.
function bestItem(conditions: readonly Placed<JsonObject>[], items: readonly JsonObject[]): JsonObject {
  const score = (item: JsonObject) => conditions.filter((one) => one.holds(one.read(item)) === "yes").length;
  const [best] = [...items].sort((one, other) => score(other) - score(one));
  return best ?? {};
}
