/**
 * What decision records may not hold (design.md 5): members of items that their kind declares in `redacted`, and secrets in
 * the answers of the relay. Rules see the real facts; the record has the text `[redacted]` in their place, and names the places.
 */
import type { ItemKinds } from "../items/item-kinds.ts";
import type { Json, JsonObject } from "../model/json.ts";
import { isArray, isObject } from "../model/shape.ts";
import type { Condition } from "../ports/rule.ts";
import type { Known } from "./knowledge.ts";

/** What stands in the place of a value that may not be recorded. */
export const redactedText = "[redacted]";

/** What was taken out of facts: the places, and the texts that stood there. */
export interface Redaction {
  readonly paths: readonly string[];
  readonly texts: readonly string[];
}

/** Facts as they may be recorded; the very same object, and no redaction, where nothing had to be taken out. */
export interface RecordableFacts {
  readonly facts: JsonObject;
  readonly redaction?: Redaction;
}

/** Takes out of the facts of a decision what the kinds declare: in the Request, and in those of the template. */
export function recordableFacts(facts: JsonObject, kinds: ItemKinds): RecordableFacts {
  const found: Found = { kinds, paths: [], texts: [] };
  let recordable = facts;
  for (const place of places) {
    const request = valueAt(facts, place);
    if (!isObject(request)) continue;
    const clean = cleanEntries(request, place.join("."), found);
    if (clean !== request) recordable = replaced(recordable, place, clean);
  }
  if (found.paths.length === 0) return { facts };
  const { paths, texts } = found;
  return { facts: { ...recordable, redacted: paths }, redaction: { paths, texts } };
}

const places = [
  ["request", "content"],
  ["template", "content", "onNewRelationship"],
  ["template", "content", "onExistingRelationship"],
] as const;

interface Found {
  readonly kinds: ItemKinds;
  readonly paths: string[];
  readonly texts: string[];
}

function cleanEntries(holder: JsonObject, path: string, found: Found): JsonObject {
  const entries = holder["items"];
  if (!isArray(entries)) return holder;
  let clean: Json[] | undefined;
  for (let index = 0; index < entries.length; index += 1) {
    const entry = entries[index];
    if (!isObject(entry)) continue;
    const at = `${path}.items[${index}]`;
    const next = entry["@type"] === "RequestItemGroup" ? cleanEntries(entry, at, found) : cleanItem(entry, at, found);
    if (next === entry) continue;
    clean ??= [...entries];
    clean[index] = next;
  }
  return clean === undefined ? holder : { ...holder, items: clean };
}

function cleanItem(item: JsonObject, at: string, { kinds, paths, texts }: Found): JsonObject {
  const members = kinds.get(String(item["@type"]))?.redacted;
  if (members === undefined) return item;
  let clean = item;
  for (const member of members) {
    const steps = member.split(".");
    const value = valueAt(item, steps);
    if (value === undefined) continue;
    paths.push(`${at}.${member}`);
    collectTexts(value, texts);
    clean = replaced(clean, steps, redactedText);
  }
  return clean;
}

function valueAt(json: JsonObject, steps: readonly string[]): Json | undefined {
  let value: Json | undefined = json;
  for (const step of steps) {
    if (!isObject(value)) return undefined;
    value = value[step];
  }
  return value;
}

function replaced(json: JsonObject, [step = "", ...rest]: readonly string[], value: Json): JsonObject {
  const inner = json[step];
  return { ...json, [step]: rest.length > 0 && isObject(inner) ? replaced(inner, rest, value) : value };
}

/** Shorter texts stand in too many other places to be a secret that can be looked for. */
const textLengthMin = 4;

function collectTexts(value: Json | undefined, texts: string[]): void {
  if (typeof value === "string") {
    if (value.length >= textLengthMin) texts.push(value);
  } else if (isArray(value)) for (const element of value) collectTexts(element, texts);
  else if (isObject(value)) for (const inner of Object.values(value)) collectTexts(inner, texts);
}

/** The condition, without the value seen where that is a redacted one or holds one. `item` is what it was held against. */
export function maskedCondition<C extends Condition>(condition: C, redaction: Redaction, item?: string): C {
  const { seen } = condition;
  if (seen === undefined) return condition;
  const isSecret = touches(condition.path, redaction.paths, item) || holdsText(seen, redaction.texts);
  return isSecret ? { ...condition, seen: redactedText } : condition;
}

/** The text without what was redacted. */
export function maskedText(text: string, { texts }: Redaction): string {
  return texts.reduce((masked, secret) => masked.replaceAll(secret, redactedText), text);
}

/** Whether a condition's path leads to, into or around a redacted place. */
export function touches(path: string, redacted: readonly string[], item?: string): boolean {
  const short = path.replace(/^request\./, "").replace(/^content\./, "");
  return redacted.some((place) => {
    const [, own = "", rest = ""] = /^request\.content\.(items\[\d+\](?:\.items\[\d+\])?)\.(.*)$/.exec(place) ?? [];
    if (own !== "" && short.startsWith("item.")) return isOnWay(short.slice(5), rest) && (item ?? own) === own;
    return isOnWay(path, place) || (own !== "" && isOnWay(short, `${own}.${rest}`));
  });
}

function isOnWay(one: string, other: string): boolean {
  const begins = (long: string, short: string) =>
    long.startsWith(short) && [".", "[", undefined].includes(long[short.length]);
  return begins(one, other) || begins(other, one);
}

function holdsText(seen: Json, texts: readonly string[]): boolean {
  if (texts.length === 0) return false;
  const parts: string[] = [];
  collectTexts(seen, parts);
  return parts.some((part) => texts.some((secret) => part.includes(secret)));
}

const secretMembers = new Set([
  "ownershipToken",
  "newOwnershipToken",
  "secretKey",
  "privateKey",
  "password",
  "reference",
  "truncatedReference",
]);

/** What validating looked at, as it may be recorded, with null for what was not there; undefined when it looked at nothing. */
export function recordableKnown(known: Known): JsonObject | undefined {
  if (known.size === 0) return undefined;
  const recorded: { [key: string]: Json } = {};
  for (const [key, document] of known)
    if (!key.startsWith("secrets/")) recorded[key] = withoutSecrets(document ?? null);
  return recorded;
}

function withoutSecrets(value: Json): Json {
  if (isArray(value)) return value.map(withoutSecrets);
  if (!isObject(value)) return value;
  const clean: { [member: string]: Json } = {};
  for (const [member, inner] of Object.entries(value)) {
    if (inner !== undefined) clean[member] = secretMembers.has(member) ? redactedText : withoutSecrets(inner);
  }
  return clean;
}
