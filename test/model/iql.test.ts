import fc from "fast-check";
import type { JsonObject } from "rapport/core";
import { describe, expect, test } from "vitest";
import { type Iql, iqlMatches, parseIql } from "../../src/model/iql.ts";

function parsed(text: string): Iql {
  const result = parseIql(text);
  if (!result.ok) throw new Error(`${text}: ${result.message}`);
  return result.query;
}

const name = { is: "type", type: "GivenName" } as const;
const home = { is: "tag", tag: "home" } as const;
const mail = { is: "type", type: "EMailAddress" } as const;

test.for<[string, Iql]>([
  ["GivenName", name],
  ["  GivenName\n", name],
  ["GivenName=Ada", { ...name, value: "Ada" }],
  ["GivenName = 'Ada Maria'", { ...name, value: "Ada Maria" }],
  ["GivenName=O'Neill", { ...name, value: "O'Neill" }],
  ["GivenName='O\\'Neill \\\\'", { ...name, value: "O'Neill \\" }],
  ["GivenName=''", { ...name, value: "" }],
  ["GivenName=a&b|c", { ...name, value: "a&b|c" }],
  ["GivenName='a && (b)'", { ...name, value: "a && (b)" }],
  [
    "StreetAddress.city=Aix-en-Provence",
    { is: "type", type: "StreetAddress", field: "city", value: "Aix-en-Provence" },
  ],
  ["#home", home],
  ["#'x:two words'", { is: "tag", tag: "x:two words" }],
  ["#bkb:a:b", { is: "tag", tag: "bkb:a:b" }],
  ["!#home", { is: "not", of: home }],
  ["!!#home", { is: "not", of: { is: "not", of: home } }],
  ["(((GivenName)))", name],
  ["GivenName&&#home", { is: "and", of: [name, home] }],
  ["GivenName && #home && EMailAddress", { is: "and", of: [name, home, mail] }],
  ["GivenName || #home && EMailAddress", { is: "or", of: [name, { is: "and", of: [home, mail] }] }],
  ["GivenName && #home || EMailAddress", { is: "or", of: [{ is: "and", of: [name, home] }, mail] }],
  ["(GivenName || #home) && EMailAddress", { is: "and", of: [{ is: "or", of: [name, home] }, mail] }],
  ["!GivenName && #home", { is: "and", of: [{ is: "not", of: name }, home] }],
  ["!(GivenName && #home)", { is: "not", of: { is: "and", of: [name, home] } }],
])("%j is parsed", ([text, query]) => {
  expect(parsed(text)).toEqual(query);
});

test.for<[string, number]>([
  ["", 0],
  ["   ", 3],
  ["GivenName &&", 12],
  ["&& GivenName", 0],
  ["GivenName #home", 10],
  ["GivenName & #home", 10],
  ["(GivenName", 10],
  ["GivenName)", 9],
  ["()", 1],
  ["!", 1],
  ["#", 1],
  ["#''x", 3],
  ["GivenName=", 10],
  ["GivenName='Ada", 10],
  ["GivenName='Ada\\'", 10],
  ["StreetAddress.city", 18],
  ["StreetAddress.=x", 14],
  ["'GivenName'", 0],
  ["7", 0],
])("%j is wrong at %i", ([text, offset]) => {
  const result = parseIql(text);

  expect(result).toMatchObject({ ok: false, offset });
  expect(result).toHaveProperty("message", expect.stringMatching(/\.$/));
});

describe("bounds", () => {
  test("a text of 4096 characters is parsed, a longer one is not", () => {
    expect(parseIql("A".repeat(4096))).toMatchObject({ ok: true });
    expect(parseIql("A".repeat(4097))).toMatchObject({ ok: false, offset: 4096 });
  });

  test.for([
    ["(", ")"],
    ["!", ""],
  ])("fifty %s may nest, more may not", ([open = "", close = ""]) => {
    expect(parseIql(`${open.repeat(50)}A${close.repeat(50)}`)).toMatchObject({ ok: true });
    expect(parseIql(`${open.repeat(51)}A${close.repeat(51)}`)).toMatchObject({ ok: false, offset: 51 });
  });

  test("brackets beside each other are no depth", () => {
    expect(parseIql(Array.from({ length: 500 }, () => "(!A)").join("||"))).toMatchObject({ ok: true });
  });

  test("a long row of backslashes or negations is refused without long thought", () => {
    expect(parseIql(`A='${"\\".repeat(4000)}`)).toMatchObject({ ok: false });
    expect(parseIql("!".repeat(4096))).toMatchObject({ ok: false });
  });
});

