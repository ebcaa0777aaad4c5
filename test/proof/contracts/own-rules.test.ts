// The rules that come with Rapport keep the laws of a rule.
import fc from "fast-check";
import { acceptAll, type JsonObject, rejectAll, ruleOf } from "rapport/core";
import { rulesCedar } from "rapport/plugins/rules-cedar";
import { rulesTable } from "rapport/plugins/rules-table";
import { arbitraryRuleTable, ruleContract } from "rapport/testkit";

const ofType = (type: string) => ({ "content.item.@type": `${type}RequestItem` });

ruleContract("a careful rule table", {
  rule: () =>
    rulesTable({
      neverAutomatic: [],
      config: {
        requests: [
          { name: "late", requestConfig: { createdAt: "<2029-01-01" }, responseConfig: { ignore: true } },
          {
            requestConfig: { "content.item.mustBeAccepted": false },
            responseConfig: { accept: false, code: "not.now", message: "Ask for what you need." },
          },
          { requestConfig: ofType("Consent"), responseConfig: { accept: true } },
          { requestConfig: ofType("Authentication"), responseConfig: { accept: true } },
          { requestConfig: ofType("CreateAttribute"), responseConfig: { accept: true } },
        ],
        relationships: [{ relationshipConfig: { "response.result": "Accepted" }, responseConfig: { accept: true } }],
      },
    }),
});

for (const [index, { config, options }] of fc.sample(arbitraryRuleTable, { numRuns: 3, seed: 11 }).entries()) {
  ruleContract(`generated rule table ${index + 1}`, {
    rule: () => rulesTable({ config, ...options }),
    waived: {
      "an engine can carry out whatever the rule accepts or rejects":
        "a table of chance rejects what must be accepted; a person decides then, as docs/plugins.md says",
    },
  });
}

ruleContract("rules in Cedar", {
  rule: () =>
    rulesCedar({
      policies: `
        @id("consents") permit(principal, action == Action::"decide", resource)
          when { resource["@type"] == "ConsentRequestItem" };
        @id("forms") @code("no.forms") forbid(principal, action == Action::"decide", resource)
          when { resource["@type"] == "FormFieldRequestItem" && !resource.mustBeAccepted };
        @id("peers") permit(principal, action == Action::"acceptRelationship", resource);`,
    }),
});

const isOptional = (request: JsonObject) =>
  JSON.stringify(request["content"]).includes('"mustBeAccepted":true') === false;

ruleContract("a function", {
  rule: () =>
    ruleOf("polite", {
      request: ({ request }) => (isOptional(request) ? rejectAll(request, { code: "not.now" }) : undefined),
      relationship: () => ({ verdict: "accept", content: { greeting: "Hello" } }),
      revision: "1",
    }),
});

ruleContract("a function that accepts", {
  rule: () => ruleOf("generous", ({ request }) => acceptAll(request)),
  items: fc.constant([{ "@type": "ConsentRequestItem", consent: "We may write to you.", mustBeAccepted: true }]),
});
