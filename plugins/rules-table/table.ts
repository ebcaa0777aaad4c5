// A table as one rule: verdicts, hot replacement, and what the decision record needs.
import { createHash } from "node:crypto";
import type {
  DecisionItem,
  Json,
  JsonObject,
  RelationshipFacts,
  RequestFacts,
  RequestVerdict,
  RulePort,
} from "rapport/core";
import { orderedText } from "./condition.ts";
import type { RuleTableConfig, RuleTableOptions } from "./config.ts";
import { createDecide, type Decide, open } from "./deciding.ts";
import { type CompiledEntry, groupItems, placeAt, requestEntries } from "./entries.ts";
import { namesInReasonMax } from "./limits.ts";
import { relationshipEntries, relationshipVerdict } from "./policies.ts";
import { readTable } from "./reading.ts";
import { traceRelationship, traceRequest } from "./trace.ts";

/** A table of rules and the one rule that it is to the engine. */
export interface RuleTable {
  readonly rule: RulePort;
  /** What is decided by now, as it was read. */
  readonly config: RuleTableConfig;
  /** Decides by another table from now on. A table that is not valid is a fault, and the old one stays. */
  replace(config: RuleTableConfig): void;
}

/** How tables are read. Another number: the same table may decide otherwise than before. */
const reading = "rules-table@1";

/** Makes a table. Faults: `rules.invalid`, `error.runtime.decide.requestConfigDoesNotMatchResponseConfig`. */
export function createRuleTable(
  config: RuleTableConfig,
  options: RuleTableOptions & { readonly name?: string } = {},
): RuleTable {
  const { name = "rules-table", ...settings } = options;
  let current = compiled(config, settings);
  const rule: RulePort = {
    name,
    plugin: reading,
    get revision() {
      return current.revision;
    },
    get source() {
      return current.source;
    },
    judgeRequest: (facts) => current.judgeRequest(facts),
    judgeRelationship: (facts) => current.judgeRelationship(facts),
    traceRequest,
    traceRelationship,
  };
  return {
    rule,
    get config() {
      return current.source["config"] as RuleTableConfig;
    },
    replace: (next) => {
      current = compiled(next, settings);
    },
  };
}

function compiled(config: RuleTableConfig, options: RuleTableOptions) {
  const table = readTable(config, options);
  const source = frozen({ config: table.config, options: { ...table.settings } });
  const entries = requestEntries(table);
  const decide = createDecide(entries, table.settings);
  const policies = relationshipEntries(table);
  return {
    source,
    revision: createHash("sha256")
      .update(orderedText([reading, source as unknown as Json]))
      .digest("hex"),
    judgeRequest: (facts: RequestFacts) => requestVerdict(entries, decide, facts),
    judgeRelationship: (facts: RelationshipFacts) => relationshipVerdict(policies, facts),
  };
}

function requestVerdict(entries: readonly CompiledEntry[], decide: Decide, facts: RequestFacts): RequestVerdict {
  const decided = decide(facts);
  if (decided.kind === "person") return { verdict: "manual", reason: decided.why };
  const { slots } = decided;
  const named: Record<string, string> = {};
  const used = new Set<CompiledEntry>();
  let isAccepting = false;
  let ignoring: CompiledEntry | undefined;
  let openAt: string | undefined;
  let next = 0;
  const answer = (place: string): DecisionItem => {
    const entry = entries[slots[next++] ?? open];
    if (entry === undefined) {
      openAt ??= place;
      return { accept: false };
    }
    named[place] = entry.name;
    used.add(entry);
    if (entry.isIgnoring) ignoring ??= entry;
    if ("accept" in entry.answer && entry.answer.accept) isAccepting = true;
    return entry.answer as DecisionItem;
  };
  const items = (facts.request["content"] as { items: readonly JsonObject[] }).items.map((item, index) => {
    const inner = groupItems(item);
    if (inner === undefined) return answer(placeAt(index));
    return { items: inner.map((_child, below) => answer(placeAt(index, below))) } as DecisionItem;
  });
  if (ignoring !== undefined)
    return { verdict: "ignore", reason: `Entry ${ignoring.name} ignores it.`, entries: named };
  if (openAt !== undefined) return { verdict: "manual", reason: `No entry answers ${openAt}.`, entries: named };
  return { verdict: isAccepting ? "accept" : "reject", items, reason: reasonOf(used), entries: named };
}

function reasonOf(used: ReadonlySet<CompiledEntry>): string {
  const names: string[] = [];
  for (const { name } of used) if (names.length < namesInReasonMax) names.push(name);
  const more = used.size > names.length ? ` and ${used.size - names.length} more` : "";
  return `Decided by ${names.join(", ")}${more}.`;
}

function frozen<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  for (const member of Object.values(value)) frozen(member);
  return Object.freeze(value);
}
