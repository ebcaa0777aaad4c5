// Properties as data: what each predicate means, how it is said, and what is refused.
import { acceptAll, RapportError } from "rapport";
import type { ItemKindPort, JsonObject, RulePort } from "rapport/core";
import { type PropertyConfig, proveRules, readPropertyFile, type When } from "rapport/proof";
import { describe, expect, test } from "vitest";

const everything: RulePort = { name: "everything", judgeRequest: ({ request }) => acceptAll(request) };

async function broken(property: PropertyConfig) {
  const { properties } = await proveRules({ rules: [everything], properties: [property], runs: 3_000 });
  const [proven] = properties;
  if (proven?.counterExample === undefined) throw new Error(`no counter-example to: ${proven?.sentence}`);
  const { sentence, counterExample } = proven;
  const { request, relationships, now } = counterExample.facts;
  const content = request["content"] as JsonObject;
  const statuses = relationships.map(({ status }) => status);
  return { sentence, now, request, content, statuses, items: counterExample.items, item: counterExample.items[0] };
}

const value = (type: string) => ({ item: { item: { attribute: { value: { "@type": type } } } } });

test.each<[When, string, object]>([
  [{ item: "ConsentRequestItem" }, "a ConsentRequestItem", { item: { item: { "@type": "ConsentRequestItem" } } }],
  [
    { item: ["ConsentRequestItem", "AuthenticationRequestItem"] },
    "a ConsentRequestItem or AuthenticationRequestItem",
    {},
  ],
  [{ mandatory: true }, "a mandatory item", { item: { item: { mustBeAccepted: true } } }],
  [{ mandatory: false }, "an optional item", { item: { item: { mustBeAccepted: false } } }],
  [{ grouped: true }, "an item in a group", { item: { place: "items[0].items[0]" } }],
  [{ valueType: "BirthDate" }, "an item about BirthDate", value("BirthDate")],
  [{ valueType: "ProprietaryFloat" }, "an item about ProprietaryFloat", value("ProprietaryFloat")],
  [{ key: "size" }, 'an item with the key "size"', { item: { item: { attribute: { key: "size" } } } }],
  [{ owner: "self" }, "an item about an attribute of ourselves", { item: { item: { attribute: { owner: "" } } } }],
  [{ owner: "peer" }, "an item about an attribute of the peer", {}],
  [{ owner: "other" }, "an item about an attribute of somebody else", {}],
  [{ tags: ["x:a", "x:b"] }, 'an item tagged "x:a" or "x:b"', { item: { item: { attribute: { tags: ["x:a"] } } } }],
  [{ relationship: false }, "an item from a peer without a Relationship", { statuses: [] }],
  [{ relationship: true }, "an item from a peer with a Relationship", { statuses: [expect.any(String)] }],
  [{ relationship: "Revoked" }, "an item from a peer with a Relationship that is Revoked", { statuses: ["Revoked"] }],
  [{ source: "Message" }, "an item in a Request that came by Message", { request: { source: { type: "Message" } } }],
  [{ peer: "did:e:x:dids:1" }, "an item from did:e:x:dids:1", { request: { peer: "did:e:x:dids:1" } }],
  [{ expires: true }, "an item in a Request that expires", { content: { expiresAt: expect.any(String) } }],
  [
    { expiresWithinDays: 2 },
    "an item in a Request that expires within 2 days",
    { content: { expiresAt: expect.any(String) } },
  ],
  [{ moreItemsThan: 1 }, "an item in a Request with more than 1 item", { content: { items: { length: 2 } } }],
  [
    { matches: { "content.title": ["A", "B"], "content.item.description": "C" } },
    'an item where content.title is "A" or "B" and content.item.description is "C"',
    { content: { title: "A" }, item: { item: { description: "C" } } },
  ],
  [
    { someItem: { item: "AuthenticationRequestItem" }, item: "ConsentRequestItem" },
    "a ConsentRequestItem in a Request that has an AuthenticationRequestItem",
    { items: [{ item: { "@type": "ConsentRequestItem" } }] },
  ],
  [
    { everyItem: { item: "ConsentRequestItem" }, moreItemsThan: 1 },
    "an item in a Request with more than 1 item and in which every item is a ConsentRequestItem",
    { content: { items: [{ "@type": "ConsentRequestItem" }, { "@type": "ConsentRequestItem" }] } },
  ],
  [
    {
      or: [{ item: "ConsentRequestItem", mandatory: true }, { item: "AuthenticationRequestItem" }],
      relationship: false,
    },
    "an item from a peer without a Relationship, if it is either a mandatory ConsentRequestItem or an AuthenticationRequestItem",
    { statuses: [] },
  ],
  [
    { and: [{ item: "ConsentRequestItem" }, { not: { mandatory: false } }] },
    "an item that is a ConsentRequestItem and an item that is not an optional item",
    { item: { item: { "@type": "ConsentRequestItem", mustBeAccepted: true } } },
  ],
])("never accepts where %j", async (when, noun, expected) => {
  const found = await broken({ never: "accept", when });

  expect(found.sentence).toBe(`never accepts ${noun}`);
  expect(found).toMatchObject(expected);
});

