// What a search for counter-examples came to, for people: the verdict on every property first, then why.
import type { CounterExample, Proof, ProvenProperty } from "rapport/proof";
import { conditionLine } from "./explain-text.ts";
import { excerpt, printable, rule, wrap } from "./layout.ts";

/** What surrounds the figures. */
export interface ProofLayout {
  readonly file: string;
  /** The command that gives the same again. */
  readonly again: string;
  readonly width: number;
}

/** Whether every property was tested and none was broken. */
export function isProven({ properties, reached }: Proof): boolean {
  return reached > 0 && properties.every(({ holds, applied }) => holds && applied > 0);
}

/** The lines to show. */
export function proofText(proof: Proof, { file, again, width }: ProofLayout): readonly string[] {
  const { properties } = proof;
  const broken = properties.filter(({ holds }) => !holds);
  return [
    ...wrap(`${file}: ${headOf(proof)}`, { width }),
    ...wrap(reachOf(proof), { width, indent: 2 }),
    ...linesOf(proof, width),
    "",
    ...properties.flatMap((property) => propertyLines(property, width)),
    ...broken.flatMap((property) => brokenLines(property, width)),
    "",
    ...wrap(`The same again: ${again}`, { width }),
  ];
}

function headOf({ properties, runs, seed }: Proof): string {
  const broken = properties.filter(({ holds }) => !holds).length;
  const untested = properties.filter(({ applied }) => applied === 0).length;
  const found = [
    ...(broken === 0 ? [] : [`${broken} broken`]),
    ...(untested === 0 ? [] : [`${untested} not tested`]),
    ...(broken + untested === properties.length
      ? []
      : [`${properties.length - broken - untested} without a counter-example`]),
  ];
  const what = properties.length === 1 ? "1 property" : `${properties.length} properties`;
  return `${what}, ${found.join(", ")}, among ${runs} Requests (seed ${seed}).`;
}

function reachOf({ runs, reached, decided, refused }: Proof): string {
  if (reached === 0) return "No Request reached a rule, so nothing is proved. Look at what the rules want.";
  const left = refused === 0 ? "" : `; ${refused} more times they wanted what the Request does not allow`;
  return `Rules had a say in ${share(reached, runs)} of them and decided ${share(decided, runs)}${left}.`;
}

function share(part: number, whole: number): string {
  const percent = (100 * part) / whole;
  return part > 0 && percent < 1 ? "less than 1%" : `${Math.round(percent)}%`;
}

const namesMost = 5;

function linesOf({ unreached, reached }: Proof, width: number): readonly string[] {
  if (unreached.length === 0 || reached === 0) return [];
  const more = unreached.length - namesMost;
  const names = `${unreached.slice(0, namesMost).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  return wrap(`Lines that had no say in any: ${names}.`, { width, indent: 2 });
}

function propertyLines(
  { name, sentence, holds, applied, decided, broken }: ProvenProperty,
  width: number,
): readonly string[] {
  const verdict = !holds ? "BROKEN    " : applied === 0 ? "not tested" : "holds     ";
  const figures = !holds
    ? `${broken} of ${applied} Requests break it; the smallest is below.`
    : applied === 0
      ? "No Request was of that kind: perhaps none can be, or a condition is misspelt."
      : `No counter-example among ${applied} Requests of that kind, of which rules decided ${decided}.`;
  const [first = "", ...rest] = wrap(sentence, { width, indent: verdict.length + 2 });
  const called = name === sentence ? [] : wrap(`(${name})`, { width, indent: verdict.length + 2 });
  return [
    `${verdict}  ${first.trimStart()}`,
    ...rest,
    ...called,
    ...wrap(figures, { width, indent: verdict.length + 2 }),
  ];
}

function brokenLines({ name, counterExample }: ProvenProperty, width: number): readonly string[] {
  if (counterExample === undefined) return [];
  const { facts, reason, problem } = counterExample;
  return [
    "",
    rule(excerpt(printable(name), width - 4), width),
    ...wrap(whereFrom(counterExample), { width, indent: 2 }),
    ...jsonLines(facts.request["content"], width),
    ...wrap(outcomeOf(counterExample), { width, indent: 2 }),
    ...itemLines(counterExample, width),
    ...(problem === undefined ? [] : wrap(`It failed: ${problem}`, { width, indent: 4 })),
    ...(reason === undefined ? [] : wrap(reason, { width, indent: 4 })),
    ...traceLines(counterExample, width),
  ];
}

const jsonMost = 40;

function jsonLines(content: unknown, width: number): readonly string[] {
  const lines = JSON.stringify(content, null, 2).split("\n");
  const shown = lines.slice(0, jsonMost).map((line) => `    ${excerpt(line, width - 4)}`);
  return lines.length > jsonMost
    ? [...shown, `    and ${lines.length - jsonMost} more lines; --json shows them`]
    : shown;
}

function whereFrom({ facts }: CounterExample): string {
  const { peer, source } = facts.request;
  const { type } = Object(source) as { readonly type?: unknown };
  const by = type === "Message" ? "by Message" : "with a RelationshipTemplate";
  const statuses = facts.relationships.map(({ status }) => String(status));
  const known = statuses.length === 0 ? "without a Relationship" : `with a Relationship that is ${statuses.join(", ")}`;
  return `This Request, ${by}, from the peer ${String(peer)} ${known}:`;
}

const outcomes = { accept: "accepted", reject: "rejected", ignore: "ignored", manual: "left to a person" } as const;

function outcomeOf({ verdict, rule: by }: CounterExample): string {
  return `is ${outcomes[verdict]}${by === undefined ? "" : ` by the rule ${by}`}.`;
}

const itemsMost = 5;

function itemLines({ items }: CounterExample, width: number): readonly string[] {
  const lines = items.slice(0, itemsMost).flatMap(({ place, item, verdict, entry }) => {
    const by = entry === undefined ? "" : ` by ${entry}`;
    return wrap(`${place}, ${String(item["@type"])}: ${outcomes[verdict]}${by}`, { width, indent: 4 });
  });
  return items.length > itemsMost ? [...lines, `    and ${items.length - itemsMost} more items`] : lines;
}

function traceLines({ trace, items }: CounterExample, width: number): readonly string[] {
  const places = items.slice(0, itemsMost).map(({ place }) => place);
  const told = trace.filter(({ item }) => item === undefined || places.includes(item)).slice(0, itemsMost);
  return told.flatMap(({ entry, item, answer, conditions }) => [
    ...wrap(`${entry} ${item === undefined ? "" : `answers ${item}`}${answer === undefined ? "" : `: ${answer}`}`, {
      width,
      indent: 4,
    }),
    ...conditions.map((one) => conditionLine(one, width)),
  ]);
}
