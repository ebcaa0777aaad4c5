// Ids that a peer chose must not meet those that judging again counts (docs/explain.md).
import { acceptAll, openPast } from "rapport";
import type { JsonObject, RulePort } from "rapport/core";
import { createMemoryDisk, createMemoryStore } from "rapport/plugins/storage-memory";
import { expect, test } from "vitest";
import { collections } from "../../src/model/keys.ts";

const [self, peer] = ["did:e:relay.test:dids:1111111111111111111111", "did:e:relay.test:dids:2222222222222222222222"];

const named = (owner: string): JsonObject => ({
  "@type": "IdentityAttribute",
  owner,
  value: { "@type": "GivenName", value: "Anna" },
});

test("a past Request that shares an attribute under the first id of all can be judged again", async () => {
  const share = { "@type": "ShareAttributeRequestItem", mustBeAccepted: true, attributeId: "ATT00000000000000001" };
  const create = { "@type": "CreateAttributeRequestItem", mustBeAccepted: true, attribute: named("") };
  const items = [{ ...share, attribute: named(peer) }, create];
  const id = "REQ00000000000000001";
  const facts = { self, now: "2030-01-01T00:00:00.000Z", relationships: [], request: { id, peer, content: { items } } };
  const record = {
    entity: id,
    peer,
    decidedAt: facts.now,
    verdict: "manual",
    decider: { kind: "human" },
    tried: [],
    facts,
  };
  const disk = createMemoryDisk();
  const store = createMemoryStore({ disk });
  await store.open(collections);
  await store.commit({ puts: [{ key: `me/decisions/${id}`, document: record, expect: "absent" }] });
  await store[Symbol.asyncDispose]();
  const rule: RulePort = { name: "all", judgeRequest: ({ request }) => acceptAll(request) };

  await using past = await openPast(createMemoryStore({ disk }));
  const rows = [];
  for await (const row of past.tryRules("me", { rules: [rule] })) rows.push(row);

  expect(rows).toMatchObject([{ id, to: { verdict: "accept", rule: "all" } }]);
});
