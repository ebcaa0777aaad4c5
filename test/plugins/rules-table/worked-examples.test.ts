// The worked examples of spec/domain.md 7.5, by number, on the table alone.
import { describe, expect, test } from "vitest";
import { create, facts, field, group, itemOf, judged, no, P, r1, read, share, yes } from "./facts.ts";

const X = { "@type": "IdentityAttribute", owner: "", value: { "@type": "GivenName", value: "Bea" } };
const type = "content.item.@type";

describe("the Request R1 of 7.5", () => {
  test("7.5 example 1: without a table it is left to a person", () => {
    expect(judged([])).toMatchObject({ verdict: "manual" });
  });

  test("7.5 example 2: a general reject answers all items, and the group is mirrored", () => {
    const busy = { accept: false, code: "busy" } as const;

    expect(judged([{ requestConfig: { peer: P }, responseConfig: busy }])).toMatchObject({
      verdict: "reject",
      items: [busy, busy, { items: [busy, busy] }],
    });
  });

  test("7.5 example 3: a general accept answers only A and D, so a person decides", () => {
    expect(judged([{ requestConfig: { peer: P }, responseConfig: yes }])).toEqual({
      verdict: "manual",
      reason: "No entry answers items[1].",
      entries: { "items[0]": "#1", "items[2].items[0]": "#1" },
    });
  });

  const acceptP = { name: "accept P", requestConfig: { peer: P }, responseConfig: yes };
  const rejectAll = { name: "reject all", requestConfig: {}, responseConfig: no };

  test("7.5 example 4: a general reject after it answers the rest", () => {
    expect(judged([acceptP, rejectAll])).toMatchObject({
      verdict: "accept",
      items: [yes, no, { items: [yes, no] }],
      entries: {
        "items[0]": "accept P",
        "items[1]": "reject all",
        "items[2].items[0]": "accept P",
        "items[2].items[1]": "reject all",
      },
    });
  });

  test("7.5 example 5: in the other order everything is rejected first", () => {
    expect(judged([rejectAll, acceptP])).toMatchObject({ verdict: "reject", items: [no, no, { items: [no, no] }] });
  });

  test("7.5 example 6: an item config with a fixed attribute, a general accept, and an item reject", () => {
    const table = [
      {
        requestConfig: { [type]: "ReadAttributeRequestItem", "content.item.query.valueType": ["GivenName", "Surname"] },
        responseConfig: { accept: true, newAttribute: X },
      } as const,
      acceptP,
      { requestConfig: { [type]: "FormFieldRequestItem" }, responseConfig: no },
    ];

    expect(judged(table)).toMatchObject({
      verdict: "accept",
      items: [yes, { accept: true, newAttribute: X }, { items: [yes, no] }],
    });
    expect(judged(table, facts([read({ query: { valueType: "Nationality" } })]))).toMatchObject({ verdict: "manual" });
  });

  test("7.5 example 7: what must be accepted is, and the rest is not", () => {
    const table = [
      { requestConfig: { "content.item.mustBeAccepted": true }, responseConfig: yes },
      { requestConfig: { "content.item.mustBeAccepted": false }, responseConfig: no },
    ];

    expect(judged(table)).toMatchObject({ verdict: "accept", items: [yes, no, { items: [no, no] }] });
  });

  test("7.5 example 8: B and E stay empty; without them the verdict rejects an item that must be accepted", () => {
    const table = [
      { requestConfig: { "content.item.mustBeAccepted": true }, responseConfig: no },
      { requestConfig: {}, responseConfig: yes },
    ];

    expect(judged(table)).toMatchObject({ verdict: "manual" });
    expect(judged(table, facts([create(), group(share())]))).toMatchObject({
      verdict: "accept",
      items: [no, { items: [yes] }],
    });
  });

  test("7.5 example 9: a template's Request of simple items from somebody new is accepted; R1 is no match", () => {
    const table = [
      {
        requestConfig: { relationshipAlreadyExists: false, "source.type": "RelationshipTemplate" },
        responseConfig: yes,
      },
    ];
    const source = { type: "RelationshipTemplate", reference: "RLT00000000000000001" };

    expect(judged(table, facts([create(), share()], { request: { source }, relationships: [] }))).toMatchObject({
      verdict: "accept",
      items: [yes, yes],
    });
    expect(judged(table)).toMatchObject({ verdict: "manual" });
  });

  test("7.5 example 10: only what expires inside the interval; what never expires does not match", () => {
    const table = [
      {
        requestConfig: { "content.expiresAt": [">2030-01-01T00:00:00.000Z", "<2031-01-01T00:00:00.000Z"] },
        responseConfig: no,
      },
    ];
    const expiring = (expiresAt: string) => judged(table, facts(r1, { content: { expiresAt } })).verdict;

    expect(expiring("2030-06-01T00:00:00.000Z")).toBe("reject");
    expect(expiring("2030-01-01T00:00:00.000Z")).toBe("manual");
    expect(expiring("2031-01-01T00:00:00.000Z")).toBe("manual");
    expect(expiring("2030-12-31T23:59:59.999Z")).toBe("reject");
    expect(judged(table)).toMatchObject({ verdict: "manual" });
  });

  test("7.5 example 11: one common tag is enough", () => {
    const table = [
      {
        requestConfig: { "content.item.attribute.tags": ["x:a", "x:b"], [type]: "CreateAttributeRequestItem" },
        responseConfig: yes,
      },
    ];
    const tagged = (tags: string[]) => judged(table, facts([create({ attribute: { tags } })])).verdict;

    expect(tagged(["x:b", "x:c"])).toBe("accept");
    expect(tagged(["x:c"])).toBe("manual");
    expect(tagged([])).toBe("manual");
    expect(judged(table, facts([create()]))).toMatchObject({ verdict: "manual" });
  });

  test.for(["AuthenticationRequestItem", "ConsentRequestItem"])(
    "7.5 example 12: with an item of the type %s everything is left to a person, in a group too",
    (forbidden) => {
      expect(judged([rejectAll], facts([...r1, itemOf(forbidden)]))).toMatchObject({ verdict: "manual" });
      expect(judged([rejectAll], facts([create(), group(itemOf(forbidden))]))).toMatchObject({ verdict: "manual" });
    },
  );

  test("7.5 example 13: an item without description never matches a config on it", () => {
    const table = [
      { requestConfig: { [type]: ["CreateAttributeRequestItem", "ShareAttributeRequestItem"] }, responseConfig: yes },
      { requestConfig: { "content.item.description": "x" }, responseConfig: no },
    ];

    expect(judged(table, facts([create(), field({ description: "x" })]))).toMatchObject({
      verdict: "accept",
      items: [yes, no],
    });
    expect(judged(table, facts([create(), field()]))).toMatchObject({ verdict: "manual" });
  });
});
