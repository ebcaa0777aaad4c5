/**
 * Made-up Requests: as a peer could have sent them, directed by what the rules and the properties look for, with near misses.
 * Every choice is a number that is small where the Request is simple, so that shrinking finds the smallest Request.
 */
import fc, { type Arbitrary } from "fast-check";
import { isSameJson, type Json, type JsonObject, type RequestFacts } from "rapport/core";
import { builtInTypes, itemWith } from "./item-samples.ts";
import type { Wish } from "./property.ts";
import { type Frame, factsOf } from "./request-facts.ts";
import { identityTypes, relationshipTypes } from "./value-samples.ts";
import { aliasOf } from "./wishes.ts";

/** What Requests are made from. */
export interface Makings {
  /** What each line of the rules wants. */
  readonly lines: readonly (readonly Wish[])[];
  /** What the properties are about. */
  readonly scenes: readonly (readonly Wish[])[];
  /** Contributed types of items that need no members of their own. */
  readonly moreTypes: readonly string[];
}

/** Facts of Requests that rules can be asked about. */
export function arbitraryRequestFacts(makings: Makings): Arbitrary<RequestFacts> {
  const types = [...builtInTypes, ...makings.moreTypes];
  const made = { ...makings, lines: makings.lines.map((line) => line.map((wish) => possible(wish, types))), types };
  const below = (count: number) => fc.nat({ max: Math.max(0, count - 1) });
  const item = fc.tuple(
    below(types.length),
    fc.nat({ max: makings.lines.length }),
    fc.nat({ max: makings.scenes.length }),
    fc.nat({ max: 0xfffff }),
    fc.nat({ max: 19 }),
    fc.nat({ max: 3 }),
    fc.nat({ max: 31 }),
    fc.nat({ max: 3 }),
  );
  const items = fc.array(item, { minLength: 1, maxLength: itemsMax });
  const frame = fc.tuple(fc.nat({ max: 9 }), fc.nat({ max: 6 }), fc.nat({ max: 1 }), fc.nat({ max: 3 }));
  return fc.tuple(items, frame).map(([plans, [company, relation, source, expiry]]) => {
    const alone = company < 6 ? plans.slice(0, 1) : plans;
    return requestFrom(alone.map(planOf), { relation, source, expiry }, made);
  });
}

// An item of a type that nobody knows, or with a value of one, does not arrive: a line that wants it is not reached.
function possible(wish: Wish, types: readonly string[]): Wish {
  const allowed =
    wish.path === "content.item.@type" ? types : aliasOf(wish.path) === "*valueType" ? valueTypes : undefined;
  return allowed === undefined ? wish : { ...wish, hits: wish.hits.filter((one) => allowed.includes(String(one))) };
}

const valueTypes = [...identityTypes, ...relationshipTypes];

const handing = "TransferFileOwnershipRequestItem";

/** Items that are drawn one by one; where a property asks for more, the last one is repeated. */
const itemsMax = 4;

/** Items of one Request: more of them teach nothing new. */
const repeatedMax = 1_000;

interface Plan {
  readonly type: number;
  readonly line: number;
  readonly scene: number;
  readonly salt: number;
  readonly miss: number;
  readonly variant: number;
  readonly extras: number;
  readonly shape: number;
}

type Numbers = readonly [number, number, number, number, number, number, number, number];

function planOf([type, line, scene, salt, miss, variant, extras, shape]: Numbers): Plan {
  return { type, line, scene, salt, miss, variant, extras, shape };
}

type Made = Makings & { readonly types: readonly string[] };

type Chances = { readonly relation: number; readonly source: number; readonly expiry: number };

function requestFrom(plans: readonly Plan[], chances: Chances, made: Made): RequestFacts {
  const chosen = plans.map((plan) => chosenBy(plan, made));
  const items: JsonObject[] = [];
  let group: JsonObject[] | undefined;
  plans.forEach((plan, index) => {
    const wanted = chosen[index] ?? new Map();
    const item = itemFrom(plan, wanted, made);
    const isGrouped = item["@type"] !== handing && (wanted.get("*grouped") ?? plan.shape > 1);
    if (isGrouped !== true) {
      group = undefined;
      items.push(item);
    } else if (group === undefined || plan.shape === 2) {
      group = [item];
      items.push({ "@type": "RequestItemGroup", items: group });
    } else group.push(item);
  });
  // Whether a File may change hands the relay must say, so nothing else rests on that.
  const handed = items.findIndex((one) => one["@type"] === handing);
  if (handed > 0) items.splice(handed);
  if (handed === 0) items.splice(1);
  // The first item says what the Request is like: lines want something of both.
  const general = chosen[0] ?? new Map<string, Json>();
  const count = Math.min(Number(general.get("*items") ?? 0), repeatedMax);
  const last = handed === 0 ? undefined : items.at(-1);
  while (items.length < count && last !== undefined) items.push(last);
  return factsOf(items, frameOf(general, chances));
}

