// What random histories have found, each told once as a story.
import type { Call } from "rapport/core";
import { createWorld, type Person, unreliable } from "rapport/testkit";
import { expect, test } from "vitest";

async function befriend(host: Person, guest: Person): Promise<string> {
  const content = { "@type": "ArbitraryRelationshipTemplateContent", value: {} };
  const template = await host.account.templates.create({ content, expiresAt: "2031-01-01T00:00:00.000Z" });
  await guest.account.templates.load({ reference: template.reference.truncated });
  const creationContent = { "@type": "ArbitraryRelationshipCreationContent", value: {} };
  const { id } = await guest.account.relationships.create({ templateId: template.id, creationContent });
  await host.account.sync();
  await host.account.relationships.accept(id);
  await guest.account.sync();
  return id;
}

test("a step whose answer brings steps of the peer is announced once, with everything", async () => {
  await using world = await createWorld({ seed: 11 });
  const ann = await world.person("ann");
  const bob = await world.person("bob");
  const id = await befriend(ann, bob);
  await bob.account.relationships.terminate(id);
  await ann.account.sync();
  await bob.account.relationships.requestReactivation(id);
  await bob.account.relationships.revokeReactivation(id);
  const heard: string[] = [];
  ann.account.events.on("*", ({ namespace }) => heard.push(namespace));

  const { auditLog } = await ann.account.relationships.requestReactivation(id);

  expect(auditLog.map(({ reason }) => reason).slice(3)).toEqual([
    "ReactivationRequested",
    "RevocationOfReactivation",
    "ReactivationRequested",
  ]);
  expect(heard.toSorted()).toEqual([
    "transport.relationshipChanged",
    "transport.relationshipReactivationCompleted",
    "transport.relationshipReactivationRequested",
  ]);
});

test("while a creation is not finished, another one is told so, though the relay already knows the Relationship", async () => {
  await using world = await createWorld({ seed: 12 });
  const lost = { when: undefined as "after" | undefined };
  const isLost = ({ operation }: Call) => (operation === "createRelationship" ? lost.when : undefined);
  const ann = await world.person("ann");
  const bob = await world.person("bob", { transport: (transport) => unreliable(transport, isLost) });
  const content = { "@type": "ArbitraryRelationshipTemplateContent", value: {} };
  const template = await ann.account.templates.create({ content, expiresAt: "2031-01-01T00:00:00.000Z" });
  await bob.account.templates.load({ reference: template.reference.truncated });
  const creationContent = { "@type": "ArbitraryRelationshipCreationContent", value: {} };
  const creation = { templateId: template.id, creationContent };
  lost.when = "after";
  await expect(bob.account.relationships.create(creation)).rejects.toMatchObject({ code: "relay.unreachable" });
  lost.when = undefined;

  const again = bob.account.relationships.create(creation);

  await expect(again).rejects.toMatchObject({ code: "command.inProgress", retry: true });
  expect(await bob.account.relationships.canCreate(creation)).toMatchObject({ code: "command.inProgress" });
  await bob.account.sync();
  expect(await bob.account.relationships.find()).toHaveLength(1);
});

const structured = {
  "@type": "RelationshipTemplateContent",
  onNewRelationship: {
    "@type": "Request",
    items: [{ "@type": "ConsentRequestItem", consent: "We may write to you.", mustBeAccepted: true }],
  },
};

test("a rejection that found nobody any more is over when it is delivered again", async () => {
  await using world = await createWorld({ seed: 13 });
  const ann = await world.person("ann");
  const bob = await world.person("bob");
  const id = await befriend(ann, bob);
  const content = { ...structured, onExistingRelationship: structured.onNewRelationship };
  const { reference } = await ann.account.templates.create({ content, expiresAt: "2031-01-01T00:00:00.000Z" });
  await bob.account.templates.load({ reference: reference.truncated });
  const [request] = await bob.account.requests.incoming.find();
  await ann.account.relationships.terminate(id);
  await ann.account.relationships.decompose(id);
  const rejected = await bob.account.requests.incoming.reject(request?.id ?? "", { items: [{ accept: false }] });
  await bob.account.sync();

  const delivered = await bob.account.requests.incoming.deliver(request?.id ?? "");

  expect(rejected).toMatchObject({ status: "Decided", deliveryError: {} });
  expect(delivered.status).toBe("Completed");
});

test("after one leaves, the Relationships that were rejected before still count", async () => {
  await using world = await createWorld({ seed: 14 });
  const ann = await world.person("ann");
  const bob = await world.person("bob");
  const content = { "@type": "ArbitraryRelationshipTemplateContent", value: {} };
  const template = await ann.account.templates.create({ content, expiresAt: "2031-01-01T00:00:00.000Z" });
  await bob.account.templates.load({ reference: template.reference.truncated });
  const creationContent = { "@type": "ArbitraryRelationshipCreationContent", value: {} };
  const first = await bob.account.relationships.create({ templateId: template.id, creationContent });
  await ann.account.sync();
  await ann.account.relationships.reject(first.id);
  await bob.account.sync();
  const second = await befriend(ann, bob);
  await ann.account.relationships.terminate(second);
  await ann.account.relationships.decompose(second);

  const request = { content: structured.onNewRelationship, peer: bob.account.address };
  const verdict = await ann.account.requests.outgoing.canCreate(request);

  expect(verdict).toMatchObject({ code: "error.consumption.requests.wrongRelationshipStatus" });
  expect((await ann.account.relationships.find()).map(({ id, status }) => [id, status])).toEqual([
    [first.id, "Rejected"],
  ]);
});

test("a template for one is withdrawn when its owner leaves, so that nobody answers what cannot be opened any more", async () => {
  await using world = await createWorld({ seed: 15 });
  const ann = await world.person("ann");
  const bob = await world.person("bob");
  const content = { "@type": "ArbitraryRelationshipTemplateContent", value: {} };
  const once = { content, expiresAt: "2031-01-01T00:00:00.000Z", maxNumberOfAllocations: 1 };
  const { id: templateId, reference } = await ann.account.templates.create(once);
  await bob.account.templates.load({ reference: reference.truncated });
  const creationContent = { "@type": "ArbitraryRelationshipCreationContent", value: {} };
  const { id } = await bob.account.relationships.create({ templateId, creationContent });
  await ann.account.sync();
  await ann.account.relationships.accept(id);
  await ann.account.relationships.terminate(id);
  await ann.account.relationships.decompose(id);
  await bob.account.sync();
  await bob.account.relationships.decompose(id);

  const again = bob.account.templates.load({ reference: reference.truncated });

  await expect(again).rejects.toMatchObject({ code: "error.platform.recordNotFound" });
  expect(await ann.account.deadLetters.list()).toEqual([]);
});
