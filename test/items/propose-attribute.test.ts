import type { JsonObject } from "rapport/core";
import { beforeEach, describe, expect, test } from "vitest";
import type { ItemDecision } from "../../src/model/decision.ts";
import { customer, customerQuery, iqlQuery, name, nameQuery, propose, thirdPartyQuery } from "./contents.ts";
import { newId } from "./info.ts";
import {
  attributeOf,
  canCreate,
  canDecide,
  codeOf,
  exchange,
  forward,
  requestOf,
  type Side,
  side,
  store,
  succeed,
} from "./two-sides.ts";

const acme = "did:e:acme";
const bob = "did:e:bob";
let sender: Side;
let recipient: Side;

beforeEach(() => {
  sender = side(acme);
  recipient = side(bob);
});

const ask = { item: propose(nameQuery(), name()), customer: propose(customerQuery(), customer()) };
const judged = (item: JsonObject, parameters: JsonObject) =>
  codeOf(
    canDecide({
      recipient,
      sender: acme,
      request: requestOf(item),
      items: [{ accept: true, ...parameters } as ItemDecision],
    }),
  );
const trade = (item: JsonObject, parameters: JsonObject) =>
  exchange(sender, recipient, {
    request: requestOf(item),
    items: [{ accept: true, ...parameters } as ItemDecision],
  }).items[0] as JsonObject;

test.for<[string, JsonObject, JsonObject, RegExp]>([
  ["a third-party query", thirdPartyQuery(), customer(), /query\.@type/],
  ["the wrong kind of attribute", nameQuery(), customer(), /attribute must be of the kind/],
  ["the wrong kind of query", customerQuery(), name(), /attribute must be of the kind/],
  ["another value type", { ...nameQuery(), valueType: "Surname" }, name(), /attribute\.value\.@type must be Surname/],
  [
    "another value type than the hints say",
    { ...iqlQuery("Surname"), attributeCreationHints: { valueType: "Surname" } },
    name(),
    /attribute\.value\.@type must be Surname/,
  ],
])("%s cannot be parsed", ([, query, attribute, problem]) => {
  expect(() => requestOf(propose(query, attribute))).toThrow(problem);
});

describe("canCreate", () => {
  test.for<[string, JsonObject, JsonObject, string]>([
    ["1 IQL that cannot be parsed", iqlQuery("(GivenName"), name(), "invalidRequestItem"],
    ["2 an owner in the query", customerQuery({ owner: bob }), customer(), "invalidRequestItem"],
    ["3 invalid tags in the query", nameQuery({ tags: ["colour:red"] }), name(), "invalidRequestItem"],
    ["#97 4 an owner in the attribute", nameQuery(), name("Ann", { owner: bob }), "invalidRequestItem"],
    ["5 forbidden characters", nameQuery(), name("Анна"), "invalidRequestItem"],
    ["6 invalid tags", nameQuery(), name("Ann", { tags: ["colour:red"] }), "invalidRequestItem"],
    ["#97 7 another key than its own query", customerQuery(), customer({ key: "other" }), "attributeQueryMismatch"],
    ["7 no tag of its own query", nameQuery({ tags: ["x:a"] }), name(), "attributeQueryMismatch"],
    ["a name", nameQuery(), name(), "ok"],
    ["a customer number", customerQuery(), customer(), "ok"],
    ["by IQL", iqlQuery("GivenName"), name(), "ok"],
  ])("%s", ([, query, attribute, code]) => {
    const request = requestOf(propose(query, attribute));

    expect(codeOf(canCreate(sender, bob, request))).toBe(code);
    expect(codeOf(canCreate(sender, undefined, request))).toBe(code);
  });

  test("8 a key that is taken", () => {
    store(sender, { "@type": "PeerRelationshipAttribute", content: customer({ owner: bob }), peer: bob });

    expect(codeOf(canCreate(sender, bob, requestOf(ask.customer)))).toBe("invalidRequestItem");
    expect(codeOf(canCreate(sender, undefined, requestOf(ask.customer)))).toBe("ok");
  });
});

