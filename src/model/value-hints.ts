import { countryCodes } from "./countries.ts";
import type { Json, JsonObject } from "./json.ts";
import { languageCodes } from "./languages.ts";
import { isArray, isObject, textProblem } from "./shape.ts";
import { maritalStatuses, sexes } from "./value-choices.ts";

const editHelpRule = { max: 500 };
const patternRule = { max: 1000 };
const choiceRule = { max: 100, required: true } as const;

/** The first problem of value hints, starting with `at`; they are for display only (spec/domain.md 6.4). */
export function valueHintsProblem(json: Json | undefined, at = "valueHints"): string | undefined {
  if (!isObject(json)) return `${at} must be an object`;
  const problem =
    textProblem(json, "editHelp", editHelpRule) ??
    boundProblem(json, "min") ??
    boundProblem(json, "max") ??
    textProblem(json, "pattern", patternRule) ??
    valuesProblem(json["values"]) ??
    (isScalar(json["defaultValue"]) ? undefined : "defaultValue must be a text, a number or a boolean");
  return problem === undefined ? propertiesProblem(json["propertyHints"], `${at}.propertyHints`) : `${at}.${problem}`;
}

function boundProblem(hints: JsonObject, member: string): string | undefined {
  const bound = hints[member];
  return bound === undefined || typeof bound === "number" ? undefined : `${member} must be a number`;
}

function valuesProblem(values: Json | undefined): string | undefined {
  if (values === undefined) return undefined;
  if (!isArray(values)) return "values must be an array";
  for (let index = 0; index < values.length; index++) {
    const choice = values[index];
    if (!isObject(choice)) return `values[${index}] must be an object with key and displayName`;
    const { key } = choice;
    const problem =
      (typeof key === "number" || typeof key === "boolean" ? undefined : textProblem(choice, "key", choiceRule)) ??
      textProblem(choice, "displayName", choiceRule);
    if (problem !== undefined) return `values[${index}].${problem}`;
  }
  return undefined;
}

function isScalar(value: Json | undefined): boolean {
  return value === undefined || ["string", "number", "boolean"].includes(typeof value);
}

function propertiesProblem(properties: Json | undefined, at: string): string | undefined {
  if (properties === undefined) return undefined;
  if (!isObject(properties)) return `${at} must be an object`;
  for (const [property, hints] of Object.entries(properties)) {
    const problem = valueHintsProblem(hints, `${at}.${property}`);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/**
 * Hints for a form that asks for a value of this type; empty for types without any. Choices are named by their codes: who
 * draws the form translates them.
 */
export function valueHintsOf(valueType: string): JsonObject {
  return Object.hasOwn(hintsByType, valueType) ? (hintsByType[valueType] ?? {}) : {};
}

const line: JsonObject = { max: 100 };
const country = chosen(countryCodes);
const language = chosen(languageCodes);
const mail: JsonObject = { min: 3, max: 254 };
const phone: JsonObject = { min: 3, max: 100, pattern: "^[\\d+\\-x#*()/[\\] ]{3,100}$" };
const url: JsonObject = { min: 3, max: 1024 };
const fileReference: JsonObject = { min: 30, max: 150 };
const zipAndCity = { zipCode: line, city: line, country, state: line };

function chosen(keys: readonly string[]): JsonObject {
  return { values: keys.map((key) => ({ key, displayName: key })) };
}

function made(propertyHints: JsonObject): JsonObject {
  return { propertyHints };
}

const lineTypes = [
  "BirthName",
  "DisplayName",
  "GivenName",
  "HonorificPrefix",
  "HonorificSuffix",
  "JobTitle",
  "MiddleName",
  "ProprietaryString",
  "Pseudonym",
  "Surname",
];

const hintsByType: { readonly [type: string]: JsonObject } = {
  ...Object.fromEntries(lineTypes.map((type) => [type, line])),
  Affiliation: made({ role: line, organization: line, unit: line }),
  BankAccount: made({ accountHolder: line, iban: { min: 14, max: 34 }, bic: { min: 8, max: 11 } }),
  BirthDate: made({ day: { min: 1, max: 31 }, month: { min: 1, max: 12 }, year: { min: 1, max: 9999 } }),
  BirthPlace: made({ city: line, country, state: line }),
  Citizenship: country,
  CommunicationLanguage: language,
  Consent: made({ consent: { max: 10_000 }, link: url, linkDisplayText: { min: 3, max: 30 } }),
  DeliveryBoxAddress: made({ recipient: line, deliveryBoxId: line, userId: line, ...zipAndCity, phoneNumber: phone }),
  EMailAddress: mail,
  FaxNumber: phone,
  IdentityFileReference: fileReference,
  MaritalStatus: chosen(maritalStatuses),
  Nationality: country,
  PhoneNumber: phone,
  PostOfficeBoxAddress: made({ recipient: line, boxId: line, ...zipAndCity }),
  ProprietaryCountry: country,
  ProprietaryEMailAddress: mail,
  ProprietaryFileReference: fileReference,
  ProprietaryHEXColor: { pattern: "^#([\\da-fA-F]{3}|[\\da-fA-F]{6})$" },
  ProprietaryLanguage: language,
  ProprietaryPhoneNumber: phone,
  ProprietaryURL: url,
  ProprietaryXML: { max: 50_000 },
  SchematizedXML: { max: 50_000 },
  Sex: chosen(sexes),
  StreetAddress: made({ recipient: line, street: line, houseNo: line, ...zipAndCity }),
  Website: url,
};
