/**
 * The facts of a decision record, given to rules once more. Where a value was taken out (redaction.ts) there is a trip wire:
 * what rests on such a value cannot be judged again, and everything else can.
 */
import type { Json, JsonObject } from "../model/json.ts";
import { isArray, isObject } from "../model/shape.ts";
import { frozen } from "./freezing.ts";
import { redactedText } from "./redaction.ts";

/** Recorded facts for rules. */
export interface Recalled {
  readonly facts: JsonObject;
  /** What was taken out, by path. */
  readonly redacted: readonly string[];
  /** Whether anybody has looked at such a place since the last time this was asked. */
  hasLooked(): boolean;
}

/** The facts as rules saw them, without what only the record adds. */
export function recall(recorded: JsonObject): Recalled {
  const { known: _known, redacted: places, ...plain } = recorded;
  const redacted = isArray(places) ? places.filter((place) => typeof place === "string") : [];
  let looked = false;
  const look = () => {
    looked = true;
  };
  const facts = redacted.reduce<Json>((wired, place) => withWire(wired, stepsOf(place), look), plain) as JsonObject;
  frozen(facts);
  looked = false;
  return {
    facts,
    redacted,
    hasLooked: () => {
      const had = looked;
      looked = false;
      return had;
    },
  };
}

/** What validating knew, as far as it was recorded; null stands for what was not there. */
export function recalledKnown(recorded: JsonObject | undefined): Map<string, JsonObject | undefined> {
  const known = new Map<string, JsonObject | undefined>();
  const documents = recorded?.["known"];
  if (!isObject(documents)) return known;
  for (const [key, document] of Object.entries(documents)) known.set(key, isObject(document) ? document : undefined);
  return known;
}

function stepsOf(place: string): readonly string[] {
  return place.split(/[.[\]]/).filter((step) => step !== "");
}

function withWire(json: Json, [step, ...rest]: readonly string[], look: () => void): Json {
  if (step === undefined) return json;
  if (isArray(json)) {
    return json.map((element, at) => (String(at) === step ? withWire(element, rest, look) : element));
  }
  if (!isObject(json)) return json;
  const copy = Object.create(Object.prototype, Object.getOwnPropertyDescriptors(json));
  if (rest.length > 0) {
    const inner = json[step];
    if (inner !== undefined) copy[step] = withWire(inner, rest, look);
    return copy;
  }
  Object.defineProperty(copy, step, {
    enumerable: true,
    get: () => {
      look();
      return redactedText;
    },
  });
  return copy;
}
