import fc, { type Arbitrary } from "fast-check";
import type { JsonObject } from "rapport/core";

/** Any letters that attributes may have, with the odd ones more often than life has them. */
const letter = fc.constantFrom(..."abcxyzABCXYZ0189 .,-'/äßéŁőążẞ");

/** A text that attributes may have, without blanks around it. */
export const attributeText = (min: number, max: number): Arbitrary<string> =>
  fc
    .array(letter, { minLength: min, maxLength: Math.min(max, 30) })
    .map((letters) => letters.join(""))
    .filter((text) => text === text.trim());

const line = attributeText(1, 100);
const maybe = <T>(value: Arbitrary<T>) => fc.option(value, { nil: undefined });

const country = fc.constantFrom("DE", "AT", "FR", "PL", "ZW");
const language = fc.constantFrom("de", "en", "tr", "zu");
const word = fc
  .array(fc.constantFrom(..."abcdefghij0123"), { minLength: 1, maxLength: 12 })
  .map((letters) => letters.join(""));
const mail = fc.tuple(word, word).map(([name, host]) => `${name}@${host}.example.org`);
const phone = fc
  .array(fc.constantFrom(..."0123456789 /-()"), { minLength: 3, maxLength: 20 })
  .map((digits) => `+49${digits.join("")}`);
const url = fc.tuple(word, word).map(([host, path]) => `https://${host}.example.org/${path}`);
const fileReference = fc
  .array(fc.constantFrom(..."ABCxyz019-_"), { minLength: 30, maxLength: 60 })
  .map((letters) => `RklM${letters.join("")}`);
const iban = fc.constantFrom(
  "DE89370400440532013000",
  "GB82WEST12345698765432",
  "NO9386011117947",
  "FR1420041010050500013M02606",
);
const bic = fc.constantFrom("COBADEFF100", "DEUTDEFF");
const free = fc
  .dictionary(word, fc.oneof(attributeText(0, 20), fc.integer(), fc.boolean(), fc.constant(null)), { maxKeys: 4 })
  .map((value) => ({ ...value }));
const xml = line.map((text) => `<a>${text}</a>`);

const birthDate = fc
  .date({ min: new Date("1900-01-01"), max: new Date("2099-12-31"), noInvalidDate: true })
  .map((date) => ({ day: date.getUTCDate(), month: date.getUTCMonth() + 1, year: date.getUTCFullYear() }));

const place = { zipCode: line, city: line, country, state: maybe(line) };
const nameTypes = [
  "BirthName",
  "DisplayName",
  "GivenName",
  "HonorificPrefix",
  "HonorificSuffix",
  "JobTitle",
  "MiddleName",
  "Pseudonym",
  "Surname",
];

const single = (value: Arbitrary<JsonObject[string]>): Arbitrary<JsonObject> => fc.record({ value });

const identityMembers: { readonly [type: string]: Arbitrary<JsonObject> } = {
  ...Object.fromEntries(nameTypes.map((type) => [type, single(line)])),
  Affiliation: fc.record({ role: maybe(line), organization: line, unit: maybe(line) }),
  BankAccount: fc.record({ accountHolder: line, iban, bic: maybe(bic) }),
  BirthDate: birthDate,
  BirthPlace: fc.record({ city: line, country, state: maybe(line) }),
  Citizenship: single(country),
  CommunicationLanguage: single(language),
  DeliveryBoxAddress: fc.record({
    recipient: line,
    deliveryBoxId: line,
    userId: line,
    ...place,
    phoneNumber: maybe(phone),
  }),
  EMailAddress: single(mail),
  FaxNumber: single(phone),
  IdentityFileReference: single(fileReference),
  MaritalStatus: single(fc.constantFrom("single", "married", "civilPartnerDeceased")),
  Nationality: single(country),
  PhoneNumber: single(phone),
  PostOfficeBoxAddress: fc.record({ recipient: line, boxId: line, ...place }),
  SchematizedJSON: fc.record({ value: free, schemaURL: maybe(url) }),
  SchematizedXML: fc.record({ value: xml, schemaURL: maybe(url) }),
  Sex: single(fc.constantFrom("intersex", "female", "male")),
  StreetAddress: fc.record({ recipient: line, street: line, houseNo: line, ...place }),
  VerifiableCredential: fc.record({ value: line }),
  Website: single(url),
};

