import type { Json, JsonObject } from "../model/json.ts";
import { isArray, isObject, textProblem } from "../model/shape.ts";
import type { Validation } from "../model/validation.ts";
import type { ItemKind } from "../ports/item-kind.ts";
import { type FieldSettings, fieldSettings } from "./form-field-settings.ts";
import { fine, invalidItem, invalidParameters, malformedParameters } from "./verdicts.ts";

/** Asks for one value of a form (spec/domain.md 5.5). */
export const formFieldItem: ItemKind = Object.freeze<ItemKind>({
  type: "FormFieldRequestItem",
  responses: { FormFieldAcceptResponseItem: parseResponse },
  parse: (item) => textProblem(item, "title", titleRule) ?? parseSettings(item),
  canCreate: (item) => judged(item, (kind, settings) => kind.flaw?.(settings), invalidItem),
  canAccept: (item, decision) => {
    const response: Json | undefined = "response" in decision ? decision["response"] : undefined;
    if (!isFieldValue(response)) return malformedParameters(malformed);
    return judged(item, (kind, settings) => kind.mismatch(response, settings), invalidParameters);
  },
  accept: (_item, decision) => ({
    response: {
      "@type": "FormFieldAcceptResponseItem",
      result: "Accepted",
      response: "response" in decision ? decision["response"] : undefined,
    },
  }),
});

const titleRule = { max: 200, required: true } as const;
const textMax = 4096;
const malformed = `response must be a text of 1 to ${textMax} characters, a number, a boolean or an array of texts.`;

function parseSettings(item: JsonObject): string | undefined {
  const { settings } = item;
  if (!isObject(settings)) return "settings must be an object";
  const kind = settingsOf(settings);
  if (kind === undefined) return `settings.@type must be one of ${Object.keys(fieldSettings).join(", ")}`;
  const problem = kind.parse(settings);
  return problem === undefined ? undefined : `settings.${problem}`;
}

function judged(
  item: JsonObject,
  judge: (kind: FieldSettings, settings: JsonObject) => string | undefined,
  verdict: (message: string) => Validation,
): Validation {
  const { settings } = item;
  const kind = isObject(settings) ? settingsOf(settings) : undefined;
  if (kind === undefined || !isObject(settings)) return invalidItem("settings have no known @type.");
  const problem = judge(kind, settings);
  return problem === undefined ? fine : verdict(`${problem}.`);
}

function settingsOf(settings: JsonObject): FieldSettings | undefined {
  const type = settings["@type"];
  return typeof type === "string" && Object.hasOwn(fieldSettings, type) ? fieldSettings[type] : undefined;
}

function parseResponse(response: JsonObject): string | undefined {
  if (response["result"] !== "Accepted") return "result must be Accepted";
  return isFieldValue(response["response"]) ? undefined : malformed.slice(0, -1);
}

/** A value that a field can have at all, whatever its settings. */
type FieldValue = string | number | boolean | readonly Json[];

function isFieldValue(value: Json | undefined): value is FieldValue {
  if (typeof value === "string") return value.length >= 1 && value.length <= textMax;
  if (isArray(value)) return value.every((element) => typeof element === "string");
  return typeof value === "number" || typeof value === "boolean";
}
