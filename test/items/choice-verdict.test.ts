// Answering third-party queries, the one place where an attribute leaves its Relationship (src/items/choice-verdict.ts).
import type { JsonObject } from "rapport/core";
import { beforeEach, describe, expect, test } from "vitest";
import type { ItemDecision } from "../../src/model/decision.ts";
import { customer, name, read, thirdPartyQuery } from "./contents.ts";
import { canDecide, codeOf, relate, requestOf, type Side, side, store } from "./two-sides.ts";

const acme = "did:e:acme";
const bob = "did:e:bob";
const eve = "did:e:eve";
let recipient: Side;

beforeEach(() => {
  recipient = side(bob);
});

const withEve = (type: "Own" | "Peer", more: JsonObject = {}) =>
  store(recipient, {
    "@type": `${type}RelationshipAttribute`,
    content: customer({ owner: type === "Own" ? bob : eve, ...more }),
    peer: eve,
  });
const judged = (query: JsonObject, parameters: JsonObject) =>
  codeOf(
    canDecide({
      recipient,
      sender: acme,
      request: requestOf(read(query)),
      items: [{ accept: true, ...parameters } as ItemDecision],
    }),
  );

describe("canAccept of a third-party query", () => {
  const other = "did:e:x";

  beforeEach(() => relate(recipient, eve));

  test.for<[string, "Own" | "Peer", JsonObject, JsonObject, string]>([
    ["#96 4 own, with a partner that is not listed", "Own", {}, { thirdParty: [other] }, "attributeQueryMismatch"],
    ["#96 own, with anybody listed", "Own", {}, { thirdParty: [""] }, "ok"],
    ["own, with its partner listed", "Own", {}, { thirdParty: [eve] }, "ok"],
    ["of the partner, listed", "Peer", {}, { thirdParty: [eve] }, "ok"],
    ["of the partner, not listed", "Peer", {}, { thirdParty: [other] }, "attributeQueryMismatch"],
    [
      "of the partner, where the recipient's was asked for",
      "Peer",
      {},
      { owner: "recipient" },
      "attributeQueryMismatch",
    ],
    ["own, where the third party's was asked for", "Own", {}, { owner: "thirdParty" }, "attributeQueryMismatch"],
    ["under another key", "Own", { key: "other" }, {}, "attributeQueryMismatch"],
    ["#96 d private", "Own", { confidentiality: "private" }, {}, "attributeQueryMismatch"],
    ["protected", "Own", { confidentiality: "protected" }, {}, "ok"],
  ])("%s", ([, type, content, query, code]) => {
    expect(judged(thirdPartyQuery(query), { existingAttributeId: withEve(type, content).id })).toBe(code);
  });

  test.for([
    ["Active", "ok"],
    [{ Terminated: "quiet" }, "ok"],
    [{ DeletionProposed: "byInitiator" }, "ok"],
    ["Pending", "cannotShareRelationshipAttributeOfPendingRelationship"],
    ["Rejected", "cannotShareRelationshipAttributeOfPendingRelationship"],
    ["Revoked", "cannotShareRelationshipAttributeOfPendingRelationship"],
  ] as const)("#96 5 a Relationship that is %j: %s", ([state, code]) => {
    relate(recipient, eve, state);

    expect(judged(thirdPartyQuery(), { existingAttributeId: withEve("Own").id })).toBe(code);
  });

  test("5 no Relationship at all, and 6 tags", () => {
    const { id } = withEve("Own");
    expect(judged(thirdPartyQuery(), { existingAttributeId: id, tags: ["x:a"] })).toBe("invalidAcceptParameters");

    recipient.documents.delete(`peers/${eve}`);
    expect(judged(thirdPartyQuery(), { existingAttributeId: id })).toBe(
      "cannotShareRelationshipAttributeOfPendingRelationship",
    );
  });

  test("what exists with the asker is no third party's", () => {
    relate(recipient, acme);
    const content = customer({ owner: bob });
    const { id } = store(recipient, { "@type": "OwnRelationshipAttribute", content, peer: acme });

    expect(judged(thirdPartyQuery(), { existingAttributeId: id })).toBe("attributeQueryMismatch");
  });

  test("#93 a new attribute is no answer, nor is a fact about oneself", () => {
    const own = store(recipient, { "@type": "OwnIdentityAttribute", content: name("Ann", { owner: bob }) });

    expect(judged(thirdPartyQuery(), { newAttribute: customer({ owner: bob }) })).toBe("invalidAcceptParameters");
    expect(judged(thirdPartyQuery(), { existingAttributeId: own.id })).toBe("attributeQueryMismatch");
  });
});
