// How one property is compared (spec/domain.md 7.3, spec/connector-api.md 4.5), and what the older generation does otherwise.
import type { Json, JsonObject } from "rapport/core";
import { describe, expect, test } from "vitest";
import { create, facts, field, itemOf, judged, no, P, share, yes } from "./facts.ts";

/** Whether an entry that rejects matches a Request with one item. */
const matches = (requestConfig: JsonObject, item: JsonObject = create(), options: Parameters<typeof facts>[1] = {}) =>
  judged([{ requestConfig, responseConfig: no }], facts([item], options)).verdict === "reject";

describe("one property", () => {
  const metadata = { b: 2, a: { c: [1, 2] } };
  const cases: [string, boolean, JsonObject, Json][] = [
    ["a text is the same text", true, { "content.title": "Hello" }, "Hello"],
    ["a text is not another", false, { "content.title": "hello" }, "Hello"],
    ["of several texts one is enough", true, { "content.title": ["x", "Hello"] }, "Hello"],
    ["none of several", false, { "content.title": ["x", "y"] }, "Hello"],
    ["of many, one is looked up", true, { "content.title": [..."abcdefghij", "Hello"] }, "Hello"],
    ["an empty list holds nothing", false, { "content.title": [] }, "Hello"],
  ];

  test.for(cases)("%s", ([, expected, config, title]) => {
    expect(matches(config, create(), { content: { title } })).toBe(expected);
  });

  test("#113: a property that the Request does not have never matches", () => {
    expect(matches({ "content.title": "x" })).toBe(false);
    expect(matches({ "content.item.query.key": "x" })).toBe(false);
  });

  test("what is wanted as undefined does not matter", () => {
    expect(matches({ peer: undefined, "content.item.description": undefined })).toBe(true);
  });

  test("objects are compared by what they say, whatever the order of members", () => {
    const options = { content: { metadata: { a: { c: [1, 2] }, b: 2 } } };

    expect(matches({ "content.metadata": metadata }, create(), options)).toBe(true);
    expect(matches({ "content.metadata": [{ b: 2 }, metadata] }, create(), options)).toBe(true);
    expect(matches({ "content.metadata": { ...metadata, d: 1 } }, create(), options)).toBe(false);
    expect(matches({ "content.metadata.a.c": [[1, 2]] }, create(), options)).toBe(true);
    expect(matches({ "content.metadata.b": 2 }, create(), options)).toBe(true);
    expect(matches({ "content.metadata.b": "2" }, create(), options)).toBe(false);
  });

  test("names that every object inherits are no members", () => {
    expect(matches({ "content.metadata.constructor.name": "Object" }, create(), { content: { metadata } })).toBe(false);
  });

  test("#114: of several dates all must hold, and instants are compared, not texts", () => {
    const inside = { createdAt: [">2029-12-31T00:00:00.000Z", "<2030-01-02T00:00:00.000Z"] };
    const request = { createdAt: "2030-01-02T00:00:00.000Z" };

    expect(matches(inside)).toBe(true);
    expect(matches(inside, create(), { request })).toBe(false);
    expect(matches({ createdAt: "2030-01-02T01:00:00+01:00" }, create(), { request })).toBe(true);
    expect(matches({ createdAt: "2030-01-02" }, create(), { request })).toBe(true);
    expect(matches({ createdAt: ["2030-01-02", "2030-01-03"] }, create(), { request })).toBe(false);
  });

  test("a Relationship in any status exists", () => {
    const relationships = [{ peer: P, status: "Rejected" }];

    expect(matches({ relationshipAlreadyExists: true }, create(), { relationships })).toBe(true);
    expect(matches({ relationshipAlreadyExists: false }, create(), { relationships })).toBe(false);
    expect(matches({ relationshipAlreadyExists: false }, create(), { relationships: [] })).toBe(true);
  });

  test("an entry of both kinds wants both", () => {
    const both = { peer: P, "content.item.@type": "FormFieldRequestItem" };

    expect(matches(both, field())).toBe(true);
    expect(matches(both, create())).toBe(false);
    expect(matches(both, field(), { request: { peer: "somebody else" } })).toBe(false);
  });
});

