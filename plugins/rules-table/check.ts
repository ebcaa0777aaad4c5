/**
 * Looks for mistakes in a table: entries that nothing reaches, that contradict others, or that cannot work. Every finding
 * about two entries comes with a Request made up for it, on which the plain reading of these entries (trace.ts) agrees.
 */
import type { JsonObject, RequestFacts } from "rapport/core";
import { type Condition, conditionOf } from "./condition.ts";
import { itemPrefix, type RuleTableConfig, type RuleTableOptions } from "./config.ts";
import { alternatives, implies, impossible, isOpposite, together, type Wants } from "./coverage.ts";
import { answers, createWalk } from "./deciding.ts";
import { allHold, type CompiledEntry, requestEntries } from "./entries.ts";
import { createDraw, type Draw, exampleOf, type Pool, strangePaths } from "./examples.ts";
import {
  casesPerEntryMax,
  comparedPairsMax,
  coveringVisitsMax,
  examplesPerFindingMax,
  examplesPerOverlapMax,
  overlapsMax,
  pooledPerPathMax,
} from "./limits.ts";
import { type ReadTable, readTable } from "./reading.ts";
import { traceRequest } from "./trace.ts";
import { mayHave } from "./vocabulary.ts";

/** What was found. `entry` and `by` are the names of entries; `example` is a Request on which it can be seen. */
export interface Finding {
  readonly kind:
    | "unreachable"
    | "contradiction"
    | "overlap"
    | "impossible"
    | "always fails"
    | "unknown path"
    | "unchecked";
  readonly entry: string;
  readonly by?: string;
  readonly message: string;
  readonly example?: RequestFacts;
}

interface Line {
  readonly index: number;
  readonly entry: CompiledEntry;
  readonly wants: Wants;
}

interface Checking {
  readonly table: ReadTable;
  readonly lines: readonly Line[];
  readonly pool: Pool;
  readonly draw: Draw;
  readonly firstBefore: FirstBefore;
}

/** The first living line before this one that matches the example and suits; it only looks as long as there is patience. */
interface FirstBefore {
  (line: Line, facts: RequestFacts, suits: (earlier: Line) => boolean): Line | undefined;
  isOut(): boolean;
}

/** Checks a table. Faults: those of reading it. */
export function checkRuleTable(config: RuleTableConfig, options: RuleTableOptions = {}): readonly Finding[] {
  const table = readTable(config, options);
  const lines = requestEntries(table).map((entry, index) => ({ index, entry, wants: wantsOf(entry, table) }));
  const alone = lines.flatMap((line) => aloneFindings(line, table));
  const dead = new Set(alone.filter(({ kind }) => kind === "impossible").map(({ entry }) => entry));
  const living = lines.filter(({ entry }) => !dead.has(entry.name));
  const parts = { pool: poolOf(lines), draw: createDraw(lines.length + 1), firstBefore: firstBeforeIn(lines, living) };
  const checking: Checking = { table, lines: living, ...parts };
  const covered = living.flatMap((line) => coveredFinding(line, checking) ?? []);
  const last = living.at(-1);
  if (checking.firstBefore.isOut() && last !== undefined) covered.push(uncheckedCover(last));
  const gone = new Set(covered.filter(({ kind }) => kind !== "unchecked").map(({ entry }) => entry));
  const overlaps = overlapFindings({ ...checking, lines: living.filter(({ entry }) => !gone.has(entry.name)) });
  return [...alone, ...covered, ...overlaps];
}

// A general accept wants simple items, although it does not say so.
function wantsOf(entry: CompiledEntry, { settings }: ReadTable): Wants {
  const wants = new Map<string, Condition>();
  for (const condition of [...entry.general, ...entry.item]) wants.set(condition.path, condition);
  if (entry.fits !== undefined) wants.set(typePath, conditionOf(typePath, entry.fits, settings.generation));
  return wants;
}

const typePath = `${itemPrefix}@type`;

function poolOf(lines: readonly Line[]): Pool {
  const pool = new Map<string, Condition[]>();
  for (const { wants } of lines) {
    for (const [path, condition] of wants) {
      const known = pool.get(path);
      if (known === undefined) pool.set(path, [condition]);
      else if (known.length < pooledPerPathMax) known.push(condition);
    }
  }
  return pool;
}

