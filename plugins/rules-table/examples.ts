// Requests made up for a check: from what entries want, and from near misses. The same table gives the same Requests.
import type { Json, JsonObject, RequestFacts } from "rapport/core";
import { type Condition, listOf } from "./condition.ts";
import { itemPrefix } from "./config.ts";
import { intervalOf, type Wants } from "./coverage.ts";
import { isKnownPath, knownTypes, mayHave } from "./vocabulary.ts";

/** Draws numbers below a bound; a small generator with a seed, as a check must say the same every time. */
export type Draw = (below: number) => number;

/** A generator (mulberry32). */
export function createDraw(seed: number): Draw {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** What other entries want at the same places; what is not wanted is drawn from it. */
export type Pool = ReadonlyMap<string, readonly Condition[]>;

/** A Request with one item that has what is wanted, and elsewhere something of the pool or nothing. */
export function exampleOf(wants: Wants, pool: Pool, draw: Draw): RequestFacts {
  const values = new Map<string, Json>();
  for (const [path, condition] of wants) values.set(path, valueFor(condition, draw));
  const typePath = `${itemPrefix}@type`;
  if (!values.has(typePath)) values.set(typePath, typeFor([...wants.keys()], draw));
  const type = String(values.get(typePath));
  for (const [path, conditions] of pool) {
    const isForeign = path.startsWith(itemPrefix) && !mayHave(type, path.slice(itemPrefix.length));
    const isBelowAnother = [...values.keys()].some((one) => one.startsWith(`${path}.`) || path.startsWith(`${one}.`));
    if (values.has(path) || isForeign || isBelowAnother || draw(2) === 0) continue;
    const condition = conditions[draw(conditions.length)];
    if (condition !== undefined) values.set(path, valueFor(condition, draw, draw(3) === 0));
  }
  return factsWith(values, draw);
}

function typeFor(paths: readonly string[], draw: Draw): string {
  const members = paths.filter((path) => path.startsWith(itemPrefix)).map((path) => path.slice(itemPrefix.length));
  const fitting = knownTypes.filter((type) => members.every((member) => mayHave(type, member)));
  return fitting[draw(fitting.length)] ?? "CreateAttributeRequestItem";
}

function valueFor(condition: Condition, draw: Draw, isMiss = false): Json {
  if (condition.kind === "date") return dateFor(condition, draw, isMiss);
  const wanted = listOf(condition.wanted);
  const value = wanted[draw(Math.max(1, wanted.length))] ?? "";
  if (condition.kind === "tags") return isMiss ? ["x:none"] : [...new Set(draw(2) === 0 ? wanted : [value])];
  if (!isMiss) return value;
  return typeof value === "boolean" ? !value : typeof value === "string" ? `${value}?` : "another";
}

function dateFor({ bounds }: Condition, draw: Draw, isMiss: boolean): string {
  const { afterMs, beforeMs, atMs } = intervalOf(bounds);
  const from = Number.isFinite(afterMs) ? afterMs : Number.isFinite(beforeMs) ? beforeMs - yearMs : 0;
  const to = Number.isFinite(beforeMs) ? beforeMs : from + yearMs;
  const inside = [from + 1, to - 1, from + Math.max(1, Math.floor((to - from) / 2))];
  const chosen = atMs ?? (isMiss ? [from, to][draw(2)] : inside[draw(inside.length)]) ?? 0;
  return new Date(chosen).toISOString();
}

const yearMs = 365 * 24 * 60 * 60 * 1000;

function factsWith(values: ReadonlyMap<string, Json>, draw: Draw): RequestFacts {
  const item: Members = { "@type": "CreateAttributeRequestItem", mustBeAccepted: draw(2) === 0 };
  const source: Members = { type: draw(2) === 0 ? "Message" : "RelationshipTemplate", reference: "example" };
  const content: Members = { "@type": "Request", items: [item as JsonObject] };
  const request: Members = { id: "example", peer: "example", createdAt: "2030-01-01T00:00:00.000Z" };
  Object.assign(request, { status: "DecisionRequired", source, content });
  for (const [path, value] of values) {
    if (path === "relationshipAlreadyExists") continue;
    if (path.startsWith(itemPrefix)) put(item, path.slice(itemPrefix.length), value);
    else put(request, path, value);
  }
  const exists = values.get("relationshipAlreadyExists") ?? draw(2) === 0;
  const relationships = exists === true ? [{ peer: request["peer"], status: "Active" }] : [];
  return { self: "self", now: "2030-01-01T00:00:00.000Z", request: request as JsonObject, relationships };
}

type Members = { [member: string]: Json };

function put(root: Members, path: string, value: Json): void {
  const steps = path.split(".");
  const last = steps.pop() ?? "";
  let node = root;
  for (const step of steps) {
    const next = Object.hasOwn(node, step) ? node[step] : undefined;
    // A copy: the value may be what an entry wants.
    const inner: Members =
      typeof next === "object" && next !== null && !Array.isArray(next) ? { ...(next as Members) } : {};
    node[step] = inner;
    node = inner;
  }
  node[last] = value;
}

/** Paths that nobody knows, perhaps misspelt. */
export function strangePaths(wants: Wants): readonly string[] {
  return [...wants.keys()].filter((path) => !isKnownPath(path) && !path.startsWith(`${itemPrefix}metadata.`));
}
