// What was asked, item by item, with what was decided about each and by which entry.
import type { JsonObject } from "../model/json.ts";
import type { DecisionRecord } from "../model/records.ts";
import { isArray, isObject } from "../model/shape.ts";

/** One item of a Request, and what became of it. */
export interface ExplainedItem {
  /** `items[0]`, or `items[2].items[1]` in a group. */
  readonly item: string;
  readonly type: string;
  /** What it asks, as far as texts of it say. */
  readonly asks?: string;
  readonly mustBeAccepted: boolean;
  /** Absent as long as nobody has decided. */
  readonly verdict?: "accept" | "reject";
  /** The code and message that went with a rejection. */
  readonly code?: string;
  readonly message?: string;
  /** The entry of the rule that decided it. */
  readonly entry?: string;
}

/** The items of a Request, those of groups included. */
export function explainedItems(
  content: JsonObject | undefined,
  record: DecisionRecord | undefined,
): readonly ExplainedItem[] {
  const entries = record === undefined ? {} : entriesThatDecided(record);
  const walk = (holder: JsonObject | undefined, answers: unknown, at: string): ExplainedItem[] =>
    listIn(holder).flatMap((entry, index) => {
      const item = `${at}items[${index}]`;
      const answer = listIn(isObject(answers as JsonObject) ? (answers as JsonObject) : undefined)[index];
      if (entry["@type"] === "RequestItemGroup") return walk(entry, answer, `${item}.`);
      const name = entries[item];
      return [explainedItem({ item, entry, answer, name })];
    });
  return walk(content, record?.decision, "");
}

function listIn(holder: JsonObject | undefined): readonly JsonObject[] {
  const list = holder?.["items"];
  return isArray(list) ? list.map((entry) => (isObject(entry) ? entry : {})) : [];
}

type Found = {
  readonly item: string;
  readonly entry: JsonObject;
  readonly answer: JsonObject | undefined;
  readonly name: string | undefined;
};

function explainedItem({ item, entry, answer, name }: Found): ExplainedItem {
  const { code, message } = (answer ?? {}) as { readonly code?: string; readonly message?: string };
  const asks = ["title", "consent", "description"].map((member) => entry[member]).find((text) => text !== undefined);
  return {
    item,
    type: String(entry["@type"]),
    ...(typeof asks === "string" ? { asks } : {}),
    mustBeAccepted: entry["mustBeAccepted"] === true,
    ...(answer === undefined ? {} : { verdict: answer["accept"] === true ? ("accept" as const) : ("reject" as const) }),
    ...(code === undefined ? {} : { code }),
    ...(message === undefined ? {} : { message }),
    ...(name === undefined ? {} : { entry: name }),
  };
}

// Only where the rule has decided: a person's decision rests on no entry.
function entriesThatDecided({ decider, tried }: DecisionRecord): { readonly [item: string]: string } {
  if (decider.kind !== "rule") return {};
  const own = tried.find((entry) => entry["rule"] === decider.rule && entry["entries"] !== undefined);
  return Object(own?.["entries"]);
}
