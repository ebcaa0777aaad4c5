// The search for counter-examples to properties of rules (docs/prove-rules.md).
import { acceptAll } from "rapport";
import type { JsonObject, RulePort } from "rapport/core";
import { createCedarRule } from "rapport/plugins/rules-cedar";
import { createRuleTable, type RequestEntry } from "rapport/plugins/rules-table";
import { type PropertyConfig, type PropertyFunction, proveRules } from "rapport/proof";
import { describe, expect, test } from "vitest";

const tableOf = (...entries: RequestEntry[]): RulePort => createRuleTable(entries).rule;

const name: JsonObject = {
  "@type": "IdentityAttribute",
  owner: "",
  value: { "@type": "DisplayName", value: "Example Ltd" },
};

const giveName: RequestEntry = {
  name: "our name",
  requestConfig: {
    "content.item.@type": "ReadAttributeRequestItem",
    "content.item.query.valueType": "DisplayName",
    "content.title": "Hello",
    "content.expiresAt": ["<2031-01-01", ">2030-02-01"],
  },
  responseConfig: { accept: true, newAttribute: name },
};

const noStrangers: PropertyConfig = {
  never: "accept",
  when: { item: "ReadAttributeRequestItem", relationship: false },
};

async function proofOf(rule: RulePort, property: PropertyConfig | PropertyFunction, more: object = {}) {
  const proof = await proveRules({ rules: [rule], properties: [property], runs: 2_000, ...more });
  const [proven] = proof.properties;
  if (proven === undefined) throw new Error("there is one property");
  return { ...proof, proven, content: proven.counterExample?.facts.request["content"] as JsonObject | undefined };
}

describe("a table with a hole", () => {
  test("the hole is found, shrunk to what the line wants and nothing else, and explained", async () => {
    const { proven, content, lines } = await proofOf(tableOf(giveName), noStrangers);

    expect(proven.sentence).toBe("never accepts a ReadAttributeRequestItem from a peer without a Relationship");
    expect(proven.holds).toBe(false);
    expect(content).toEqual({
      "@type": "Request",
      title: "Hello",
      expiresAt: expect.any(String),
      items: [
        {
          "@type": "ReadAttributeRequestItem",
          mustBeAccepted: false,
          query: { "@type": "IdentityAttributeQuery", valueType: "DisplayName" },
        },
      ],
    });
    expect(proven.counterExample).toMatchObject({
      verdict: "accept",
      rule: "rules-table",
      facts: { relationships: [], request: { source: { type: "RelationshipTemplate" } } },
      items: [{ place: "items[0]", verdict: "accept", entry: "our name" }],
      trace: [{ entry: "our name", item: "items[0]", outcome: "decided" }],
    });
    expect(lines["our name"]).toBeGreaterThan(50);
  });

  test("closing it leaves no counter-example, among many that could have been one", async () => {
    const closed = { ...giveName, requestConfig: { ...giveName.requestConfig, relationshipAlreadyExists: true } };

    const { proven, decided } = await proofOf(tableOf(closed), noStrangers);

    expect(proven).toMatchObject({ holds: true });
    expect(proven).not.toHaveProperty("counterExample");
    expect(proven.applied).toBeGreaterThan(200);
    expect(decided).toBeGreaterThan(50);
  });

  test("what one line wants and an earlier one rejects is no hole", async () => {
    const first: RequestEntry = {
      requestConfig: { relationshipAlreadyExists: false },
      responseConfig: { accept: false },
    };

    const { proven, unreached } = await proofOf(tableOf(first, giveName), noStrangers);

    expect(proven.holds).toBe(true);
    expect(unreached).toEqual([]);
  });

  test("what only many items bring about is shrunk to as many as it takes", async () => {
    const all: RequestEntry = { requestConfig: { "content.title": "Hello" }, responseConfig: { accept: true } };
    const long: PropertyConfig = { of: "request", never: "accept", when: { moreItemsThan: 7 } };

    const { proven, content } = await proofOf(tableOf(all), long);

    expect(proven.sentence).toBe("never accepts a Request with more than 7 items");
    expect(content?.["items"]).toHaveLength(8);
  });
});

