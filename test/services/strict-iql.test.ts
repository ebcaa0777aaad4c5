// spec/domain.md 12 #18: an engine may hold answers against the text of an IQLQuery.
import { createRapport } from "rapport";
import type { Decision, JsonObject } from "rapport/core";
import { expect, test } from "vitest";
import { only } from "./scenes.ts";

const read: JsonObject = {
  "@type": "ReadAttributeRequestItem",
  mustBeAccepted: true,
  query: { "@type": "IQLQuery", queryString: "GivenName && !#x:old" },
};
const content = { "@type": "RelationshipTemplateContent", onNewRelationship: { "@type": "Request", items: [read] } };

const answering = (type: string, tags: readonly string[] = []): Decision => {
  const value = { "@type": type, value: "Ann" };
  return { items: [{ accept: true, newAttribute: { "@type": "IdentityAttribute", owner: "", value, tags } }] };
};

test.for([
  [true, "GivenName", [], true],
  [true, "Surname", [], false],
  [true, "GivenName", ["x:old"], false],
  [false, "Surname", ["x:old"], true],
] as const)("strict %o: %s with the tags %o may answer: %o", async ([strictIql, type, tags, may]) => {
  await using rapport = await createRapport({ strictIql, background: false });
  const asker = await rapport.accounts.create({ name: "asker" });
  const answerer = await rapport.accounts.create({ name: "answerer" });
  const template = await asker.templates.create({ content, expiresAt: "2100-01-01T00:00:00.000Z" });
  await answerer.templates.load({ reference: template.reference.truncated });
  const { id } = only(await answerer.requests.incoming.find());

  const verdict = await answerer.requests.incoming.canAccept(id, answering(type, tags));

  const code = verdict.items[0]?.isSuccess === false ? verdict.items[0].code : "ok";
  expect(verdict.isSuccess).toBe(may);
  expect(code).toBe(may ? "ok" : "error.consumption.requests.attributeQueryMismatch");
});
