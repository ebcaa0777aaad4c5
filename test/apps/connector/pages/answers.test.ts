// What the page sends: attributes that answer queries, values of form fields, references out of whatever was pasted.
import { describe, expect, test } from "vitest";
import { acceptedWith, answerFor, fieldsFor } from "../../../../src/apps/connector/pages/app/answers.ts";
import { formInputOf, hintOf, responseOf } from "../../../../src/apps/connector/pages/app/form-settings.ts";
import { messageFor } from "../../../../src/apps/connector/pages/app/problems.ts";
import { looksLikeReference, referenceIn } from "../../../../src/apps/connector/pages/app/reference.ts";
import { historyOf, relationshipInWords } from "../../../../src/apps/connector/pages/app/relationship-words.ts";
import { fieldsOf, valueInWords } from "../../../../src/apps/connector/pages/app/value-types.ts";

describe("answers to queries", () => {
  test("an identity attribute belongs to whoever answers and carries the tags of the query", () => {
    const query = { "@type": "IdentityAttributeQuery", valueType: "EMailAddress", tags: ["x:private"] };

    expect(fieldsFor(query)).toMatchObject([{ member: "value", input: "email" }]);
    expect(answerFor(query, { value: "mara@example.org" })).toEqual({
      "@type": "IdentityAttribute",
      owner: "",
      value: { "@type": "EMailAddress", value: "mara@example.org" },
      tags: ["x:private"],
    });
  });

  test("a relationship attribute has key, owner, confidentiality and titles of the query; choices keep the type of their key", () => {
    const attributeCreationHints = {
      title: "Seats",
      description: "At the table.",
      valueType: "ProprietaryInteger",
      confidentiality: "private",
      valueHints: { values: [{ key: 2, displayName: "two" }] },
    };
    const query = { "@type": "RelationshipAttributeQuery", key: "seats", owner: "", attributeCreationHints };

    expect(fieldsFor(query)).toMatchObject([{ choices: [{ value: "2", label: "two" }] }]);
    expect(answerFor(query, { value: "2" })).toEqual({
      "@type": "RelationshipAttribute",
      owner: "",
      key: "seats",
      confidentiality: "private",
      value: { "@type": "ProprietaryInteger", title: "Seats", description: "At the table.", value: 2 },
    });
  });

  test("what only existing entries can answer has no fields", () => {
    expect(fieldsFor({ "@type": "ThirdPartyRelationshipAttributeQuery", key: "card" })).toEqual([]);
    expect(fieldsFor({ "@type": "IQLQuery", queryString: "EMailAddress" })).toEqual([]);
  });

  test("Read and Propose call what they are given by different names", () => {
    const [read, propose] = [{ "@type": "ReadAttributeRequestItem" }, { "@type": "ProposeAttributeRequestItem" }];

    expect(acceptedWith(read, { id: "ATT" })).toEqual({ accept: true, existingAttributeId: "ATT" });
    expect(acceptedWith(read, { attribute: {} })).toEqual({ accept: true, newAttribute: {} });
    expect(acceptedWith(propose, { id: "ATT" })).toEqual({ accept: true, attributeId: "ATT" });
    expect(acceptedWith(propose, { attribute: {} })).toEqual({ accept: true, attribute: {} });
  });
});

// spec/domain.md 6.3 and 6.4.
const valueTypes = `Affiliation BankAccount BirthDate BirthName BirthPlace Citizenship CommunicationLanguage
  DeliveryBoxAddress DisplayName EMailAddress FaxNumber GivenName HonorificPrefix HonorificSuffix IdentityFileReference
  JobTitle MaritalStatus MiddleName Nationality PhoneNumber PostOfficeBoxAddress Pseudonym SchematizedJSON SchematizedXML
  Sex StreetAddress Surname VerifiableCredential Website Consent ProprietaryBoolean ProprietaryCountry
  ProprietaryEMailAddress ProprietaryFileReference ProprietaryFloat ProprietaryHEXColor ProprietaryInteger
  ProprietaryJSON ProprietaryLanguage ProprietaryPhoneNumber ProprietaryString ProprietaryURL ProprietaryXML`;

