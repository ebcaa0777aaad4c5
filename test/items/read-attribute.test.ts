import type { JsonObject } from "rapport/core";
import { beforeEach, describe, expect, test } from "vitest";
import type { ItemDecision } from "../../src/model/decision.ts";
import { customer, customerQuery, iqlQuery, name, nameQuery, read, thirdPartyQuery } from "./contents.ts";
import { newId } from "./info.ts";
import {
  attributeOf,
  attributesOf,
  canCreate,
  canDecide,
  codeOf,
  exchange,
  forward,
  relate,
  requestOf,
  type Side,
  sharedWith,
  side,
  store,
  succeed,
} from "./two-sides.ts";

const acme = "did:e:acme";
const bob = "did:e:bob";
const eve = "did:e:eve";
let sender: Side;
let recipient: Side;

beforeEach(() => {
  sender = side(acme);
  recipient = side(bob);
});

const own = (content: JsonObject = name("Ann", { owner: bob })) =>
  store(recipient, { "@type": "OwnIdentityAttribute", content });
const withEve = (type: "Own" | "Peer", more: JsonObject = {}) =>
  store(recipient, {
    "@type": `${type}RelationshipAttribute`,
    content: customer({ owner: type === "Own" ? bob : eve, ...more }),
    peer: eve,
    sourceReference: newId("REQ"),
  });
const judged = (query: JsonObject, parameters: JsonObject, more: JsonObject = {}) =>
  codeOf(
    canDecide({
      recipient,
      sender: acme,
      request: requestOf({ ...read(query), ...more }),
      items: [{ accept: true, ...parameters } as ItemDecision],
    }),
  );
const trade = (query: JsonObject, parameters: JsonObject) =>
  exchange(sender, recipient, {
    request: requestOf(read(query)),
    items: [{ accept: true, ...parameters } as ItemDecision],
  }).items[0] as JsonObject;

describe("canCreate", () => {
  test.for<[string, JsonObject, string]>([
    ["1 a third-party query that names the sender", thirdPartyQuery({ thirdParty: [eve, acme] }), "invalidRequestItem"],
    ["1 a third-party query that names the recipient", thirdPartyQuery({ thirdParty: [bob] }), "invalidRequestItem"],
    ["a third-party query", thirdPartyQuery({ thirdParty: [eve, ""] }), "ok"],
    ["2 IQL that cannot be parsed", iqlQuery("GivenName &&"), "invalidRequestItem"],
    ["IQL", iqlQuery("GivenName || #x:a"), "ok"],
    ["3 the recipient as owner", customerQuery({ owner: bob }), "invalidRequestItem"],
    ["the sender as owner", customerQuery({ owner: acme }), "ok"],
    ["4 invalid tags", nameQuery({ tags: ["colour:red"] }), "invalidRequestItem"],
    [
      "4 invalid tags in the hints of IQL",
      { ...iqlQuery("GivenName"), attributeCreationHints: { valueType: "GivenName", tags: ["colour:red"] } },
      "invalidRequestItem",
    ],
    ["tags", nameQuery({ tags: ["x:red"] }), "ok"],
  ])("%s", ([, query, code]) => {
    expect(codeOf(canCreate(sender, bob, requestOf(read(query))))).toBe(code);
  });

  test("5 a key that is taken", () => {
    store(sender, { "@type": "PeerRelationshipAttribute", content: customer({ owner: bob }), peer: bob });
    const creatable = (query: JsonObject, peer?: string) => codeOf(canCreate(sender, peer, requestOf(read(query))));

    expect(creatable(customerQuery(), bob)).toBe("invalidRequestItem");
    expect(creatable(customerQuery({ owner: acme }), bob)).toBe("ok");
    expect(creatable(customerQuery())).toBe("ok");
  });
});

describe("parameters", () => {
  test.for<[string, JsonObject]>([
    ["neither", {}],
    ["both", { existingAttributeId: newId("ATT"), newAttribute: name() }],
    ["a new attribute with tags", { newAttribute: name(), tags: ["x:a"] }],
    ["an id that is none", { existingAttributeId: 7 }],
    ["tags that are none", { existingAttributeId: newId("ATT"), tags: "x:a" }],
    ["a new attribute that is none", { newAttribute: { "@type": "IdentityAttribute" } }],
    ["a new attribute that is too short without its blanks", { newAttribute: phone(" 12 ") }],
  ])("%s cannot be parsed", ([, parameters]) => {
    expect(judged(nameQuery(), parameters)).toBe("servalErrorDuringRequestItemProcessing");
  });
});