const word = fc.string({ maxLength: 8 });
const types = fc.constantFrom("GivenName", "StreetAddress", "EMailAddress");
const leaves: fc.Arbitrary<Iql> = fc.oneof(
  types.map((type): Iql => ({ is: "type", type })),
  fc.tuple(types, word).map(([type, value]): Iql => ({ is: "type", type, value })),
  fc.tuple(types, word).map(([type, value]): Iql => ({ is: "type", type, field: "city", value })),
  word.map((tag): Iql => ({ is: "tag", tag })),
);
const queries: fc.Arbitrary<Iql> = fc.letrec<{ query: Iql }>((tie) => ({
  query: fc.oneof(
    { maxDepth: 4 },
    leaves,
    tie("query").map((of): Iql => ({ is: "not", of })),
    fc
      .tuple(fc.constantFrom("and" as const, "or" as const), fc.array(tie("query"), { minLength: 2, maxLength: 4 }))
      .map(([is, of]): Iql => ({ is, of })),
  ),
})).query;

const quoted = (text: string) => `'${text.replace(/['\\]/g, "\\$&")}'`;

function printed(query: Iql): string {
  switch (query.is) {
    case "type":
      return `${query.type}${query.field ? `.${query.field}` : ""}${query.value === undefined ? "" : `=${quoted(query.value)}`}`;
    case "tag":
      return `#${quoted(query.tag)}`;
    case "not":
      return `!${printed(query.of)}`;
    default:
      return `(${query.of.map(printed).join(query.is === "and" ? " && " : "||")})`;
  }
}

test("what is printed is parsed again to the same query", () => {
  fc.assert(
    fc.property(queries, (query) => {
      const text = printed(query);
      fc.pre(text.length <= 4096);
      expect(parsed(text)).toEqual(query);
    }),
  );
});

test("any text is parsed or refused with a place inside it, never more", () => {
  const pieces = fc.array(
    fc.constantFrom("A", ".b", "=", "'", "\\", "(", ")", "!", "&&", "||", "#", " ", "&", "|", "7"),
    { maxLength: 40 },
  );

  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        pieces.map((some) => some.join("")),
      ),
      (text) => {
        const result = parseIql(text);
        expect(result.ok || (result.offset >= 0 && result.offset <= text.length)).toBe(true);
      },
    ),
  );
});

describe("evaluation", () => {
  const ada: JsonObject = { value: { "@type": "GivenName", value: "Ada" }, tags: ["home", "x:two words"] };
  const street: JsonObject = { value: { "@type": "StreetAddress", city: "Bonn", zipCode: "53111" } };
  const born: JsonObject = { value: { "@type": "BirthDate", day: 1, month: 2, year: 1990 } };

  test.for<[string, JsonObject, boolean]>([
    ["GivenName", ada, true],
    ["Surname", ada, false],
    ["GivenName=Ada", ada, true],
    ["GivenName=ada", ada, false],
    ["StreetAddress.city=Bonn", street, true],
    ["StreetAddress.city=Köln", street, false],
    ["StreetAddress.toString=x", street, false],
    ["StreetAddress=Bonn", street, false],
    ["BirthDate.year=1990", born, true],
    ["#home", ada, true],
    ["#'x:two words'", ada, true],
    ["#hom", ada, false],
    ["#home", street, false],
    ["!#home", street, true],
    ["GivenName && #home", ada, true],
    ["GivenName && #work", ada, false],
    ["Surname || #home", ada, true],
    ["Surname || #work", ada, false],
    ["GivenName", {}, false],
    ["!GivenName", {}, true],
  ])("%s of %j is %j", ([text, content, expected]) => {
    expect(iqlMatches(parsed(text), content)).toBe(expected);
  });

  test("a negation is the opposite, of anything", () => {
    fc.assert(
      fc.property(queries, fc.constantFrom(ada, street, born), (query, content) => {
        expect(iqlMatches({ is: "not", of: query }, content)).toBe(!iqlMatches(query, content));
      }),
    );
  });
});
