// Conditions read strictly: what holds, how it is said, and what a Request must be like to fulfil it.
import { fault, type RapportError } from "rapport/core";
import { itemPrefix, predicates, type Subject, type Words } from "./predicates.ts";
import type { Texts, Wish } from "./property.ts";
import { identityTypes, relationshipTypes } from "./value-samples.ts";
import { listOf, withArticle } from "./wording.ts";

/** What conditions are about. */
export type Level = "item" | "request";

/** Conditions that were read. */
export interface Conditions {
  holds(subject: Subject): boolean;
  /** What they are about, with its article: "an item from a peer without a Relationship". */
  readonly noun: string;
  /** Ways to fulfil them, each a list of wishes. */
  readonly scenes: readonly (readonly Wish[])[];
}

/** Where conditions stand in the file, and how deep. */
interface Place {
  readonly path: string;
  readonly level: Level;
  readonly depth: number;
  readonly types: readonly string[];
}

/** Nesting of conditions: nobody reads deeper ones. */
const depthMax = 10;

/** Ways to fulfil conditions that the search tries on purpose; the rest is left to chance. */
const scenesMax = 32;

/** How conditions are read: where they stand, what they are about, and the types of items that there are. */
export interface Reading {
  readonly path: string;
  readonly level: Level;
  readonly types: readonly string[];
}

/** Reads conditions. Fault: `input.invalid`, which names the place and lists what is allowed there. */
export function conditionsOf(when: unknown, reading: Reading): Conditions {
  return read(when, { ...reading, depth: 0 });
}

function read(when: unknown, place: Place): Conditions {
  const { path, depth } = place;
  if (typeof when !== "object" || when === null || Array.isArray(when)) throw invalid(`${path} must be an object`);
  if (depth > depthMax) throw invalid(`${path} nests deeper than ${depthMax}`);
  for (const member of Object.keys(when)) checkMember(member, place);
  const members = names.filter((name) => (when as { [member: string]: unknown })[name] !== undefined);
  const parts = members.map((member) => part(member, (when as { [member: string]: unknown })[member], place));
  return {
    holds: (subject) => parts.every((one) => one.holds(subject)),
    noun: nounOf(
      parts.map(({ words }) => words),
      place.level,
    ),
    scenes: parts.reduce<Conditions["scenes"]>((scenes, one) => crossed(scenes, one.scenes), [[]]),
  };
}

type Part = Omit<Conditions, "noun"> & { readonly words: Words };

const compound = ["someItem", "everyItem", "and", "or", "not"];
const names = [...Object.keys(predicates), ...compound];

function checkMember(member: string, { path, level }: Place): void {
  const allowed = names.filter((name) => level === "item" || predicates[name]?.of !== "item");
  if (allowed.includes(member)) return;
  if (names.includes(member))
    throw invalid(
      `${path}.${member} is about a single item, and this property is about whole Requests: put it into someItem or everyItem`,
    );
  throw invalid(`${path} has no condition "${member}"; there are ${allowed.join(", ")}`);
}

function part(member: string, given: unknown, place: Place): Part {
  const path = `${place.path}.${member}`;
  const predicate = Object.hasOwn(predicates, member) ? predicates[member] : undefined;
  if (predicate === undefined) return compoundPart(member, given, { ...place, path, depth: place.depth + 1 });
  const problem = predicate.problem(given);
  if (problem !== undefined) throw invalid(`${path} ${problem}`);
  if (member === "item") checkKnown(path, given as Texts, place.types);
  if (member === "valueType") checkKnown(path, given as Texts, [...identityTypes, ...relationshipTypes]);
  if (member === "matches" && place.level === "request") {
    const odd = Object.keys(given as object).find((one) => one.startsWith(itemPrefix));
    if (odd !== undefined)
      throw invalid(`${path} has "${odd}", which is of a single item: put it into someItem or everyItem`);
  }
  const value = given as never;
  return {
    holds: (subject) => predicate.holds(value, subject),
    words: predicate.words(value),
    scenes: [predicate.wishes(value)],
  };
}