test("an item is held against what becomes of it, a Request against what becomes of all", async () => {
  const oneOfTwo: RulePort = {
    name: "first",
    judgeRequest: ({ request }) => {
      const items = (request["content"] as { items: JsonObject[] }).items;
      return { verdict: "accept", items: items.map((_item, index) => ({ accept: index === 0 })) };
    },
  };
  const proveOf = async (property: PropertyConfig) => {
    const when = { ...property.when, item: "ConsentRequestItem", mandatory: false, grouped: false };
    const whole = { everyItem: when, moreItemsThan: 1 };
    const given =
      property.of === "request" ? { ...property, when: whole } : { ...property, when: { ...when, ...whole } };
    const { properties } = await proveRules({ rules: [oneOfTwo], properties: [given], runs: 3_000 });
    return properties[0];
  };

  expect(await proveOf({ of: "request", always: "accept" })).toMatchObject({ holds: true });
  expect(await proveOf({ never: "reject" })).toMatchObject({
    holds: false,
    counterExample: { items: [{ place: "items[1]" }] },
  });
  expect(await proveOf({ always: ["accept", "reject"] })).toMatchObject({ holds: true, applied: expect.any(Number) });
});

test("sentences of other verdicts", async () => {
  const properties: PropertyConfig[] = [
    { always: "manual", when: { item: "ConsentRequestItem" } },
    { always: ["reject", "manual"], of: "request", when: { expires: false } },
    { name: "quiet", never: "ignore" },
  ];

  const proof = await proveRules({ rules: [], properties, runs: 10 });

  expect(proof.properties.map(({ name, sentence }) => [name, sentence])).toEqual([
    ["always leaves to a person: a ConsentRequestItem", "always leaves to a person: a ConsentRequestItem"],
    ["always rejects, or leaves to a person: a Request that never expires", expect.any(String)],
    ["quiet", "never ignores an item"],
  ]);
});

test("types of items that plugins bring may be named, and are put into Requests", async () => {
  const kind: ItemKindPort = { type: "LoanRequestItem", parse: () => undefined };
  const properties: PropertyConfig[] = [{ never: "accept", when: { item: "LoanRequestItem" } }];

  const proof = await proveRules({ rules: [everything], itemKinds: [kind], properties, runs: 500 });

  expect(proof.properties).toMatchObject([{ holds: false }]);
});

describe("what is refused", () => {
  test.each<[unknown, RegExp]>([
    [{}, /must have either never or always/],
    [{ never: "accept", always: "accept" }, /must have either never or always/],
    [{ never: "accepts" }, /never must be of "accept", "reject", "manual", "ignore"/],
    [{ always: [] }, /always must be of/],
    [{ never: "accept", whne: {} }, /no "whne"; a property has name, never, always, of, when/],
    [{ never: "accept", of: "group" }, /of must be "item" or "request"/],
    [{ never: "accept", when: { itm: "x" } }, /no condition "itm"; there are item, mandatory/],
    [
      { never: "accept", when: { item: "ReadAttribute" } },
      /when\.item has "ReadAttribute", and there are .*ReadAttributeRequestItem/,
    ],
    [{ never: "accept", when: { not: { valueType: "Name" } } }, /when\.not\.valueType has "Name"/],
    [
      { never: "accept", when: { relationship: "active" } },
      /when\.relationship must be true, false, or of the statuses/,
    ],
    [{ never: "accept", when: { source: "Mail" } }, /must be "RelationshipTemplate" or "Message"/],
    [{ never: "accept", when: { moreItemsThan: -1 } }, /must be a whole number/],
    [{ never: "accept", when: { or: [] } }, /when\.or must be a list of conditions/],
    [{ never: "accept", when: { and: [{ mandatory: "yes" }] } }, /when\.and\[0\]\.mandatory must be true or false/],
    [{ never: "accept", of: "request", when: { mandatory: true } }, /put it into someItem or everyItem/],
    [
      { never: "accept", of: "request", when: { matches: { "content.item.title": "A" } } },
      /put it into someItem or everyItem/,
    ],
    [{ never: "accept", when: null }, /when must be an object/],
    ["never accepts anything", /must be an object/],
    [{ name: "x", holds: () => "yes" }, /must answer true, false or undefined/],
  ])("%j", async (property, message) => {
    const failure = await proveRules({ rules: [], properties: [property as PropertyConfig], runs: 1 }).catch(
      (problem) => problem,
    );

    expect(failure).toBeInstanceOf(RapportError);
    expect(failure).toMatchObject({ code: "input.invalid", message: expect.stringMatching(message) });
  });

  test("two properties of one name, odd files, runs and seeds", async () => {
    const properties: PropertyConfig[] = [
      { name: "a", never: "accept" },
      { name: "a", never: "reject" },
    ];

    await expect(proveRules({ rules: [], properties })).rejects.toMatchObject({ code: "input.invalid" });
    for (const more of [{ runs: 0 }, { runs: 1.5 }, { seed: 0.5 }, { seed: 2 ** 40 }])
      await expect(proveRules({ rules: [], ...more })).rejects.toMatchObject({ code: "input.invalid" });
    for (const file of [[], {}, { properties: [] }, { properties: [{}], more: 1 }, null])
      expect(() => readPropertyFile(file)).toThrow(RapportError);
  });

  test("what a property function throws is not swallowed", async () => {
    const holds = () => {
      throw new TypeError("a mistake");
    };

    await expect(proveRules({ rules: [], properties: [{ name: "bad", holds }], runs: 5 })).rejects.toThrow("a mistake");
  });
});