function frameOf(general: ReadonlyMap<string, Json>, { relation, source, expiry }: Chances): Frame {
  const members = [...general].filter(([path]) => !path.startsWith("content.item.") && !path.startsWith("*"));
  const wanted = new Map(members);
  const exists = wanted.get("relationshipAlreadyExists");
  const type = wanted.get("source.type");
  wanted.delete("relationshipAlreadyExists");
  wanted.delete("source.type");
  const status = general.get("*status");
  const statuses =
    typeof status === "string" ? [status] : (histories[exists === true ? Math.max(1, relation) : relation] ?? []);
  const days = Number(general.get("*expiresInDays") ?? (expiry === 3 ? 30 : -1));
  return {
    statuses: exists === false ? [] : statuses,
    isByMessage: (type ?? (source === 1 ? "Message" : "RelationshipTemplate")) === "Message",
    expiresInDays: days < 0 ? undefined : days,
    members: wanted,
  };
}

/** The Relationships that there are with a peer, the youngest last. */
const histories: readonly (readonly string[])[] = [
  [],
  ["Active"],
  ["Rejected"],
  ["Revoked"],
  ["Rejected", "Active"],
  ["Active"],
  [],
];

// Line and scene together, as a counter-example needs both; where they want the same, what pleases both.
function chosenBy(plan: Plan, { lines, scenes }: Made): ReadonlyMap<string, Json> {
  const line = lines[plan.line - 1] ?? [];
  const scene = scenes[plan.scene - 1] ?? [];
  const chosen = new Map<string, Json>();
  const places = new Map<string, string>();
  let turn = plan.salt;
  const pick = (values: readonly Json[]): Json | undefined => {
    const value = values[turn % Math.max(1, values.length)];
    turn = Math.floor(turn / 3) + (turn % 7);
    return value;
  };
  const missed = plan.miss > 13 && line.length > 0 ? (plan.miss - 14) % line.length : -1;
  line.forEach(({ path, hits, misses }, index) => {
    if (index === missed && misses.length === 0) return;
    const same = scene.find((one) => aliasOf(one.path) === aliasOf(path));
    const both = same === undefined ? [] : hits.filter((value) => same.hits.some((one) => isSameJson(one, value)));
    const value = pick(index === missed ? misses : both.length > 0 ? both : hits);
    if (value === undefined) return;
    chosen.set(path, value);
    places.set(aliasOf(path), path);
  });
  for (const { path, hits, misses } of scene) {
    const place = places.get(aliasOf(path)) ?? path;
    const present = chosen.get(place);
    if (present !== undefined && hits.some((one) => isSameJson(one, present))) continue;
    const value = pick(plan.miss === 13 && misses.length > 0 ? misses : hits);
    if (value !== undefined) chosen.set(place, value);
  }
  return chosen;
}

function itemFrom(plan: Plan, chosen: ReadonlyMap<string, Json>, { types }: Made): JsonObject {
  const members = new Map<string, Json>();
  for (const [path, value] of chosen) {
    if (path.startsWith("content.item.")) members.set(path.slice("content.item.".length), value);
    else if (path === "*valueType" || path === "*key" || path === "*owner" || path === "*tags")
      members.set(path, value);
  }
  const { extras, salt } = plan;
  const word = "text";
  const add = (member: string, value: Json) => {
    if (!members.has(member)) members.set(member, value);
  };
  // Beyond what is wished for: what rules might look at, too.
  if ((extras & 24) === 24) {
    if ((extras & 1) === 1) add("description", word);
    if ((extras & 2) === 2) add("metadata", { [word]: word });
    if ((extras & 4) === 4) add("requireManualDecision", true);
  } else if ((extras & 24) === 16 && (extras & 1) === 1) add("*tags", [`x:${word}`]);
  return itemWith(
    members,
    { type: plan.type, variant: plan.variant, valueType: salt >> 4, isMandatory: (extras & 8) === 8 },
    types,
  );
}
