import { createWorld } from "rapport/testkit";
import { expect, test } from "vitest";

const content = {
  "@type": "RelationshipTemplateContent",
  title: "Library card",
  onNewRelationship: {
    "@type": "Request",
    items: [{ "@type": "ConsentRequestItem", consent: "We may remind you of due dates.", mustBeAccepted: true }],
  },
};

test("a person accepts what a library asks, the library accepts the person, and both see the same", async () => {
  await using world = await createWorld({ seed: 7 });
  const library = await world.person("library");
  const reader = await world.person("reader");
  const template = await library.account.templates.create({ content, expiresAt: "2030-02-01T00:00:00.000Z" });

  const loaded = await reader.account.templates.load({ reference: template.reference.url });
  const [request] = await reader.account.requests.incoming.find({ "source.reference": loaded.id });
  await reader.account.requests.incoming.accept(request?.id ?? "", { items: [{ accept: true }] });
  await library.account.sync();
  const [pending] = await library.account.relationships.find({ status: "Pending" });
  await library.account.relationships.accept(pending?.id ?? "", { content: { cardNumber: 42 } });
  await reader.account.sync();

  const [atLibrary] = await library.account.relationships.find();
  const [atReader] = await reader.account.relationships.find();
  expect(atReader).toMatchObject({ status: "Active", responseContent: { cardNumber: 42 } });
  expect(atReader?.auditLog).toEqual(atLibrary?.auditLog);
  expect(world.warnings).toEqual([]);
});