describe("what the engine would make of a verdict counts", () => {
  const everything: RulePort = { name: "everything", judgeRequest: ({ request }) => acceptAll(request) };

  test("an accepting verdict that the Request does not allow leaves it to a person", async () => {
    const fields: PropertyConfig = { never: "accept", when: { item: "FormFieldRequestItem" } };
    const consents: PropertyConfig = { never: "accept", when: { item: "ConsentRequestItem" } };

    // A form field is accepted with a response only.
    expect(await proofOf(everything, fields)).toMatchObject({ proven: { holds: true }, refused: expect.any(Number) });
    expect(await proofOf(everything, consents)).toMatchObject({ proven: { holds: false } });
  });

  test("nothing is accepted while the Relationship is in no state for it", async () => {
    const over: PropertyConfig = { always: "manual", when: { relationship: ["Terminated", "DeletionProposed"] } };

    const { proven } = await proofOf(everything, over);

    expect(proven.holds).toBe(true);
    expect(proven.applied).toBeGreaterThan(100);
  });

  test("the first rule that has a word is the one that decides", async () => {
    const no: RulePort = { name: "no", judgeRequest: () => ({ verdict: "ignore" }) };
    const never: PropertyConfig = { never: "accept" };

    const first = await proveRules({ rules: [no, everything], properties: [never], runs: 500 });
    const last = await proveRules({ rules: [everything, no], properties: [never], runs: 500 });

    expect(first.properties).toMatchObject([{ holds: true }]);
    expect(last.properties).toMatchObject([{ holds: false, counterExample: { rule: "everything" } }]);
  });

  test("a rule that throws, or says what is no verdict, fails the built-in property and leaves it to a person", async () => {
    for (const judgeRequest of [
      ({ request }: { request: JsonObject }) => {
        if (request["source"] !== undefined) throw new Error("out of order");
      },
      async () => ({ verdict: "perhaps" }),
    ]) {
      const rules = [{ name: "odd", judgeRequest } as unknown as RulePort];
      const { properties } = await proveRules({ rules, runs: 200 });

      expect(properties.find((one) => one.name === "rules do not fail")).toMatchObject({
        holds: false,
        counterExample: { verdict: "manual", rule: "odd", problem: expect.stringMatching(/out of order|perhaps/) },
      });
    }
  });
});

describe("rules that show no lines", () => {
  test("texts that stand in a function are put into Requests, and what it does not need is left out", async () => {
    const magic: RulePort = {
      name: "magic",
      judgeRequest: ({ request }) => {
        const content = request["content"] as { title?: string; metadata?: { door?: string } };
        return content.title === "Open" && content.metadata?.door === "sesame" ? acceptAll(request) : undefined;
      },
    };
    const closed: PropertyFunction = { name: "closed", holds: ({ verdict }) => verdict !== "accept" };

    const { content } = await proofOf(magic, closed, { runs: 10_000 });

    expect(content).toMatchObject({ title: "Open", metadata: { door: "sesame" }, items: [{ mustBeAccepted: false }] });
    expect(Object.keys(content ?? {}).toSorted()).toEqual(["@type", "items", "metadata", "title"]);
  });

  test("policies in Cedar", async () => {
    const policies = `
      @id("names") permit (principal, action == Action::"decide", resource)
      when { resource["@type"] == "ConsentRequestItem" && context.request.content has title && context.request.content.title == "News" };`;
    const rule = createCedarRule({ policies });

    const { proven, content } = await proofOf(rule, { never: "accept", when: { item: "ConsentRequestItem" } });

    expect(proven).toMatchObject({
      holds: false,
      counterExample: { rule: "rules-cedar", items: [{ entry: "names" }] },
    });
    expect(content).toMatchObject({ title: "News", items: [{ "@type": "ConsentRequestItem" }] });
  });
});

describe("what a search does not show", () => {
  test("a property that no Request is about is not tested, and says so", async () => {
    const never: PropertyConfig = { never: "accept", when: { source: "Message", relationship: false } };

    const { proven } = await proofOf(tableOf(giveName), never);

    expect(proven).toMatchObject({ holds: true, applied: 0 });
  });

  test("lines that nothing reaches are named", async () => {
    const all: RequestEntry = { name: "all", requestConfig: {}, responseConfig: { accept: false } };

    const { unreached } = await proofOf(tableOf(all, giveName), noStrangers, { runs: 300 });

    expect(unreached).toEqual(["our name"]);
  });

  test("rules that say nothing are not reached", async () => {
    const { reached, decided } = await proofOf({ name: "silent", judgeRequest: () => undefined }, noStrangers);

    expect({ reached, decided }).toEqual({ reached: 0, decided: 0 });
  });
});

describe("the seed", () => {
  test("the same seed gives the same proof, another one other Requests", async () => {
    const run = (seed: number) =>
      proveRules({ rules: [tableOf(giveName)], properties: [noStrangers], runs: 1_000, seed });

    const [one, same, other] = [await run(7), await run(7), await run(8)];

    expect(same).toEqual(one);
    expect(other.properties[0]?.broken).not.toBe(one.properties[0]?.broken);
    expect(other.properties[0]?.counterExample?.items).toEqual(one.properties[0]?.counterExample?.items);
  });
});

describe("the built-in properties", () => {
  test("a stranger is met by people unless the line says that it means strangers", async () => {
    const meant = { ...giveName, requestConfig: { ...giveName.requestConfig, relationshipAlreadyExists: false } };
    const strangers = async (...entries: RequestEntry[]) => {
      const { properties } = await proveRules({ rules: [tableOf(...entries)], runs: 2_000 });
      return properties.find((one) => one.name === "strangers are met by people")?.holds;
    };

    expect(await strangers(giveName)).toBe(false);
    expect(await strangers(meant)).toBe(true);
  });

  test("consents that a table accepts are found", async () => {
    const { rule } = createRuleTable(
      [{ requestConfig: { "content.item.@type": "ConsentRequestItem" }, responseConfig: { accept: true } }],
      { neverAutomatic: [] },
    );

    const { properties } = await proveRules({ rules: [rule], runs: 500 });

    expect(properties.find((one) => one.name === "consent is given by people")).toMatchObject({ holds: false });
  });
});
