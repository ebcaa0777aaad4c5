// Entries compiled: where each condition looks, and which items an answer fits.
import type { Json, JsonObject, RequestFacts } from "rapport/core";
import { type Condition, conditionOf, type Match } from "./condition.ts";
import { type Generation, itemPrefix, type ResponseConfig, simpleTypes } from "./config.ts";
import { namedPlacesMax } from "./limits.ts";
import { readerOf } from "./paths.ts";
import { nameOf, type ReadTable } from "./reading.ts";

/** A condition and where it looks: S is the facts of one decision, an item, or the root of a Relationship. */
export interface Placed<S> extends Condition {
  read(subject: S): Json | undefined;
}

/** An entry for Requests. */
export interface CompiledEntry {
  readonly name: string;
  readonly answer: ResponseConfig;
  readonly isIgnoring: boolean;
  readonly general: readonly Placed<RequestFacts>[];
  readonly item: readonly Placed<JsonObject>[];
  /** The types of items that the answer fits; undefined: all. A general entry accepts simple items only. */
  readonly fits: readonly string[] | undefined;
}

/** The entries of a table for Requests, in order. */
export function requestEntries({ requests, settings }: ReadTable): readonly CompiledEntry[] {
  return requests.map((entry, index) => {
    const { generation } = settings;
    const all = Object.entries(entry.requestConfig) as [string, Json][];
    const isOfItem = ([path]: [string, Json]) => path.startsWith(itemPrefix);
    const item = all.filter(isOfItem).map((one) => placed(one, { prefix: itemPrefix, generation }));
    const general = all
      .filter((one) => !isOfItem(one))
      .map(([path, wanted]) => ({
        ...conditionOf(path, wanted, generation),
        read: factReader(path),
      }));
    const isAccepting = "accept" in entry.responseConfig && entry.responseConfig.accept;
    return {
      name: nameOf(entry, index),
      answer: entry.responseConfig,
      isIgnoring: "ignore" in entry.responseConfig,
      general,
      item,
      fits: item.length === 0 && isAccepting ? simpleTypes[generation] : undefined,
    };
  });
}

/** A condition below a prefix that is not part of what it reads from. */
export function placed(
  [path, wanted]: [string, Json],
  { prefix, generation }: { prefix: string; generation: Generation },
): Placed<JsonObject> {
  return { ...conditionOf(path, wanted, generation), read: readerOf(path.slice(prefix.length)) };
}

function factReader(path: string): (facts: RequestFacts) => Json | undefined {
  if (path === "relationshipAlreadyExists")
    return ({ relationships }) => (Array.isArray(relationships) ? relationships.length > 0 : undefined);
  const read = readerOf(path);
  return ({ request }) => read(request);
}

/** Whether all conditions hold. A surprise counts only when everything else holds. */
export function allHold<S>(conditions: readonly Placed<S>[], subject: S): Match {
  let result: Match = "yes";
  for (const condition of conditions) {
    const match = condition.holds(condition.read(subject));
    if (match === "no") return "no";
    if (match === "surprise") result = "surprise";
  }
  return result;
}

/** Both must hold. */
export function and(one: Match, other: Match): Match {
  if (one === "no" || other === "no") return "no";
  return one === "surprise" || other === "surprise" ? "surprise" : "yes";
}

/** An item and its place. */
export interface Leaf {
  readonly item: JsonObject;
  readonly place: string;
}

/** The items below, those of groups in their place. Whatever is no list of objects has none. */
export function leavesOf(items: Json | undefined): readonly Leaf[] {
  if (!Array.isArray(items)) return [];
  return (items as readonly JsonObject[]).flatMap((item, index) => {
    const inner = groupItems(item);
    if (inner === undefined) return [{ item, place: placeAt(index) }];
    return inner.map((child, below) => ({ item: child, place: placeAt(index, below) }));
  });
}

/** The items of a group; undefined for what is none, whatever it is. */
export function groupItems(item: Json | undefined): readonly JsonObject[] | undefined {
  if (typeof item !== "object" || item === null) return undefined;
  const { "@type": type, items } = item as JsonObject;
  const isGroup = type === "RequestItemGroup" || type === "ResponseItemGroup";
  return isGroup && Array.isArray(items) ? items : undefined;
}

const names: string[] = [];

/** How records name an item. The names of the first ones are made once. */
export function placeAt(index: number, below?: number): string {
  const name = names[index] ?? `items[${index}]`;
  if (index === names.length && index < namedPlacesMax) names.push(name);
  return below === undefined ? name : `${name}.${placeAt(below)}`;
}
