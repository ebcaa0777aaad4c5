// An item as a kind meets it: before anybody has anything, with what the kind wants to know looked for and not found.
import fc, { type Arbitrary } from "fast-check";
import type { ItemDecision, ItemInfo, ItemKindPort, ItemMoment, JsonObject } from "rapport/core";
import { expect } from "vitest";
import { frozen } from "./frozen.ts";

const asker = "did:e:relay.test:dids:1111111111111111111111";
const answerer = "did:e:relay.test:dids:2222222222222222222222";

/** Rounds of asking for documents after which a kind is said to ask for ever. */
const roundsMax = 20;

/** Who is about to do something with an item: the asker creates it and applies the answer, the answerer decides. */
export interface Occasion {
  readonly at: "asker" | "answerer";
  readonly decision?: ItemDecision;
  readonly response?: JsonObject;
}

/** What the kind is told, after everything that it needs was looked for in vain. The same ids come every time. */
export function infoFor(kind: ItemKindPort, item: JsonObject, { at, decision, response }: Occasion): ItemInfo {
  let drawn = 0;
  const known = new Map<string, JsonObject | undefined>();
  const info: ItemInfo = {
    self: at === "asker" ? asker : answerer,
    peer: at === "asker" ? answerer : asker,
    now: "2030-01-01T00:00:00.000Z",
    requestId: "REQ00000000000000001",
    known,
    newId: (prefix) => {
      drawn += 1;
      return prefix + String(drawn).padStart(20 - prefix.length, "0");
    },
  };
  const moment: ItemMoment = {
    info,
    ...(decision === undefined ? {} : { decision }),
    ...(response === undefined ? {} : { response }),
  };
  for (let round = 0; round < roundsMax; round += 1) {
    const wanted = (kind.needs?.(item, moment) ?? []).filter((key) => !known.has(key));
    if (wanted.length === 0) return info;
    for (const key of wanted) {
      expect(key, "a document is named by its kind and id").toMatch(/^[^/]+\/.+$/s);
      known.set(key, undefined);
    }
  }
  throw new Error(`needs still names new documents after ${roundsMax} rounds.`);
}

/** What JSON may hold where something else is expected. */
const junk: readonly JsonObject[string][] = [
  null,
  true,
  -1,
  0.5,
  "",
  " ",
  "x".repeat(5_000),
  [],
  [null],
  {},
  { a: [1] },
];

/** The item, or an inner object of it, with one member replaced, added or taken away; the type and the flag stay. */
export function spoiled(original: JsonObject): Arbitrary<JsonObject> {
  const places = placesIn(original);
  return fc
    .tuple(fc.constantFrom(...places, ["strange"]), fc.constantFrom(...junk, undefined))
    .map(([path, value]) => frozen(replaced(original, path, value)));
}

const kept = ["@type", "mustBeAccepted"];

function placesIn(object: JsonObject): string[][] {
  return Object.entries(object).flatMap(([member, value]) => {
    if (kept.includes(member)) return [];
    const isInner = typeof value === "object" && value !== null && !Array.isArray(value);
    const inner = isInner ? Object.keys(value).map((one) => [member, one]) : [];
    return [[member], ...inner];
  });
}

function replaced(object: JsonObject, [first = "", ...rest]: readonly string[], value: JsonObject[string]): JsonObject {
  const { [first]: before, ...others } = object;
  if (rest.length > 0) return { ...others, [first]: replaced(before as JsonObject, rest, value) };
  return value === undefined ? others : { ...others, [first]: value };
}
