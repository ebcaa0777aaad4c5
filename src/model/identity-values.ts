import type { Json } from "./json.ts";
import { maritalStatuses, sexes } from "./value-choices.ts";
import {
  bic,
  country,
  dayOfMonth,
  type Fields,
  fileReference,
  iban,
  integer,
  json,
  language,
  line,
  mail,
  oneOf,
  optional,
  phone,
  text,
  url,
  valueProblem,
} from "./value-fields.ts";

const name: Fields = { value: line };
const place: Fields = { zipCode: line, city: line, country, state: optional(line) };
const schemaURL = optional(text(1024, 3));

const fieldsByType: { readonly [type: string]: Fields } = {
  Affiliation: { role: optional(line), organization: line, unit: optional(line) },
  BankAccount: { accountHolder: line, iban, bic: optional(bic) },
  BirthDate: { month: integer(1, 12), year: integer(1, 9999), day: dayOfMonth },
  BirthName: name,
  BirthPlace: { city: line, country, state: optional(line) },
  Citizenship: { value: country },
  CommunicationLanguage: { value: language },
  DeliveryBoxAddress: {
    recipient: line,
    deliveryBoxId: line,
    userId: line,
    ...place,
    phoneNumber: optional(phone),
  },
  DisplayName: name,
  EMailAddress: { value: mail },
  FaxNumber: { value: phone },
  GivenName: name,
  HonorificPrefix: name,
  HonorificSuffix: name,
  IdentityFileReference: { value: fileReference },
  JobTitle: name,
  MaritalStatus: { value: oneOf(...maritalStatuses) },
  MiddleName: name,
  Nationality: { value: country },
  PhoneNumber: { value: phone },
  PostOfficeBoxAddress: { recipient: line, boxId: line, ...place },
  Pseudonym: name,
  SchematizedJSON: { value: json(4096), schemaURL },
  SchematizedXML: { value: text(50_000), schemaURL },
  Sex: { value: oneOf(...sexes) },
  StreetAddress: { recipient: line, street: line, houseNo: line, ...place },
  Surname: name,
  VerifiableCredential: { value: json(50 * 1024 * 1024) },
  Website: { value: url },
};

/** The value types of IdentityAttributes, without those that are only parts of others (spec/domain.md 6.3). */
export const identityValueTypes: readonly string[] = Object.freeze(Object.keys(fieldsByType));

/** The first problem of the value of an IdentityAttribute, starting with `at`. */
export function identityValueProblem(value: Json | undefined, at = "value"): string | undefined {
  return valueProblem(fieldsByType, value, at);
}
