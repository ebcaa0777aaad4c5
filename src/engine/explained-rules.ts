// What each rule was asked and what it saw: from its stored source and the recorded facts, or as it was recorded.
import type { JsonObject } from "../model/json.ts";
import type { DecisionRecord, RuleSetRecord } from "../model/records.ts";
import { isArray } from "../model/shape.ts";
import type { Condition, Rule, TracedEntry } from "../ports/rule.ts";
import { tracedBy } from "./decision-records.ts";

/** One rule that was asked. */
export interface ExplainedRule {
  readonly rule: string;
  readonly plugin?: string;
  /** `none` for one that left it to the next. */
  readonly verdict: string;
  readonly reason?: string;
  /** It threw, was late, or said what is no verdict. */
  readonly problem?: string;
  /** Its entries, each with what became of it; absent for a rule that cannot say. */
  readonly entries?: readonly TracedEntry[];
  /** What it said about its conditions, where it has no entries. */
  readonly conditions?: readonly Condition[];
}

/** Where explaining rules starts from. */
export interface RuleEvidence {
  readonly record: DecisionRecord;
  /** The rules of then; absent if they are not stored any more. */
  readonly set: RuleSetRecord | undefined;
  readonly tracers: readonly Rule[];
}

/** The rules that were asked, in order. */
export function explainedRules({ record, set, tracers }: RuleEvidence): readonly ExplainedRule[] {
  const facts = (record.left ?? record).facts;
  return record.tried.flatMap((entry) => {
    if (entry["refused"] !== undefined) return [];
    const { rule, plugin, verdict, reason, problem, conditions } = entry as unknown as ExplainedRule;
    const entries = recordedTrace(entry) ?? traced({ entry, facts, set, tracers });
    return [
      {
        rule,
        ...(plugin === undefined ? {} : { plugin }),
        verdict,
        ...(reason === undefined ? {} : { reason }),
        ...(problem === undefined ? {} : { problem }),
        ...(entries === undefined ? {} : { entries }),
        ...(entries !== undefined || conditions === undefined ? {} : { conditions }),
      },
    ];
  });
}

// Taken at the time, because values are missing from the record.
function recordedTrace(entry: JsonObject): readonly TracedEntry[] | undefined {
  const trace = entry["trace"];
  return isArray(trace) ? (trace as unknown as readonly TracedEntry[]) : undefined;
}

type Tracing = Pick<RuleEvidence, "set" | "tracers"> & {
  readonly entry: JsonObject;
  readonly facts: JsonObject | undefined;
};

function traced({ entry, facts, set, tracers }: Tracing): readonly TracedEntry[] | undefined {
  const stored = set?.rules.find(({ name }) => name === entry["rule"]);
  if (stored?.source === undefined || facts === undefined) return undefined;
  const tracer = tracerFor(tracers, stored);
  if (tracer === undefined) return undefined;
  const { known: _known, redacted: _redacted, ...plain } = facts;
  try {
    return tracedBy(tracer, plain, stored.source);
  } catch {
    // A source of another version of the plugin may be beyond it; what was recorded is still true.
    return undefined;
  }
}

// The rule itself, or one of the same plugin: tracing takes the source of then, and not what the rule decides by today.
function tracerFor(tracers: readonly Rule[], { name, plugin }: RuleSetRecord["rules"][number]): Rule | undefined {
  const family = (text: string | undefined) => text?.replace(/(.)@.*$/, "$1");
  const able = tracers.filter((rule) => rule.traceRequest !== undefined || rule.traceRelationship !== undefined);
  return (
    able.find((rule) => rule.name === name && family(rule.plugin) === family(plugin)) ??
    able.find((rule) => plugin !== undefined && family(rule.plugin) === family(plugin))
  );
}