// A misspelt type would make a property that nothing breaks.
function checkKnown(path: string, given: Texts, known: readonly string[]): void {
  const odd = listOf(given).find((one) => !known.includes(one));
  if (odd !== undefined) throw invalid(`${path} has "${odd}", and there are ${known.join(", ")}`);
}

function compoundPart(member: string, given: unknown, place: Place): Part {
  if (member === "someItem" || member === "everyItem") return ofItems(member, read(given, { ...place, level: "item" }));
  if (member === "not") {
    const { holds, noun, scenes } = read(given, place);
    return { holds: (subject) => !holds(subject), words: { is: `not ${noun}` }, scenes: opposite(scenes) };
  }
  if (!Array.isArray(given) || given.length === 0) throw invalid(`${place.path} must be a list of conditions`);
  const all = given.map((one, index) => read(one, { ...place, path: `${place.path}[${index}]` }));
  const nouns = all.map(({ noun }) => noun);
  if (member === "or")
    return {
      holds: (subject) => all.some((one) => one.holds(subject)),
      words: { is: `${nouns.length > 1 ? "either " : ""}${nouns.join(" or ")}` },
      scenes: all.flatMap(({ scenes }) => scenes).slice(0, scenesMax),
    };
  return {
    holds: (subject) => all.every((one) => one.holds(subject)),
    words: { is: nouns.join(" and ") },
    scenes: all.reduce<Conditions["scenes"]>((scenes, one) => crossed(scenes, one.scenes), [[]]),
  };
}

function ofItems(member: "someItem" | "everyItem", { holds, noun, scenes }: Conditions): Part {
  const phrase = member === "someItem" ? `that has ${noun}` : `in which every item is ${noun}`;
  const onItem = ({ judged }: Subject) => {
    const { items } = judged;
    const isLike = (item: (typeof items)[number]) => holds({ judged, item });
    return member === "someItem" ? items.some(isLike) : items.every(isLike);
  };
  return { holds: onItem, words: { phrase, isOfRequest: true }, scenes };
}

function crossed(some: Conditions["scenes"], others: Conditions["scenes"]): Conditions["scenes"] {
  return some.flatMap((one) => others.map((more) => [...one, ...more])).slice(0, scenesMax);
}

// One miss is enough to break conditions.
function opposite(scenes: Conditions["scenes"]): Conditions["scenes"] {
  const broken = scenes.flatMap((scene) =>
    scene.flatMap(({ path, hits, misses }) => (misses.length === 0 ? [] : [[{ path, hits: misses, misses: hits }]])),
  );
  return broken.length === 0 ? [[]] : broken.slice(0, scenesMax);
}

function nounOf(words: readonly Words[], level: Level): string {
  const noun = words.find((one) => one.noun !== undefined)?.noun ?? (level === "item" ? "item" : "Request");
  const adjectives = words.flatMap(({ adjective }) => (adjective === undefined ? [] : [adjective]));
  const phrases = (isOfRequest: boolean) =>
    words.flatMap((one) =>
      one.phrase === undefined || (one.isOfRequest ?? false) !== isOfRequest ? [] : [one.phrase],
    );
  const around = phrases(true).join(" and ");
  const place = around === "" ? [] : [level === "item" ? `in a Request ${around}` : around];
  const plain = [withArticle([...adjectives, noun].join(" ")), ...phrases(false), ...place];
  const is = words.flatMap((one) => (one.is === undefined ? [] : [`is ${one.is}`])).join(" and ");
  if (is === "") return plain.join(" ");
  // What it is must not be read as what the Relationship or the Request is.
  return `${plain.join(" ")}${plain.length > 1 ? ", if it" : " that"} ${is}`;
}

/** The fault of a property that says what it may not say. */
export function invalid(problem: string): RapportError {
  return fault("input.invalid", `${problem}.`);
}