function aloneFindings({ entry, wants }: Line, { settings }: ReadTable): Finding[] {
  const { name } = entry;
  const found: Finding[] = [];
  const never = (message: string) => found.push({ kind: "impossible", entry: name, message });
  for (const condition of wants.values()) {
    const why = impossible(condition);
    if (why !== undefined) never(`${condition.path}: ${why}.`);
  }
  const type = wants.get(typePath);
  const types = type === undefined ? [] : alternatives(type).map(String);
  if (types.length > 0 && types.every((one) => settings.neverAutomatic.includes(one)))
    never(`Items of the type ${types.join(", ")} are never decided automatically.`);
  const members = entry.item.map(({ path }) => path.slice(itemPrefix.length));
  const foreign = members.find((member) => types.length > 0 && types.every((one) => !mayHave(one, member)));
  if (foreign !== undefined) never(`${types.join(", ")} has no ${foreign}.`);
  const isAccepting = "accept" in entry.answer && entry.answer.accept;
  if (isAccepting && types.length > 0 && types.every((one) => unanswerable.has(one)))
    found.push({
      kind: "always fails",
      entry: name,
      message: `An item of the type ${types.join(", ")} cannot be accepted without an answer, so a person decides.`,
    });
  for (const path of strangePaths(wants))
    found.push({ kind: "unknown path", entry: name, message: `Nothing is known about ${path}; is it spelt right?` });
  return found;
}

// Accepting these needs parameters that no entry can give.
const unanswerable = new Set(["FormFieldRequestItem"]);

function coveredFinding(line: Line, checking: Checking): Finding | undefined {
  const { entry, wants } = line;
  const by = new Set<Line>();
  for (const part of casesOf(wants)) {
    const earlier = coverOf(line, part, checking);
    if (earlier === undefined) return undefined;
    by.add(earlier);
  }
  const [first] = by;
  if (first === undefined) return undefined;
  const example = confirmed(line, by, checking);
  if (example === undefined) return undefined;
  const isContrary = [...by].some((one) => isOpposite(one.entry.answer as JsonObject, entry.answer as JsonObject));
  const names = [...by].map((one) => one.entry.name).join(", ");
  const what = `Whatever it matches is answered by ${names} before`;
  const message = isContrary ? `${what}, and otherwise.` : `${what}.`;
  return {
    kind: isContrary ? "contradiction" : "unreachable",
    entry: entry.name,
    by: first.entry.name,
    message,
    example,
  };
}

// Several earlier entries may cover an entry together: one of them the cases where a flag is true, one the others.
function casesOf(wants: Wants): readonly Wants[] {
  let cases: readonly Wants[] = [wants];
  for (const [path, values] of finite) {
    if (wants.has(path)) continue;
    cases = cases.flatMap((one) => values.map((value) => new Map([...one, [path, conditionOf(path, value, "N")]])));
  }
  for (const [path, condition] of wants) {
    if (condition.kind !== "any" || cases.length * alternatives(condition).length > casesPerEntryMax) continue;
    cases = cases.flatMap((one) =>
      alternatives(condition).map(
        (value) => new Map([...one, [path, { ...condition, wanted: [value], values: undefined }]]),
      ),
    );
  }
  return cases;
}

const finite: readonly (readonly [string, readonly (string | boolean)[]])[] = [
  ["relationshipAlreadyExists", [true, false]],
  ["source.type", ["Message", "RelationshipTemplate"]],
  [`${itemPrefix}mustBeAccepted`, [true, false]],
];

// Only entries that match an example of the case can cover the case.
function coverOf(line: Line, part: Wants, { firstBefore, draw }: Checking): Line | undefined {
  return firstBefore(line, exampleOf(part, new Map(), draw), (earlier) => implies(part, earlier.wants));
}

