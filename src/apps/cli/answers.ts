// Answers every item of a Request with something that fits, so that any template can be played through.
import { type Account, RapportError, type RequestView } from "rapport";
import { isObject, type Json, type JsonObject, objectsOf, textOf } from "./json.ts";

type Decision = Parameters<Account["requests"]["incoming"]["accept"]>[1];
type ItemDecision = { readonly accept: true; readonly response?: Json } | { readonly accept: false };
type Validation = Awaited<ReturnType<Account["requests"]["incoming"]["canAccept"]>>;

/** One item as a person reads it, with the answer that was chosen. */
export interface AnsweredItem {
  /** "2" for an item, "2.1" for one in a group. */
  readonly number: string;
  readonly item: JsonObject;
  readonly asks: string;
  readonly mandatory: boolean;
  readonly answer: ItemDecision;
}

/** The items of a Request with answers that the engine allows. */
export interface Answered {
  readonly items: readonly AnsweredItem[];
  readonly decision: Decision;
}

/** Accepts all items; an optional one that nothing fits is declined. Throws `input.invalid` if a mandatory one is left. */
export async function decideOn(account: Account, request: RequestView): Promise<Answered> {
  const willing = answeredItems(request.content);
  const wrong = problemsOf(await account.requests.incoming.canAccept(request.id, decisionOf(request.content, willing)));
  const items = willing.map((one): AnsweredItem => {
    return wrong.has(one.number) && !one.mandatory ? { ...one, answer: { accept: false } } : one;
  });
  const decision = decisionOf(request.content, items);
  const left = await account.requests.incoming.canAccept(request.id, decision);
  if (left.isSuccess) return { items, decision };
  const [[number, message] = ["", left.message]] = problemsOf(left);
  throw new RapportError(
    "input.invalid",
    `onNewRelationship: item ${number} cannot be accepted by anybody: ${message}`,
  );
}

/** The decision with one item declined instead. */
export function declining(request: RequestView, { items }: Answered, number: string): Decision {
  const changed = items.map((one): AnsweredItem => {
    return one.number === number ? { ...one, answer: { accept: false } } : one;
  });
  return decisionOf(request.content, changed);
}

/** The decision with every item declined. */
export function decliningAll({ content }: RequestView): Decision {
  return decisionOf(content, []);
}

/** The answer as a person would say it. */
export function answerText({ answer }: AnsweredItem): string {
  if (!answer.accept) return "declined";
  return answer.response === undefined ? "accepted" : `accepted: ${JSON.stringify(answer.response)}`;
}

/** What an item asks for, in one line. */
export function askedFor(item: JsonObject): string {
  const { settings } = item;
  const kind = (textOf(item, "@type") ?? "").replace(/RequestItem$/, "");
  const text = textOf(item, "consent") ?? textOf(item, "title") ?? "";
  const { options } = isObject(settings) ? settings : { options: undefined };
  const choice = Array.isArray(options) ? ` (${options.join(", ")})` : "";
  return `${kind}: ${text}${choice}`;
}

function answeredItems(content: JsonObject): readonly AnsweredItem[] {
  return objectsOf(content, "items").flatMap((entry, index) => {
    const number = String(index + 1);
    if (entry["@type"] !== "RequestItemGroup") return [answered(number, entry)];
    return objectsOf(entry, "items").map((item, at) => answered(`${number}.${at + 1}`, item));
  });
}

function answered(number: string, item: JsonObject): AnsweredItem {
  const { settings } = item;
  const answer: ItemDecision = isObject(settings) ? { accept: true, response: valueFor(settings) } : { accept: true };
  return { number, item, asks: askedFor(item), mandatory: item["mustBeAccepted"] === true, answer };
}

function decisionOf(content: JsonObject, items: readonly AnsweredItem[]): Decision {
  const answers = new Map(items.map(({ number, answer }) => [number, answer]));
  const answerTo = (number: string): ItemDecision => answers.get(number) ?? { accept: false };
  return {
    items: objectsOf(content, "items").map((entry, index) => {
      const number = String(index + 1);
      if (entry["@type"] !== "RequestItemGroup") return answerTo(number);
      return { items: objectsOf(entry, "items").map((_item, at) => answerTo(`${number}.${at + 1}`)) };
    }),
  };
}

/** What is wrong with the first item that something is wrong with. */
export function firstProblem(validation: Extract<Validation, { isSuccess: false }>): string {
  const [first = validation.message] = problemsOf(validation).values();
  return first;
}

/** The problems of single items, by their number. */
function problemsOf(validation: Validation, number = ""): ReadonlyMap<string, string> {
  if (validation.isSuccess) return new Map();
  const below = validation.items.flatMap((item, index) => [
    ...problemsOf(item, number === "" ? String(index + 1) : `${number}.${index + 1}`),
  ]);
  return new Map(below.length > 0 || number === "" ? below : [[number, validation.message]]);
}

/** A value that fits the settings, if there is one. */
function valueFor(settings: JsonObject): Json {
  switch (settings["@type"]) {
    case "BooleanFormFieldSettings":
      return true;
    case "DateFormFieldSettings":
      return "1990-05-17";
    case "DoubleFormFieldSettings":
      return within(2.5, settings);
    case "IntegerFormFieldSettings":
      return within(3, settings);
    case "RatingFormFieldSettings":
      return numberOf(settings, "maxRating") ?? 5;
    case "SelectionFormFieldSettings":
      return chosen(settings);
    default:
      return textFor(settings);
  }
}

function within(wish: number, settings: JsonObject): number {
  return Math.min(Math.max(wish, numberOf(settings, "min") ?? wish), numberOf(settings, "max") ?? Infinity);
}

function chosen({ options, allowMultipleSelection }: JsonObject): Json {
  const texts = Array.isArray(options) ? options.filter((option) => typeof option === "string") : [];
  return allowMultipleSelection === true ? texts.slice(0, 2) : (texts[0] ?? "");
}

function textFor(settings: JsonObject): string {
  const wish = "Mara Lindqvist";
  const long = wish.padEnd(numberOf(settings, "min") ?? 0, ".");
  return long.slice(0, numberOf(settings, "max") ?? long.length);
}

function numberOf(object: JsonObject, member: string): number | undefined {
  const value = object[member];
  return typeof value === "number" ? value : undefined;
}
