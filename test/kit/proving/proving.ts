/**
 * Searches counter-examples to properties of rules, and shrinks them (docs/prove-rules.md). Every Request is judged once and held
 * against every property; what is found is shrunk for each property by itself. The same rules, properties and seed give the same.
 */
import fc, { type Arbitrary } from "fast-check";
import {
  fault,
  type ItemKindPort,
  type JsonObject,
  type RequestFacts,
  type RulePort,
  type TracedEntry,
} from "rapport/core";
import { builtInTypes } from "./item-samples.ts";
import { type JudgedItem, type JudgedRequest, type Judging, type Outcome, openJudging } from "./judging.ts";
import { readAll } from "./properties.ts";
import type { Property, PropertyConfig, PropertyFunction } from "./property.ts";
import { arbitraryRequestFacts } from "./requests.ts";
import { safetyProperties } from "./safety.ts";
import { smallerThan } from "./smaller.ts";
import { linesOf } from "./wishes.ts";

/** What is to be proved of which rules. */
export interface ProveOptions {
  /** In the order in which an engine would ask them. */
  readonly rules: readonly RulePort[];
  /** Contributed kinds of items, beside the built-in ones. */
  readonly itemKinds?: readonly ItemKindPort[];
  /** Default: what hardly anybody wants of rules. */
  readonly properties?: readonly (PropertyConfig | PropertyFunction)[];
  /** The text that the rules were written in, where they are functions: what it mentions is put into Requests. */
  readonly sourceText?: string;
  /** How many Requests; default 10,000. */
  readonly runs?: number;
  /** Another number: other Requests. Default 1. */
  readonly seed?: number;
}

/** A Request that a property does not hold for, as small as it was found. */
export interface CounterExample {
  readonly facts: RequestFacts;
  readonly verdict: Outcome;
  /** The items that are against the property, or all of them where it does not say which. */
  readonly items: readonly JudgedItem[];
  readonly rule?: string;
  readonly reason?: string;
  readonly problem?: string;
  /** What the entries of the rule saw, where it can tell. */
  readonly trace: readonly TracedEntry[];
  /** The how-manieth Request it was shrunk from. */
  readonly run: number;
}

/** What became of one property. */
export interface ProvenProperty {
  readonly name: string;
  readonly sentence: string;
  /** No counter-example was found; see `applied`. */
  readonly holds: boolean;
  readonly runs: number;
  /** For how many Requests it said anything; 0 means that it was not tested. */
  readonly applied: number;
  /** How many of those a rule decided or ignored; 0 means that the rules had no word in it. */
  readonly decided: number;
  /** How many Requests broke it. */
  readonly broken: number;
  readonly counterExample?: CounterExample;
}

/** What a search came to. */
export interface Proof {
  readonly seed: number;
  readonly runs: number;
  /** Requests of which a rule answered one item at least. */
  readonly reached: number;
  /** Requests that rules decided or ignored. */
  readonly decided: number;
  /** Requests that a person decides although a rule wanted to: the Request does not allow what it wanted. */
  readonly refused: number;
  /** How many Requests each line of a table, or each set of policies, had a say in. */
  readonly lines: { readonly [name: string]: number };
  /** Lines of tables that had no say in any. */
  readonly unreached: readonly string[];
  readonly properties: readonly ProvenProperty[];
}

const runsUsually = 10_000;
const runsMax = 10_000_000;

/** Searches. Fault: `input.invalid`, for properties that are not well formed. */
export async function proveRules(options: ProveOptions): Promise<Proof> {
  const { rules, itemKinds = [], runs = runsUsually, seed = 1 } = options;
  if (!Number.isSafeInteger(runs) || runs < 1 || runs > runsMax)
    throw fault("input.invalid", `runs must be a whole number from 1 to ${runsMax}.`);
  if (!Number.isSafeInteger(seed) || Math.abs(seed) > 0x7fffffff)
    throw fault("input.invalid", `seed must be a whole number from -${0x7fffffff} to ${0x7fffffff}.`);
  const types = [...builtInTypes, ...itemKinds.map(({ type }) => type)];
  const properties = readAll(options.properties ?? safetyProperties(rules), types);
  const lines = linesOf(rules, options.sourceText);
  const moreTypes = itemKinds.filter((kind) => kind.parse(plainItem(kind.type)) === undefined).map(({ type }) => type);
  const scenes = properties.flatMap((property) => property.scenes);
  const requests = arbitraryRequestFacts({ lines, scenes, moreTypes });
  await using judging = await openJudging({ rules, itemKinds });
  const search: Search = { judging, requests, runs, seed };
  const seen = await lookAtAll(search, properties);
  const proven: ProvenProperty[] = [];
  for (const [index, property] of properties.entries())
    proven.push(await provenOf(search, property, { tally: seen.tallies[index], rules }));
  const { reached, decided, refused, answers } = seen;
  const unreached = linesIn(rules).filter((name) => !answers.has(name));
  return { seed, runs, reached, decided, refused, lines: Object.fromEntries(answers), unreached, properties: proven };
}