describe("canAccept", () => {
  test.for<[string, JsonObject]>([
    ["neither", {}],
    ["both", { attributeId: newId("ATT"), attribute: name() }],
    ["tags for a new one", { attribute: name(), tags: [] }],
  ])("%s cannot be parsed", ([, parameters]) => {
    expect(judged(ask.item, parameters)).toBe("servalErrorDuringRequestItemProcessing");
  });

  test("1 a RelationshipAttributeQuery wants a new one, 2 unknown, 3 not one's own", () => {
    const content = customer({ owner: bob });
    const { id } = store(recipient, { "@type": "OwnRelationshipAttribute", content, peer: "did:e:eve" });

    expect(judged(ask.customer, { attributeId: id })).toBe("invalidAcceptParameters");
    expect(judged(ask.item, { attributeId: newId("ATT") })).toBe("recordNotFound");
    expect(judged(ask.item, { attributeId: id })).toBe("invalidAcceptParameters");
  });

  test("4 the older version, when the asker has the newer; 5 tags that are added", () => {
    const older = store(recipient, { "@type": "OwnIdentityAttribute", content: name("Ann", { owner: bob }) });
    const tagged = propose(nameQuery({ tags: ["x:a"] }), name("Ann", { tags: ["x:a"] }));

    expect(judged(tagged, { attributeId: older.id })).toBe("attributeQueryMismatch");
    expect(judged(tagged, { attributeId: older.id, tags: ["x:a"] })).toBe("ok");

    forward(recipient, succeed(recipient, older, name("Anna", { owner: bob })), acme);
    expect(judged(ask.item, { attributeId: older.id })).toBe("attributeQueryMismatch");
  });

  test("a characters, b query, c key, d tags", () => {
    expect(judged(ask.item, { attribute: name("Анна") })).toBe("invalidAcceptParameters");
    expect(judged(ask.customer, { attribute: customer({ key: "other" }) })).toBe("attributeQueryMismatch");
    expect(judged(ask.item, { attribute: name("Ann", { tags: ["colour:red"] }) })).toBe("invalidAcceptParameters");

    store(recipient, { "@type": "OwnRelationshipAttribute", content: customer({ owner: bob }), peer: acme });
    expect(judged(ask.customer, { attribute: customer() })).toBe("unexpectedErrorDuringRequestItemProcessing");
    expect(judged({ ...ask.customer, mustBeAccepted: false }, { attribute: customer() })).toBe(
      "invalidAcceptParameters",
    );
  });
});

describe("accept and apply", () => {
  test("as proposed, by sending the proposal back", () => {
    const answer = trade(ask.item, { attribute: name() });

    expect(answer).toMatchObject({
      "@type": "ProposeAttributeAcceptResponseItem",
      attribute: name("Ann", { owner: bob }),
    });
  });

  test("#98 a changed value of the same type is what both keep", () => {
    const { attributeId: id } = trade(ask.item, { attribute: name("Anna") });
    const content = name("Anna", { owner: bob });

    expect(attributeOf(recipient, id)).toMatchObject({ "@type": "OwnIdentityAttribute", content });
    expect(attributeOf(sender, id)).toMatchObject({ "@type": "PeerIdentityAttribute", content });
  });

  test("within the Relationship", () => {
    const { attributeId: id } = trade(ask.customer, { attribute: customer() });

    expect(attributeOf(recipient, id)).toMatchObject({ "@type": "OwnRelationshipAttribute", peer: acme });
    expect(attributeOf(sender, id)).toMatchObject({ "@type": "PeerRelationshipAttribute", peer: bob });
  });

  test("with an attribute that exists, and again, and with its successor", () => {
    const attribute = store(recipient, { "@type": "OwnIdentityAttribute", content: name("Ann", { owner: bob }) });
    const types = [trade(ask.item, { attributeId: attribute.id }), trade(ask.item, { attributeId: attribute.id })];
    const newer = succeed(recipient, attribute, name("Anna", { owner: bob }));

    expect([...types, trade(ask.item, { attributeId: newer.id })].map((answer) => answer["@type"])).toEqual([
      "ProposeAttributeAcceptResponseItem",
      "AttributeAlreadySharedAcceptResponseItem",
      "AttributeSuccessionAcceptResponseItem",
    ]);
    expect(attributeOf(sender, newer.id)).toMatchObject({ succeeds: attribute.id });
  });
});
