// The rules of which the tables of value types are made. Each looks at one member of a value; see `shape.ts`.
import { countryCodes } from "./countries.ts";
import { daysIn } from "./iso-date.ts";
import type { Json, JsonObject } from "./json.ts";
import { languageCodes } from "./languages.ts";
import { choiceProblem, flagProblem, isObject, textProblem } from "./shape.ts";
import { isWebAddress } from "./web-address.ts";

/** The problem with one member of a value, starting with its name, or undefined. */
export type FieldRule = (value: JsonObject, member: string) => string | undefined;

/** The rules of one value type, by member. */
export type Fields = { readonly [member: string]: FieldRule };

/** The first problem of a value whose type stands in the table, starting with `at`; members that no rule names are kept. */
export function valueProblem(
  table: { readonly [type: string]: Fields },
  value: Json | undefined,
  at: string,
): string | undefined {
  if (!isObject(value)) return `${at} must be an object with an @type`;
  const type = value["@type"];
  if (typeof type !== "string") return `${at}.@type must be the name of a value type`;
  const fields = Object.hasOwn(table, type) ? table[type] : undefined;
  if (fields === undefined) return `${at}.@type must be one of ${Object.keys(table).join(", ")}`;
  for (const [member, rule] of Object.entries(fields)) {
    const problem = rule(value, member);
    if (problem !== undefined) return `${at}.${problem}`;
  }
  return undefined;
}

/** A text of so many characters. */
export const text =
  (max: number, min = 0): FieldRule =>
  (value, member) =>
    textProblem(value, member, { min, max, required: true });

/** The same rule for a member that may be absent. */
export const optional =
  (rule: FieldRule): FieldRule =>
  (value, member) =>
    value[member] === undefined ? undefined : rule(value, member);

/** One of a few texts. */
export const oneOf =
  (...choices: readonly string[]): FieldRule =>
  (value, member) =>
    choiceProblem(value, member, choices);

const known =
  (codes: readonly string[], sense: string): FieldRule =>
  (value, member) =>
    codes.includes(value[member] as string) ? undefined : `${member} must be ${sense}`;

/** A text that also passes a test; `sense` completes "must be". */
const special =
  (length: { min: number; max: number }, passes: (text: string) => boolean, sense: string): FieldRule =>
  (value, member) => {
    const problem = textProblem(value, member, { ...length, required: true });
    if (problem !== undefined) return problem;
    return passes(value[member] as string) ? undefined : `${member} must be ${sense}`;
  };

/** A line of text, which is what most members are. */
export const line = text(100);

/** The code of a country and that of a language. */
export const country = known(countryCodes, "the code of a country by ISO 3166-1 alpha-2, for example DE");
export const language = known(languageCodes, "the code of a language by ISO 639-1, for example de");

/** How somebody can be reached. */
const mailAddress = /^[^\s@<>()[\]\\,;:"]+@(?:[^\s@.<>()[\]\\,;:"]+\.)+[^\s@.<>()[\]\\,;:"]{2,}$/;
const phoneNumber = /^[\d+\-x#*()/[\] ]*$/;
export const mail = special({ min: 3, max: 254 }, (given) => mailAddress.test(given), "a mail address");
export const phone = special(
  { min: 3, max: 100 },
  (given) => phoneNumber.test(given),
  "a phone number: digits, blanks and + - x # * ( ) / [ ]",
);
export const url = special({ min: 3, max: 1024 }, isWebAddress, "a web address, http or https");

/** A truncated reference to a File (spec/domain.md 2.1). */
export const fileReference = special(
  { min: 30, max: 150 },
  (given) => /^RklM[\w-]*={0,2}$/.test(given),
  "a truncated reference to a File, which begins with RklM",
);

/** A colour as the web writes it. */
export const hexColor: FieldRule = (value, member) => {
  const given = value[member];
  return typeof given === "string" && /^#(?:[\da-f]{3}|[\da-f]{6})$/i.test(given)
    ? undefined
    : `${member} must be # and 3 or 6 hexadecimal digits`;
};

/** Any JSON whose text has at most so many characters. */
export const json =
  (max: number): FieldRule =>
  (value, member) => {
    const given = value[member];
    return given !== undefined && JSON.stringify(given).length <= max
      ? undefined
      : `${member} must be JSON of at most ${max} characters`;
  };

/** Scalars other than texts. */
export const flag: FieldRule = (value, member) => flagProblem(value, member, true);
export const number: FieldRule = (value, member) =>
  typeof value[member] === "number" ? undefined : `${member} must be a number`;
export const integer =
  (min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER): FieldRule =>
  (value, member) => {
    const given = value[member];
    if (typeof given === "number" && Number.isInteger(given) && given >= min && given <= max) return undefined;
    return `${member} must be an integer${max === Number.MAX_SAFE_INTEGER ? "" : ` from ${min} to ${max}`}`;
  };

/** A day that its month has; `month` and `year` stand beside it and are judged by rules of their own. */
export const dayOfMonth: FieldRule = (value, member) => {
  const problem = integer(1, 31)(value, member);
  if (problem !== undefined) return problem;
  const { month, year } = value;
  if (typeof month !== "number" || typeof year !== "number") return undefined;
  return Number(value[member]) <= daysIn(year, month) ? undefined : `${member} must be a day that the month has`;
};

/** An account by ISO 13616, without blanks; its check digits must be right. */
export const iban = special(
  { min: 14, max: 34 },
  (given) => /^[A-Z]{2}\d{2}[A-Z\d]+$/i.test(given) && remainderOf(given) === 1,
  "an IBAN without blanks whose check digits are right",
);

/** The remainder by 97 of the number that an IBAN stands for: its first four characters last, letters from A = 10. */
function remainderOf(account: string): number {
  let remainder = 0;
  for (const character of account.slice(4) + account.slice(0, 4)) {
    for (const digit of Number.parseInt(character, 36).toString()) remainder = (remainder * 10 + Number(digit)) % 97;
  }
  return remainder;
}

/** A bank by ISO 9362: 8 or 11 characters, the fifth and sixth of which name a country. */
export const bic = special(
  { min: 8, max: 11 },
  (given) => /^[A-Z\d]{4}[A-Z]{2}[A-Z\d]{2}(?:[A-Z\d]{3})?$/i.test(given),
  "a BIC of 8 or 11 letters and digits",
);