describe("value types", () => {
  test.for(valueTypes.split(/\s+/))("%s can be filled in", (type) => {
    expect(fieldsOf(type).every(({ label }) => label !== "Value" || type === "ProprietaryString")).toBe(true);
  });

  test("a date of birth reads like a date", () => {
    expect(valueInWords({ "@type": "BirthDate", day: 2, month: 11, year: 1990 })).toBe("1990-11-02");
  });

  test("a choice reads by its label, and yes or no as a word", () => {
    expect(valueInWords({ "@type": "MaritalStatus", value: "civilPartnership" })).toBe("civil partnership");
    expect(valueInWords({ "@type": "ProprietaryBoolean", value: false })).toBe("no");
  });
});

describe("form fields", () => {
  test.for<[object, readonly string[], unknown, string]>([
    [{ "@type": "BooleanFormFieldSettings" }, ["no"], false, ""],
    [{ "@type": "DateFormFieldSettings" }, ["2030-01-02"], "2030-01-02", ""],
    [{ "@type": "DoubleFormFieldSettings", unit: "m", max: 3 }, ["1.5"], 1.5, "At most 3 m."],
    [{ "@type": "IntegerFormFieldSettings", min: 0, max: 9 }, ["0"], 0, "From 0 to 9."],
    [{ "@type": "RatingFormFieldSettings", maxRating: 5 }, ["4"], 4, "From 1 to 5."],
    [{ "@type": "SelectionFormFieldSettings", options: ["a", "b"] }, ["b"], "b", "Choose one."],
    [
      { "@type": "SelectionFormFieldSettings", options: ["a", "b"], allowMultipleSelection: true },
      ["a", "b"],
      ["a", "b"],
      "Choose one or more.",
    ],
    [{ "@type": "StringFormFieldSettings", min: 2 }, ["so"], "so", "At least 2 characters."],
  ])("%j", ([settings, given, expected, hint]) => {
    const input = formInputOf({ ...settings });

    expect(input && responseOf(input, given)).toEqual(expected);
    expect(input && responseOf(input, [])).toBeUndefined();
    expect(input && hintOf(input, { ...settings })).toBe(hint);
  });

  test("settings that nobody knows have no input", () => {
    expect(formInputOf({ "@type": "Tomorrow" })).toBeUndefined();
  });
});

describe("references", () => {
  const truncated = `UkxU${"a".repeat(90)}`;
  const url = `http://localhost:4300/r/RLT${"a".repeat(17)}#${"b".repeat(60)}`;

  test.for([
    [truncated, truncated],
    [`nmshd://tr#${truncated}`, truncated],
    [` ${truncated.slice(0, 40)}\n${truncated.slice(40)} `, truncated],
    [url, url],
    [`http://localhost:4302/app#key=k&reference=${encodeURIComponent(url)}`, url],
  ])("%s", ([given = "", expected]) => {
    expect(referenceIn(given)).toBe(expected);
    expect(looksLikeReference(referenceIn(given))).toBe(true);
  });

  test.for(["", "hello", "https://example.org/", "RklMabc"])("%j is none", (given) => {
    expect(looksLikeReference(referenceIn(given))).toBe(false);
  });
});

describe("Relationships and problems in words", () => {
  const log = (createdBy: string) => [{ createdBy, createdAt: "2030-01-01T00:00:00.000Z", reason: "Creation" }];

  test("whoever was asked may accept, whoever asked may take it back", () => {
    const pending = { status: "Pending", auditLog: log("me") };

    expect(relationshipInWords(pending, "me").changes).toMatchObject([{ what: "Revoke" }]);
    expect(relationshipInWords(pending, "you").changes).toMatchObject([{ what: "Accept" }, { what: "Reject" }]);
    expect(relationshipInWords({ ...pending, status: "Active" }, "me")).toMatchObject({ isSettled: true, changes: [] });
    expect(historyOf(pending, "me")).toMatchObject([{ what: "You answered the offer" }]);
  });

  test("known codes have words; others keep what the Connector said, without code and time", () => {
    expect(messageFor("error.transport.noPasswordProvided", "x")).toBe("This offer needs a password.");
    expect(messageFor("error.new", "error.new: 'It rains.' at 2030-01-01T00:00:00Z")).toBe("It rains.");
  });
});
