// One valid value of every type, the smallest that is worth reading.
import type { JsonObject } from "rapport/core";

const named = { value: "Anna" };
const place = { zipCode: "10115", city: "Berlin", country: "DE" };
const file = "RklMMDAwMDAwMDAwMDAwMDAwMDF8M3xBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBfHw";

/** The reference of a File that nobody has. */
export const fileReference = file;

const identity: { readonly [type: string]: JsonObject } = {
  GivenName: named,
  Surname: named,
  DisplayName: named,
  BirthDate: { day: 1, month: 1, year: 2000 },
  EMailAddress: { value: "anna@example.org" },
  PhoneNumber: { value: "+49 30 1234567" },
  StreetAddress: { recipient: "Anna", street: "Street", houseNo: "1", ...place },
  Nationality: { value: "DE" },
  Sex: { value: "female" },
  BankAccount: { accountHolder: "Anna", iban: "DE89370400440532013000" },
  IdentityFileReference: { value: file },
  Affiliation: { organization: "Example Ltd" },
  BirthName: named,
  BirthPlace: { city: "Berlin", country: "DE" },
  Citizenship: { value: "DE" },
  CommunicationLanguage: { value: "de" },
  DeliveryBoxAddress: { recipient: "Anna", deliveryBoxId: "1", userId: "1", ...place },
  FaxNumber: { value: "+49 30 1234567" },
  HonorificPrefix: named,
  HonorificSuffix: named,
  JobTitle: named,
  MaritalStatus: { value: "single" },
  MiddleName: named,
  PostOfficeBoxAddress: { recipient: "Anna", boxId: "1", ...place },
  Pseudonym: named,
  SchematizedJSON: { value: { a: 1 } },
  SchematizedXML: { value: "<a/>" },
  VerifiableCredential: { value: "text" },
  Website: { value: "https://example.org" },
};

const titled = { title: "A title" };

const relationship: { readonly [type: string]: JsonObject } = {
  ProprietaryString: { ...titled, value: "text" },
  ProprietaryBoolean: { ...titled, value: true },
  ProprietaryCountry: { ...titled, value: "DE" },
  ProprietaryEMailAddress: { ...titled, value: "anna@example.org" },
  ProprietaryFileReference: { ...titled, value: file },
  ProprietaryFloat: { ...titled, value: 1.5 },
  ProprietaryHEXColor: { ...titled, value: "#0099ff" },
  ProprietaryInteger: { ...titled, value: 1 },
  ProprietaryJSON: { ...titled, value: { a: 1 } },
  ProprietaryLanguage: { ...titled, value: "de" },
  ProprietaryPhoneNumber: { ...titled, value: "+49 30 1234567" },
  ProprietaryURL: { ...titled, value: "https://example.org" },
  ProprietaryXML: { ...titled, value: "<a/>" },
  Consent: { consent: "We may write." },
};

/** The types of values of facts about identities, the most common ones first. */
export const identityTypes: readonly string[] = Object.keys(identity);

/** The types of values of facts within Relationships, the most common ones first. */
export const relationshipTypes: readonly string[] = Object.keys(relationship);

/** A value of the type; a text where nobody knows the type. */
export function sampleOf(type: string): JsonObject {
  const own = Object.hasOwn(identity, type) ? identity[type] : relationship[type];
  return { "@type": type, ...(own ?? named) };
}