describe("canAccept with an existing attribute", () => {
  test("#93 1 a RelationshipAttributeQuery wants a new one", () => {
    expect(judged(customerQuery(), { existingAttributeId: own().id })).toBe("invalidAcceptParameters");
  });

  test.for([newId("ATT"), "nobody", `ATT~${"x".repeat(16)}`])("2 %s is unknown", (existingAttributeId) => {
    expect(judged(nameQuery(), { existingAttributeId })).toBe("recordNotFound");
  });

  test("3 what a peer gave cannot be given away", () => {
    const content = name("Eve", { owner: eve });
    const { id } = store(recipient, { "@type": "PeerIdentityAttribute", content, peer: eve });

    expect(judged(nameQuery(), { existingAttributeId: id })).toBe("invalidAcceptParameters");
  });

  test("#92 4 the older version, when the asker has the newer", () => {
    const older = own();
    const newer = succeed(recipient, older, name("Anna", { owner: bob }));
    forward(recipient, newer, acme);

    expect(judged(nameQuery(), { existingAttributeId: older.id })).toBe("attributeQueryMismatch");
    expect(judged(nameQuery(), { existingAttributeId: newer.id })).toBe("ok");
  });

  test("#94 5 tags of the parameters count before the query is asked", () => {
    const query = nameQuery({ tags: ["x:a", "x:b"] });
    const { id } = own(name("Ann", { owner: bob, tags: ["x:b", "x:c"] }));
    const other = own(name("Bea", { owner: bob, tags: ["x:c"] })).id;

    expect(judged(query, { existingAttributeId: id })).toBe("ok");
    expect(judged(query, { existingAttributeId: other })).toBe("attributeQueryMismatch");
    expect(judged(query, { existingAttributeId: other, tags: ["x:a"] })).toBe("ok");
  });

  test("tags cannot be added to a version that has a successor", () => {
    const older = own();
    succeed(recipient, older, name("Anna", { owner: bob }));

    expect(judged(nameQuery(), { existingAttributeId: older.id, tags: ["x:a"] })).toBe("invalidAcceptParameters");
    expect(judged(nameQuery(), { existingAttributeId: older.id, tags: [] })).toBe("ok");
  });

  test("b an attribute that does not match, and e tags that are not valid", () => {
    const { id } = own();

    expect(judged({ ...nameQuery(), valueType: "Surname" }, { existingAttributeId: id })).toBe(
      "attributeQueryMismatch",
    );
    expect(judged(nameQuery(), { existingAttributeId: id, tags: ["colour:red"] })).toBe("invalidAcceptParameters");
  });

  test("#95 IQL is not evaluated", () => {
    const surname = { ...name(), owner: bob, value: { "@type": "Surname", value: "Smith" } };

    expect(judged(iqlQuery("GivenName"), { existingAttributeId: own(surname).id })).toBe("ok");
  });
});

describe("canAccept with a new attribute", () => {
  test.for<[string, JsonObject, JsonObject, string]>([
    ["a forbidden characters", nameQuery(), name("Анна"), "invalidAcceptParameters"],
    [
      "b another value type",
      nameQuery(),
      { ...name(), value: { "@type": "Surname", value: "A" } },
      "attributeQueryMismatch",
    ],
    ["b somebody else's", nameQuery(), name("Ann", { owner: eve }), "attributeQueryMismatch"],
    ["b of another owner than asked for", customerQuery({ owner: acme }), customer(), "attributeQueryMismatch"],
    ["e invalid tags", nameQuery(), name("Ann", { tags: ["colour:red"] }), "invalidAcceptParameters"],
    ["an empty owner is the recipient", nameQuery(), name(), "ok"],
    ["of the asker, as asked for", customerQuery({ owner: acme }), customer({ owner: acme }), "ok"],
    [
      "of somebody who has no part in it",
      customerQuery({ owner: eve }),
      customer({ owner: eve }),
      "invalidAcceptParameters",
    ],
  ])("%s", ([, query, newAttribute, code]) => {
    expect(judged(query, { newAttribute })).toBe(code);
  });

  test("c a key that is taken", () => {
    store(recipient, { "@type": "OwnRelationshipAttribute", content: customer({ owner: bob }), peer: acme });

    expect(judged(customerQuery(), { newAttribute: customer() })).toBe("unexpectedErrorDuringRequestItemProcessing");
    expect(judged(customerQuery(), { newAttribute: customer() }, { mustBeAccepted: false })).toBe(
      "invalidAcceptParameters",
    );
  });
});