const hints = maybe(fc.record({ editHelp: maybe(line), min: maybe(fc.nat()), pattern: maybe(fc.constant("^a+$")) }));

const proprietary = (value: Arbitrary<JsonObject[string]>): Arbitrary<JsonObject> =>
  fc.record({ title: line, description: maybe(line), value, valueHintsOverride: hints });

const relationshipMembers: { readonly [type: string]: Arbitrary<JsonObject> } = {
  Consent: fc.oneof(
    fc.record({ consent: line }),
    fc.record({ consent: line, link: url, linkDisplayText: maybe(attributeText(3, 30)) }),
  ),
  ProprietaryBoolean: proprietary(fc.boolean()),
  ProprietaryCountry: proprietary(country),
  ProprietaryEMailAddress: proprietary(mail),
  ProprietaryFileReference: proprietary(fileReference),
  ProprietaryFloat: proprietary(fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0)),
  ProprietaryHEXColor: proprietary(fc.constantFrom("#09f", "#C0FFEE")),
  ProprietaryInteger: proprietary(fc.integer()),
  ProprietaryJSON: fc.record({ title: line, description: maybe(line), value: free }),
  ProprietaryLanguage: proprietary(language),
  ProprietaryPhoneNumber: proprietary(phone),
  ProprietaryString: proprietary(line),
  ProprietaryURL: proprietary(url),
  ProprietaryXML: proprietary(xml),
};

/** The value types that can be generated. */
export const generatedIdentityTypes: readonly string[] = Object.keys(identityMembers);
export const generatedRelationshipTypes: readonly string[] = Object.keys(relationshipMembers);

/** Absent members are left out, as JSON does. */
const written = (json: JsonObject): JsonObject => JSON.parse(JSON.stringify(json)) as JsonObject;

const anyOf = (members: { readonly [type: string]: Arbitrary<JsonObject> }): Arbitrary<JsonObject> =>
  fc.oneof(
    ...Object.entries(members).map(([type, value]) => value.map((given) => written({ "@type": type, ...given }))),
  );

/** A valid value of an IdentityAttribute, of any type. */
export const identityValue: Arbitrary<JsonObject> = anyOf(identityMembers);

/** A valid value of a RelationshipAttribute, of any type. */
export const relationshipValue: Arbitrary<JsonObject> = anyOf(relationshipMembers);

/** Tags that are valid for every value type and need no collection. */
export const attributeTags: Arbitrary<readonly string[]> = fc.uniqueArray(
  fc.oneof(
    word.map((tag) => `x:${tag}`),
    word.map((name) => `urn:example:${name}`),
    language.map((code) => `language:${code}`),
    fc.constantFrom("mimetype:image/*", "mimetype:text/plain"),
  ),
  { maxLength: 5 },
);

/** The valid content of an IdentityAttribute. */
export function identityAttribute(owner: string): Arbitrary<JsonObject> {
  return fc
    .record({
      "@type": fc.constant("IdentityAttribute"),
      owner: fc.constant(owner),
      value: identityValue,
      tags: maybe(attributeTags),
    })
    .map(written);
}

/** The valid content of a RelationshipAttribute, under any key if none is given. */
export function relationshipAttribute(owner: string, key?: string): Arbitrary<JsonObject> {
  return fc
    .record({
      "@type": fc.constant("RelationshipAttribute"),
      owner: fc.constant(owner),
      value: relationshipValue,
      key: key === undefined ? line : fc.constant(key),
      isTechnical: maybe(fc.boolean()),
      confidentiality: fc.constantFrom("public", "private", "protected"),
    })
    .map(written);
}
