import fc from "fast-check";
import type { JsonObject } from "rapport/core";
import { describe, expect, test } from "vitest";
import { identityValueProblem, identityValueTypes } from "../../src/model/identity-values.ts";
import { generatedIdentityTypes, identityValue } from "../kit/attribute-arbitraries.ts";

const of = (type: string, members: JsonObject) => identityValueProblem({ "@type": type, ...members });
const address = { recipient: "A", zipCode: "1", city: "B", country: "DE" };

test("the value types that stand alone are those of the specification", () => {
  const names =
    "Affiliation BankAccount BirthDate BirthName BirthPlace Citizenship CommunicationLanguage DeliveryBoxAddress DisplayName " +
    "EMailAddress FaxNumber GivenName HonorificPrefix HonorificSuffix IdentityFileReference JobTitle MaritalStatus MiddleName " +
    "Nationality PhoneNumber PostOfficeBoxAddress Pseudonym SchematizedJSON SchematizedXML Sex StreetAddress Surname " +
    "VerifiableCredential Website";

  expect([...identityValueTypes].sort()).toEqual(names.split(" "));
  expect([...generatedIdentityTypes].sort()).toEqual(names.split(" "));
});

test("valid values of every type pass, and keep passing with members that nobody knows", () => {
  fc.assert(
    fc.property(identityValue, (value) => {
      expect(identityValueProblem(value)).toBe(undefined);
      expect(identityValueProblem({ ...value, laterAddition: [1] })).toBe(undefined);
    }),
  );
});

test.for<[string, JsonObject]>([
  ["GivenName", { value: "x".repeat(100) }],
  ["BirthDate", { day: 29, month: 2, year: 2000 }],
  ["BirthDate", { day: 1, month: 1, year: 1 }],
  ["BankAccount", { accountHolder: "A", iban: "de89370400440532013000", bic: "COBADEFF" }],
  ["StreetAddress", { ...address, street: "S", houseNo: "1a" }],
  ["PhoneNumber", { value: "+49 (0)30 / 12-34 [x5] *#" }],
  ["EMailAddress", { value: "a.b+c@mail.example" }],
  ["Website", { value: "example.org/a?b#c" }],
  ["SchematizedJSON", { value: null }],
  ["SchematizedXML", { value: "x".repeat(50_000) }],
])("%#: a %s may be like this", ([type, members]) => {
  expect(of(type, members)).toBe(undefined);
});

test.for<[string, string, JsonObject]>([
  ["GivenName", "value.value", {}],
  ["GivenName", "value.value", { value: "x".repeat(101) }],
  ["GivenName", "value.value", { value: 7 }],
  ["Affiliation", "value.organization", { role: "r" }],
  ["Affiliation", "value.unit", { organization: "o", unit: "x".repeat(101) }],
  ["BirthDate", "value.day", { day: 29, month: 2, year: 1900 }],
  ["BirthDate", "value.day", { day: 31, month: 4, year: 2000 }],
  ["BirthDate", "value.day", { day: 0, month: 4, year: 2000 }],
  ["BirthDate", "value.day", { day: 1.5, month: 4, year: 2000 }],
  ["BirthDate", "value.month", { day: 1, month: 13, year: 2000 }],
  ["BirthDate", "value.year", { day: 1, month: 1, year: 0 }],
  ["BirthDate", "value.year", { day: 1, month: 1 }],
  ["BirthPlace", "value.country", { city: "B", country: "UK" }],
  ["Citizenship", "value.value", { value: "de" }],
  ["CommunicationLanguage", "value.value", { value: "deu" }],
  ["EMailAddress", "value.value", { value: "a@b" }],
  ["EMailAddress", "value.value", { value: "a b@example.org" }],
  ["EMailAddress", "value.value", { value: `${"a".repeat(250)}@b.de` }],
  ["PhoneNumber", "value.value", { value: "12" }],
  ["PhoneNumber", "value.value", { value: "call me" }],
  ["IdentityFileReference", "value.value", { value: `VE9L${"a".repeat(30)}` }],
  ["IdentityFileReference", "value.value", { value: "RklMshort" }],
  ["MaritalStatus", "value.value", { value: "complicated" }],
  ["Sex", "value.value", { value: "Female" }],
  ["StreetAddress", "value.houseNo", { ...address, street: "S" }],
  ["DeliveryBoxAddress", "value.phoneNumber", { ...address, deliveryBoxId: "1", userId: "2", phoneNumber: "-" }],
  ["PostOfficeBoxAddress", "value.boxId", address],
  ["SchematizedJSON", "value.value", {}],
  ["SchematizedJSON", "value.value", { value: "x".repeat(4095) }],
  ["SchematizedXML", "value.value", { value: "x".repeat(50_001) }],
  ["SchematizedXML", "value.schemaURL", { value: "<a/>", schemaURL: "no" }],
  ["VerifiableCredential", "value.value", {}],
  ["Website", "value.value", { value: "javascript:alert(1)" }],
])("%#: a %s is refused for its %s", ([type, place, members]) => {
  expect(of(type, members)?.startsWith(`${place} must `)).toBe(true);
});

test.for<[string, boolean]>([
  ["DE89370400440532013000", true],
  ["GB82WEST12345698765432", true],
  ["MT84MALT011000012345MTLCAST001S", true],
  ["DE88370400440532013000", false],
  ["DE98370400440532013000", false],
  ["DE89 3704 0044 0532 0130 00", false],
  ["DE8937040044", false],
])("the IBAN %s is valid: %j", ([iban, valid]) => {
  expect(of("BankAccount", { accountHolder: "A", iban }) === undefined).toBe(valid);
});

test("any single wrong digit of an IBAN is found", () => {
  const iban = "DE89370400440532013000";

  fc.assert(
    fc.property(fc.integer({ min: 2, max: iban.length - 1 }), fc.integer({ min: 1, max: 9 }), (at, more) => {
      const digit = (Number(iban.charAt(at)) + more) % 10;
      const wrong = iban.slice(0, at) + digit + iban.slice(at + 1);
      expect(of("BankAccount", { accountHolder: "A", iban: wrong })).toContain("value.iban must be");
    }),
  );
});

test.for<[string, boolean]>([
  ["DEUTDEFF", true],
  ["DEUTDEFF500", true],
  ["DEUTDEFF5", false],
  ["DEUT1EFF", false],
])("the BIC %s is valid: %j", ([bic, valid]) => {
  expect(of("BankAccount", { accountHolder: "A", iban: "DE89370400440532013000", bic }) === undefined).toBe(valid);
});

describe("a value", () => {
  test.for<[string, JsonObject | string | undefined]>([
    ["value must be an object", "text"],
    ["value must be an object", undefined],
    ["value.@type must be", {}],
    ["value.@type must be", { "@type": 7 }],
    ["value.@type must be", { "@type": "PersonName", value: "x" }],
    ["value.@type must be", { "@type": "toString" }],
  ])("is refused with %j", ([problem, value]) => {
    expect(identityValueProblem(value)?.startsWith(problem)).toBe(true);
  });

  test.for(["Street", "HouseNumber", "ZipCode", "City", "Country", "State", "BirthDay", "BirthMonth", "BirthYear"])(
    "of the type %s is only part of others",
    (type) => {
      expect(of(type, { value: "x" })?.startsWith("value.@type must be one of")).toBe(true);
    },
  );
});
