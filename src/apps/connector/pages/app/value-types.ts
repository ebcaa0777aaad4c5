// The value types of attributes in plain words, and what has to be filled in for one (spec/domain.md 6.3, 6.4).
import { type Json, type JsonObject, rowOf, textIn } from "./json.ts";

/** One thing to fill in. */
export interface Field {
  readonly member: string;
  readonly label: string;
  readonly input: "text" | "lines" | "email" | "tel" | "url" | "number" | "integer" | "yes-no" | "color" | "json";
  readonly choices?: readonly { readonly value: string; readonly label: string }[];
  readonly isOptional?: true;
  /** What browsers may fill in by themselves. */
  readonly autocomplete?: string;
}

const names: { readonly [type: string]: string } = {
  Affiliation: "affiliation",
  BankAccount: "bank account",
  BirthDate: "date of birth",
  BirthName: "name at birth",
  BirthPlace: "place of birth",
  Citizenship: "citizenship",
  CommunicationLanguage: "preferred language",
  DeliveryBoxAddress: "parcel box address",
  DisplayName: "display name",
  EMailAddress: "e-mail address",
  FaxNumber: "fax number",
  GivenName: "given name",
  HonorificPrefix: "title before the name",
  HonorificSuffix: "title after the name",
  IdentityFileReference: "file",
  JobTitle: "job title",
  MaritalStatus: "marital status",
  MiddleName: "middle name",
  Nationality: "nationality",
  PhoneNumber: "phone number",
  PostOfficeBoxAddress: "post office box",
  Pseudonym: "pseudonym",
  SchematizedJSON: "structured data (JSON)",
  SchematizedXML: "structured data (XML)",
  Sex: "sex",
  StreetAddress: "street address",
  Surname: "surname",
  VerifiableCredential: "credential",
  Website: "website",
  Consent: "consent",
};

/** The name of a value type in the middle of a sentence. */
export function nameOfType(type: string): string {
  return rowOf(names, type) ?? "entry";
}

/** The value of an attribute as one line. */
export function valueInWords(value: JsonObject): string {
  const type = textIn(value["@type"]);
  const { day, month, year } = value;
  if (type === "BirthDate") return [year, pad(month), pad(day)].join("-");
  if (type === "Consent") return textIn(value["consent"]);
  const shown = fieldsOf(type).map(({ member, choices }) => {
    const given = value[member];
    return choices?.find((choice) => choice.value === given)?.label ?? scalarInWords(given);
  });
  return shown.filter((text) => text !== "").join(", ");
}

/** What a value is about: its own title when it has one, else the name of its type. */
export function titleOfValue(value: JsonObject): string {
  return textIn(value["title"]) || nameOfType(textIn(value["@type"]));
}

function scalarInWords(value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function pad(value: Json | undefined): string {
  return String(value ?? "").padStart(2, "0");
}

/** What has to be filled in for a value of this type. */
export function fieldsOf(type: string): readonly Field[] {
  return rowOf(compound, type) ?? [rowOf(simple, type) ?? { member: "value", label: "Value", input: "text" }];
}

const chosen = (label: string, ...values: readonly string[]): Field => ({
  member: "value",
  label,
  input: "text",
  choices: values.map((value) => ({ value, label: inWords(value) })),
});

/** "civilPartnership" as people write it. */
function inWords(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

const one = (label: string, input: Field["input"] = "text", autocomplete?: string): Field => ({
  member: "value",
  label,
  input,
  ...(autocomplete === undefined ? {} : { autocomplete }),
});

const countryLabel = "Country (two letters, like DE)";

const simple: { readonly [type: string]: Field } = {
  BirthName: one("Name at birth"),
  Citizenship: one(countryLabel, "text", "country"),
  CommunicationLanguage: one("Language (two letters, like de)"),
  DisplayName: one("Display name", "text", "nickname"),
  EMailAddress: one("E-mail address", "email", "email"),
  FaxNumber: one("Fax number", "tel"),
  GivenName: one("Given name", "text", "given-name"),
  HonorificPrefix: one("Title before the name", "text", "honorific-prefix"),
  HonorificSuffix: one("Title after the name", "text", "honorific-suffix"),
  IdentityFileReference: one("Reference of the file"),
  JobTitle: one("Job title", "text", "organization-title"),
  MaritalStatus: chosen(
    "Marital status",
    "single",
    "married",
    "separated",
    "divorced",
    "widowed",
    "civilPartnership",
    "civilPartnershipDissolved",
    "civilPartnerDeceased",
  ),
  MiddleName: one("Middle name", "text", "additional-name"),
  Nationality: one(countryLabel, "text", "country"),
  PhoneNumber: one("Phone number", "tel", "tel"),
  Pseudonym: one("Pseudonym"),
  SchematizedJSON: one("JSON", "json"),
  SchematizedXML: one("XML", "lines"),
  Sex: chosen("Sex", "female", "male", "intersex"),
  Surname: one("Surname", "text", "family-name"),
  VerifiableCredential: one("Credential (JSON)", "json"),
  Website: one("Web address", "url", "url"),
  Consent: { member: "consent", label: "Consent", input: "lines" },
  ProprietaryBoolean: one("Yes or no", "yes-no"),
  ProprietaryCountry: one(countryLabel, "text", "country"),
  ProprietaryEMailAddress: one("E-mail address", "email", "email"),
  ProprietaryFileReference: one("Reference of the file"),
  ProprietaryFloat: one("Number", "number"),
  ProprietaryHEXColor: one("Colour", "color"),
  ProprietaryInteger: one("Whole number", "integer"),
  ProprietaryJSON: one("JSON", "json"),
  ProprietaryLanguage: one("Language (two letters, like de)"),
  ProprietaryPhoneNumber: one("Phone number", "tel", "tel"),
  ProprietaryURL: one("Web address", "url", "url"),
  ProprietaryXML: one("XML", "lines"),
};

const part = (member: string, label: string, more: Partial<Field> = {}): Field => ({
  member,
  label,
  input: "text",
  ...more,
});
const left: Partial<Field> = { isOptional: true };
const name = part("recipient", "Name on the door", { autocomplete: "name" });
const place = [
  part("zipCode", "Postal code", { autocomplete: "postal-code" }),
  part("city", "City", { autocomplete: "address-level2" }),
  part("country", countryLabel, { autocomplete: "country" }),
  part("state", "State", left),
];

const compound: { readonly [type: string]: readonly Field[] } = {
  Affiliation: [part("organization", "Organisation"), part("unit", "Unit", left), part("role", "Role", left)],
  BankAccount: [part("accountHolder", "Account holder"), part("iban", "IBAN"), part("bic", "BIC", left)],
  BirthDate: [
    part("day", "Day", { input: "integer", autocomplete: "bday-day" }),
    part("month", "Month", { input: "integer", autocomplete: "bday-month" }),
    part("year", "Year", { input: "integer", autocomplete: "bday-year" }),
  ],
  BirthPlace: [part("city", "City"), part("country", countryLabel), part("state", "State", left)],
  DeliveryBoxAddress: [
    name,
    part("deliveryBoxId", "Number of the box"),
    part("userId", "Your number there"),
    ...place,
    part("phoneNumber", "Phone number", { input: "tel", ...left }),
  ],
  PostOfficeBoxAddress: [name, part("boxId", "Number of the box"), ...place],
  StreetAddress: [name, part("street", "Street"), part("houseNo", "House number"), ...place],
};