const plainItem = (type: string): JsonObject => ({ "@type": type, mustBeAccepted: false });

interface Search {
  readonly judging: Judging;
  readonly requests: Arbitrary<RequestFacts>;
  readonly runs: number;
  readonly seed: number;
}

/** The first Request that broke a property, and the how-manieth it was. */
interface Found {
  readonly run: number;
  readonly first: JudgedRequest;
}

/** What one property said to all Requests. */
interface Tally {
  applied: number;
  decided: number;
  broken: number;
  found?: Found;
}

async function lookAtAll({ judging, requests, runs, seed }: Search, properties: readonly Property[]) {
  const tallies = properties.map((): Tally => ({ applied: 0, decided: 0, broken: 0 }));
  const answers = new Map<string, number>();
  let run = 0;
  let reached = 0;
  let decided = 0;
  let refused = 0;
  const look = async (facts: RequestFacts) => {
    const judged = await judging.judge(facts);
    const isDecided = judged.verdict !== "manual";
    if (isDecided || judged.entries.length > 0 || judged.problem !== undefined) reached += 1;
    if (isDecided) decided += 1;
    if (judged.refused !== undefined) refused += 1;
    for (const name of judged.entries) answers.set(name, (answers.get(name) ?? 0) + 1);
    properties.forEach((property, index) => {
      const { result } = property.hold(judged);
      const tally = tallies[index];
      if (tally === undefined || result === "silent") return;
      tally.applied += 1;
      if (isDecided) tally.decided += 1;
      if (result === "holds") return;
      tally.broken += 1;
      tally.found ??= { run, first: judged };
    });
    run += 1;
  };
  const { errorInstance } = await fc.check(fc.asyncProperty(requests, look), {
    seed,
    numRuns: runs,
    endOnFailure: true,
  });
  // What a property function throws is a mistake of its author, and no counter-example.
  if (errorInstance instanceof Error) throw errorInstance;
  return { tallies, answers, reached, decided, refused };
}

interface About {
  readonly tally: Tally | undefined;
  readonly rules: readonly RulePort[];
}

async function provenOf(search: Search, property: Property, { tally, rules }: About): Promise<ProvenProperty> {
  const { name, sentence } = property;
  const { applied = 0, decided = 0, broken = 0, found } = tally ?? {};
  const proven = { name, sentence, holds: broken === 0, runs: search.runs, applied, decided, broken };
  if (found === undefined) return proven;
  const smallest = await shrunk(search, property, found);
  return { ...proven, counterExample: exampleOf(property, smallest, { run: found.run, rules }) };
}

// A rule that does not always say the same may hold the next time: then the Request is told as it was found.
async function shrunk({ judging, requests, seed }: Search, property: Property, tally: Found): Promise<JudgedRequest> {
  let smallest = tally.first;
  const holds = async (facts: RequestFacts) => {
    const judged = await judging.judge(facts);
    if (property.hold(judged).result !== "broken") return true;
    smallest = judged;
    return false;
  };
  await fc.check(fc.asyncProperty(requests, holds), { seed, path: String(tally.run), numRuns: 1 });
  let tries = 0;
  const isSmaller = async () => {
    for (const facts of smallerThan(smallest.facts)) {
      tries += 1;
      if (tries > triesMost) return false;
      if (!(await holds(facts))) return true;
    }
    return false;
  };
  while (await isSmaller());
  return smallest;
}

/** Requests that are tried to make a counter-example smaller than numbers could. */
const triesMost = 5_000;

function exampleOf(
  property: Property,
  judged: JudgedRequest,
  { run, rules }: { readonly run: number; readonly rules: readonly RulePort[] },
): CounterExample {
  const { places } = property.hold(judged);
  const { facts, verdict, rule, reason, problem } = judged;
  return {
    facts,
    verdict,
    items: places.length === 0 ? judged.items : judged.items.filter(({ place }) => places.includes(place)),
    ...(rule === undefined ? {} : { rule }),
    ...(reason === undefined ? {} : { reason }),
    ...(problem === undefined ? {} : { problem }),
    trace: tracedBy(
      rules.find(({ name }) => name === rule),
      facts,
    ),
    run,
  };
}

function tracedBy(rule: RulePort | undefined, facts: RequestFacts): readonly TracedEntry[] {
  if (rule?.source === undefined || rule.traceRequest === undefined) return [];
  return rule.traceRequest(facts, rule.source).filter(({ outcome }) => outcome === "decided");
}

function linesIn(rules: readonly RulePort[]): readonly string[] {
  return rules.flatMap(({ source }) => {
    const requests = (source?.["config"] as JsonObject | undefined)?.["requests"];
    if (!Array.isArray(requests)) return [];
    return (requests as readonly JsonObject[]).map(({ name }, index) =>
      typeof name === "string" ? name : `#${index + 1}`,
    );
  });
}