describe("accept and apply", () => {
  test("an own attribute is read, then already shared, then succeeded", () => {
    const attribute = own();
    const first = trade(nameQuery(), { existingAttributeId: attribute.id });
    const again = trade(nameQuery(), { existingAttributeId: attribute.id });
    const newer = succeed(recipient, attribute, name("Anna", { owner: bob }));
    const last = trade(nameQuery(), { existingAttributeId: newer.id });

    expect([first, again, last].map((answer) => answer["@type"])).toEqual([
      "ReadAttributeAcceptResponseItem",
      "AttributeAlreadySharedAcceptResponseItem",
      "AttributeSuccessionAcceptResponseItem",
    ]);
    expect(attributeOf(sender, attribute.id)).toMatchObject({
      "@type": "PeerIdentityAttribute",
      succeededBy: newer.id,
    });
    expect(attributeOf(sender, newer.id)).toMatchObject({ content: newer.content, succeeds: attribute.id });
    expect(sharedWith(recipient, newer, acme).map(({ attributeId }) => attributeId)).toEqual([attribute.id, newer.id]);
  });

  test("tags that are added make a successor, which is what the asker gets", () => {
    const attribute = own();
    const answer = trade(nameQuery(), { existingAttributeId: attribute.id, tags: ["x:a"] });

    expect(answer).toMatchObject({ attribute: { tags: ["x:a"] } });
    expect(attributeOf(recipient, answer["attributeId"])).toMatchObject({ succeeds: attribute.id });
    expect(attributeOf(sender, answer["attributeId"])).toMatchObject({ content: { tags: ["x:a"] } });
  });

  test("a new fact is kept trimmed by both, and a value that exists is used", () => {
    const answer = trade(nameQuery(), { newAttribute: name(" Ann ") });
    const again = trade(nameQuery(), { newAttribute: name("Ann") });

    expect(answer).toMatchObject({ attribute: name("Ann", { owner: bob }) });
    expect(attributeOf(sender, answer["attributeId"])?.content).toEqual(name("Ann", { owner: bob }));
    expect(again).toMatchObject({ attributeId: answer["attributeId"] });
    expect(attributesOf(recipient)).toHaveLength(1);
  });

  test.for([
    ["", "OwnRelationshipAttribute", "PeerRelationshipAttribute"],
    [acme, "PeerRelationshipAttribute", "OwnRelationshipAttribute"],
  ] as const)("a new one within the Relationship, for the owner %j: %s here, %s there", ([owner, here, there]) => {
    const answer = trade(customerQuery({ owner }), { newAttribute: customer({ owner }) });

    expect(attributeOf(recipient, answer["attributeId"])).toMatchObject({ "@type": here, peer: acme });
    expect(attributeOf(sender, answer["attributeId"])).toMatchObject({ "@type": there, peer: bob });
  });

  test("a third party's comes with the name of its partner, and its successor with nothing but itself", () => {
    relate(recipient, eve);
    const attribute = withEve("Peer");
    const first = trade(thirdPartyQuery(), { existingAttributeId: attribute.id });
    const newer = succeed(recipient, attribute, { ...attribute.content, confidentiality: "protected" });
    const last = trade(thirdPartyQuery(), { existingAttributeId: newer.id });

    expect(first).toMatchObject({ initialAttributePeer: eve });
    expect(last["@type"]).toBe("AttributeSuccessionAcceptResponseItem");
    for (const id of [attribute.id, newer.id])
      expect(attributeOf(sender, id)).toMatchObject({
        "@type": "ThirdPartyRelationshipAttribute",
        initialAttributePeer: eve,
        peer: bob,
      });
  });
});

function phone(value: string): JsonObject {
  return name("", { value: { "@type": "PhoneNumber", value } });
}
