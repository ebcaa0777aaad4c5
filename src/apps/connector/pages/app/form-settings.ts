// What a field of a form asks for, and what a person typed as the value that goes out (spec/domain.md 5.5).
import { type Json, type JsonObject, listIn, numberIn, textIn } from "./json.ts";

/** How the value is given. */
export type FormInput =
  | { readonly kind: "yes-no" }
  | { readonly kind: "date" }
  | { readonly kind: "number"; readonly whole: boolean; readonly min?: number; readonly max?: number }
  | { readonly kind: "text"; readonly lines: boolean; readonly min?: number; readonly max?: number }
  | { readonly kind: "choices"; readonly options: readonly string[]; readonly several: boolean };

/** The input for the settings; undefined for settings that nobody here knows. */
export function formInputOf(settings: JsonObject): FormInput | undefined {
  switch (textIn(settings["@type"])) {
    case "BooleanFormFieldSettings":
      return { kind: "yes-no" };
    case "DateFormFieldSettings":
      return { kind: "date" };
    case "DoubleFormFieldSettings":
      return { kind: "number", whole: false, ...bounds(settings) };
    case "IntegerFormFieldSettings":
      return { kind: "number", whole: true, ...bounds(settings) };
    case "RatingFormFieldSettings":
      return { kind: "number", whole: true, min: 1, max: numberIn(settings["maxRating"]) ?? ratingMax };
    case "SelectionFormFieldSettings":
      return {
        kind: "choices",
        options: listIn(settings["options"]).map(textIn),
        several: settings["allowMultipleSelection"] === true,
      };
    case "StringFormFieldSettings":
      return { kind: "text", lines: settings["allowNewlines"] === true, ...bounds(settings) };
    default:
      return undefined;
  }
}

/** The highest rating that there can be. */
const ratingMax = 10;

function bounds({ min, max }: JsonObject): { min?: number; max?: number } {
  return {
    ...(typeof min === "number" ? { min } : {}),
    ...(typeof max === "number" ? { max } : {}),
  };
}

/** What is expected, as a hint below the field. */
export function hintOf(input: FormInput, settings: JsonObject): string {
  const unit = textIn(settings["unit"]);
  if (input.kind === "choices") return input.several ? "Choose one or more." : "Choose one.";
  if (input.kind !== "number" && input.kind !== "text") return "";
  const what = input.kind === "text" ? "characters" : unit;
  const between = rangeOf(input.min, input.max);
  if (between === "" && input.kind === "number") return unit === "" ? "" : `In ${unit}.`;
  return between === "" ? "" : `${between}${what === "" ? "" : ` ${what}`}.`;
}

function rangeOf(min: number | undefined, max: number | undefined): string {
  if (min !== undefined && max !== undefined) return `From ${min} to ${max}`;
  if (min !== undefined) return `At least ${min}`;
  return max === undefined ? "" : `At most ${max}`;
}

/** The value of the response; `undefined` while nothing was given. */
export function responseOf(input: FormInput, given: readonly string[]): Json | undefined {
  const [first = ""] = given;
  if (input.kind === "choices") return input.several ? (given.length === 0 ? undefined : given) : first || undefined;
  if (first === "") return input.kind === "text" && input.min === 0 ? "" : undefined;
  if (input.kind === "yes-no") return first === "yes";
  return input.kind === "number" ? Number(first) : first;
}
