// What a trial of rules comes to: counted as it goes, so that ten thousand decisions need no more room than ten.
import type { Standing, TriedDecision } from "rapport";

/** Decisions that would change in the same way for the same reason. */
export interface ChangeGroup {
  /** The rule, and the entries that would decide. */
  readonly by: string;
  readonly from: string;
  readonly to: string;
  readonly count: number;
  readonly examples: readonly string[];
  /** What people decided afterwards about those that had been left to them, by verdict. */
  readonly afterwards: { readonly [verdict: string]: number };
}

/** What a trial comes to. */
export interface TrialSummary {
  readonly judged: number;
  readonly unchanged: number;
  readonly changed: number;
  readonly byHand: number;
  readonly notJudgeable: number;
  /** Decisions for which documents were read that had not been looked at then. */
  readonly withNow: number;
  readonly changes: readonly ChangeGroup[];
  /** What the rules would have done where people decided without any; `from` is what the person decided. */
  readonly hand: readonly ChangeGroup[];
  readonly reasons: readonly { readonly why: string; readonly count: number; readonly examples: readonly string[] }[];
}

const examplesMax = 3;

/** More kinds of change than anybody reads; what comes after them is counted together. */
const groupsMax = 500;

interface Group {
  readonly names: readonly [string, string, string];
  count: number;
  readonly examples: string[];
  readonly afterwards: Record<string, number>;
}

/** Counts the rows of a trial. */
export async function summarise(rows: AsyncIterable<TriedDecision>): Promise<TrialSummary> {
  const counts = { unchanged: 0, changed: 0, byHand: 0, notJudgeable: 0 };
  const changes = new Map<string, Group>();
  const hand = new Map<string, Group>();
  const reasons = new Map<string, Group>();
  let judged = 0;
  let withNow = 0;
  for await (const row of rows) {
    judged += 1;
    counts[row.result] += 1;
    if (row.isWithNow) withNow += 1;
    const { from, to } = row;
    if (row.result === "notJudgeable") add(reasons, [row.why ?? "", "", ""], row);
    else if (to !== undefined && row.result !== "unchanged") {
      add(row.result === "changed" ? changes : hand, [byOf(from, to), wordsOf(from), wordsOf(to)], row);
    }
  }
  return { judged, ...counts, withNow, changes: shown(changes), hand: shown(hand), reasons: reasonsOf(reasons) };
}

function add(groups: Map<string, Group>, names: Group["names"], { id, afterwards }: TriedDecision): void {
  const known = groups.get(JSON.stringify(names));
  const isFull = known === undefined && groups.size >= groupsMax;
  const kept: Group["names"] = isFull ? ["others", "", ""] : names;
  const key = JSON.stringify(kept);
  const group = groups.get(key) ?? { names: kept, count: 0, examples: [], afterwards: {} };
  group.count += 1;
  if (group.examples.length < examplesMax) group.examples.push(id);
  if (afterwards !== undefined) {
    group.afterwards[afterwards.verdict] = (group.afterwards[afterwards.verdict] ?? 0) + 1;
  }
  groups.set(key, group);
}

const mostFirst = (groups: Map<string, Group>) => [...groups.values()].sort((one, other) => other.count - one.count);

function shown(groups: Map<string, Group>): readonly ChangeGroup[] {
  return mostFirst(groups).map(({ names: [by, from, to], count, examples, afterwards }) => {
    return { by, from, to, count, examples, afterwards };
  });
}

function reasonsOf(groups: Map<string, Group>): TrialSummary["reasons"] {
  return mostFirst(groups).map(({ names: [why], count, examples }) => ({ why, count, examples }));
}

// What stops deciding is told by the one that decided then.
function byOf(from: Standing, to: Standing): string {
  const { rule, entries = [] } = to.rule === undefined && to.verdict === "manual" ? from : to;
  if (rule === undefined) return "no rule";
  return entries.length === 0 ? rule : `${rule}: ${entries.join(", ")}`;
}

function wordsOf({ verdict, refused, decision }: Standing): string {
  if (refused !== undefined) return `${verdict} (${refused.code.slice(refused.code.lastIndexOf(".") + 1)})`;
  const accepted = verdict === "accept" ? acceptedIn(decision) : undefined;
  return accepted === undefined ? verdict : `${verdict} ${accepted}`;
}

// Two accepting decisions may differ in what they accept.
function acceptedIn(decision: Standing["decision"]): string | undefined {
  const items = decision?.["items"];
  if (!Array.isArray(items)) return undefined;
  const leaves: readonly unknown[] = items.flatMap((item) => Object(item).items ?? [item]);
  const accepted = leaves.filter((leaf) => Object(leaf).accept === true).length;
  return `${accepted} of ${leaves.length}`;
}