// Goes by the index of the table: with ten thousand lines, trying each before each takes minutes.
function firstBeforeIn(lines: readonly Line[], living: readonly Line[]): FirstBefore {
  const walk = createWalk(lines.map(({ entry }) => entry));
  const byIndex: (Line | undefined)[] = lines.map(() => undefined);
  for (const line of living) byIndex[line.index] = line;
  let visits = 0;
  const isOut = () => visits >= coveringVisitsMax;
  const firstBefore = (line: Line, facts: RequestFacts, suits: (earlier: Line) => boolean) => {
    let found: Line | undefined;
    walk(facts, (index) => {
      if (index >= line.index || isOut()) return true;
      visits += 1;
      const earlier = byIndex[index];
      if (earlier === undefined || !matchesExample(earlier.entry, facts) || !suits(earlier)) return false;
      found = earlier;
      return true;
    });
    return found;
  };
  return Object.assign(firstBefore, { isOut });
}

function uncheckedCover({ entry }: Line): Finding {
  const message = `Entries that nothing reaches were not all looked for: that is given up after ${coveringVisitsMax} comparisons.`;
  return { kind: "unchecked", entry: entry.name, message };
}

function matchesExample(entry: CompiledEntry, facts: RequestFacts): boolean {
  return allHold(entry.general, facts) === "yes" && answers(entry, itemOf(facts)) === "yes";
}

function itemOf({ request }: RequestFacts): JsonObject {
  return (request["content"] as { items: JsonObject[] }).items[0] ?? {};
}

// Looks for a Request that gets to the entry; one that does refutes the finding.
function confirmed(line: Line, by: Iterable<Line>, checking: Checking): RequestFacts | undefined {
  const { pool, draw, firstBefore } = checking;
  let example: RequestFacts | undefined;
  for (let count = 0; count < examplesPerFindingMax; count += 1) {
    const facts = exampleOf(line.wants, count === 0 ? new Map() : pool, draw);
    if (!matchesExample(line.entry, facts)) continue;
    if (firstBefore(line, facts, () => true) === undefined) return undefined;
    if (example === undefined && isLateIn(facts, [...by, line], checking)) example = facts;
  }
  return example;
}

// Read by itself, the table of these lines answers the item with one of them, and the last comes too late.
function isLateIn(facts: RequestFacts, lines: readonly Line[], { table }: Checking): boolean {
  const ordered = [...lines].sort((one, other) => one.index - other.index);
  const requests = ordered.map(({ index }) => table.requests[index]);
  const source = { config: { requests }, options: { ...table.settings } } as unknown as JsonObject;
  const traced = traceRequest(facts, source);
  return traced.at(-1)?.outcome === "late" && traced.some(({ outcome }) => outcome === "decided");
}

function overlapFindings(checking: Checking): Finding[] {
  const { lines } = checking;
  const found: Finding[] = [];
  let compared = 0;
  for (const [place, later] of lines.entries()) {
    for (const earlier of lines.slice(0, place)) {
      compared += 1;
      if (compared > comparedPairsMax || found.length === overlapsMax) {
        const message = `Overlaps from here on were not looked for; there are ${found.length} before.`;
        return [...found, { kind: "unchecked", entry: later.entry.name, message }];
      }
      const overlap = overlapOf(earlier, later, checking);
      if (overlap !== undefined) found.push(overlap);
    }
  }
  return found;
}

// An exception before its rule is how tables are written; what is told is that two entries cross each other.
function overlapOf(earlier: Line, later: Line, checking: Checking): Finding | undefined {
  if (!isOpposite(earlier.entry.answer as JsonObject, later.entry.answer as JsonObject)) return undefined;
  const both = together(earlier.wants, later.wants);
  if (both === undefined || implies(earlier.wants, later.wants)) return undefined;
  for (let count = 0; count < examplesPerOverlapMax; count += 1) {
    const example = exampleOf(both, new Map(), checking.draw);
    if (!matchesExample(earlier.entry, example) || !matchesExample(later.entry, example)) continue;
    if (!isLateIn(example, [earlier, later], checking)) continue;
    const message = `Some Requests match ${earlier.entry.name}, too, which is first and answers otherwise.`;
    return { kind: "overlap", entry: later.entry.name, by: earlier.entry.name, message, example };
  }
  return undefined;
}