describe("a value that cannot be compared", () => {
  const surprise = { requestConfig: { "content.item.metadata.startsAt": ">2030-01-01" }, responseConfig: yes };
  const rest = { requestConfig: {}, responseConfig: no };

  test("leaves the Request to a person, whatever follows", () => {
    expect(judged([surprise, rest], facts([create({ metadata: { startsAt: 5 } })]))).toMatchObject({
      verdict: "manual",
    });
    expect(judged([surprise, rest], facts([create({ metadata: { startsAt: "x" } })]))).toMatchObject({
      verdict: "reject",
    });
  });

  test("does no harm where an earlier entry answers, or where its entry does not match anyway", () => {
    const item = create({ metadata: { startsAt: 5, level: 3 } });
    const listed = (type: string) => ({
      requestConfig: { "content.item.metadata.level": ["3"], "content.item.@type": type },
      responseConfig: yes,
    });

    expect(judged([rest, surprise], facts([item]))).toMatchObject({ verdict: "reject" });
    expect(judged([listed("FormFieldRequestItem"), rest], facts([item]))).toMatchObject({ verdict: "reject" });
    expect(judged([listed("CreateAttributeRequestItem"), rest], facts([item]))).toMatchObject({ verdict: "manual" });
  });

  test("in a Request without items there is nothing to decide", () => {
    expect(judged([rest], facts([]))).toMatchObject({ verdict: "manual" });
    expect(judged([rest], { ...facts(), request: {} })).toMatchObject({ verdict: "manual" });
  });
});

describe("ignoring", () => {
  const ignore = { name: "deaf", requestConfig: { peer: P }, responseConfig: { ignore: true } } as const;

  test("a Request is ignored as a whole, unless earlier entries answer all of it", () => {
    const first = { requestConfig: { "content.item.@type": "CreateAttributeRequestItem" }, responseConfig: yes };

    expect(judged([first, ignore])).toMatchObject({ verdict: "ignore", reason: "Entry deaf ignores it." });
    expect(judged([first, ignore], facts([create()]))).toMatchObject({ verdict: "accept" });
    expect(judged([ignore], facts([create()], { request: { peer: "somebody" } }))).toMatchObject({ verdict: "manual" });
  });
});

describe("the older generation", () => {
  const older = { generation: "O" } as const;
  const accept = [{ requestConfig: {}, responseConfig: yes }];

  test("a general accept answers five types of items", () => {
    const simple = ["Authentication", "Consent", "RegisterAttributeListener"].map((name) =>
      itemOf(`${name}RequestItem`),
    );

    expect(judged(accept, facts([...simple, create(), share()]), older)).toMatchObject({ verdict: "accept" });
    expect(judged(accept, facts([field()]), older)).toMatchObject({ verdict: "manual" });
  });

  test("an item that asks for a person gets one; the newer generation does not know of that", () => {
    const asking = facts([create({ requireManualDecision: true })]);

    expect(judged(accept, asking, older)).toMatchObject({ verdict: "manual" });
    expect(judged(accept, asking)).toMatchObject({ verdict: "accept" });
  });

  test("paths that end in From and To hold dates, too", () => {
    const table = [{ requestConfig: { "content.item.metadata.validTo": "<2031-01-01" }, responseConfig: yes }];
    const item = create({ metadata: { validTo: "2030-01-01" } });

    expect(judged(table, facts([item]), older)).toMatchObject({ verdict: "accept" });
    expect(judged(table, facts([item]))).toMatchObject({ verdict: "manual" });
  });

  test("a free text is answered by one", () => {
    const table = [
      {
        requestConfig: { "content.item.@type": "FreeTextRequestItem" },
        responseConfig: { accept: true, freeText: "Yes, please." },
      } as const,
    ];

    expect(judged(table, facts([itemOf("FreeTextRequestItem")]), older)).toMatchObject({
      items: [{ accept: true, freeText: "Yes, please." }],
    });
  });
});

test("which types are never decided automatically is an option", () => {
  const table = [{ requestConfig: {}, responseConfig: no }];

  expect(judged(table, facts([itemOf("ConsentRequestItem")]), { neverAutomatic: [] }).verdict).toBe("reject");
  expect(judged(table, facts([field()]), { neverAutomatic: ["FormFieldRequestItem"] }).verdict).toBe("manual");
});
