import type { JsonObject } from "rapport/core";
import { beforeEach, describe, expect, test } from "vitest";
import { create, customer, name } from "./contents.ts";
import { newId } from "./info.ts";
import {
  apply,
  attributeOf,
  attributesOf,
  canCreate,
  canDecide,
  codeOf,
  decide,
  exchange,
  requestOf,
  type Side,
  sharedWith,
  side,
  store,
  writing,
} from "./two-sides.ts";

const acme = "did:e:acme";
const bob = "did:e:bob";
const yes = [{ accept: true }] as const;
let sender: Side;
let recipient: Side;

beforeEach(() => {
  sender = side(acme);
  recipient = side(bob);
});

const creatable = (attribute: JsonObject) => codeOf(canCreate(sender, bob, requestOf(create(attribute))));
const acceptable = (attribute: JsonObject, more: JsonObject = {}) =>
  canDecide({ recipient, sender: acme, request: requestOf({ ...create(attribute), ...more }), items: yes });
const wrong = { "@type": "GivenName", value: "Анна" };

describe("canCreate", () => {
  test.for<[string, JsonObject, string]>([
    ["1 forbidden characters, even of the sender's", name("", { owner: acme, value: wrong }), "invalidRequestItem"],
    ["#87 2 IdentityAttribute of the sender", name("Ann", { owner: acme }), "invalidRequestItem"],
    ["3 IdentityAttribute of somebody else", name("Ann", { owner: "did:e:x" }), "invalidRequestItem"],
    ["4 invalid tags", name("Ann", { tags: ["colour:red"] }), "invalidRequestItem"],
    ["IdentityAttribute of the recipient", name("Ann", { owner: bob, tags: ["x:red"] }), "ok"],
    ["IdentityAttribute without owner", name(), "ok"],
    ["2 RelationshipAttribute of somebody else", customer({ owner: "did:e:x" }), "invalidRequestItem"],
    ["RelationshipAttribute of the sender", customer({ owner: acme }), "ok"],
    ["RelationshipAttribute without owner", customer(), "ok"],
    ["a phone number that is too short without its blanks", phone(" 12 "), "invalidRequestItem"],
  ])("%s", ([, attribute, code]) => {
    expect(creatable(attribute)).toBe(code);
  });

  test("3 a key that is taken, where an empty owner is the recipient", () => {
    store(sender, { ...held("PeerRelationshipAttribute", bob), peer: bob });

    expect(creatable(customer())).toBe("invalidRequestItem");
    expect(creatable(customer({ owner: bob }))).toBe("invalidRequestItem");
    expect(creatable(customer({ owner: acme }))).toBe("ok");
    expect(creatable(customer({ key: "other" }))).toBe("ok");
  });

  test("a key whose holder was deleted by one side, or is about to be, is free", () => {
    const { id } = store(sender, { ...held("PeerRelationshipAttribute", bob), peer: bob });
    writing(sender, (ledger) => ledger.mark(id, { deletionStatus: "ToBeDeleted", deletionDate: "2031-01-01" }));

    expect(creatable(customer())).toBe("ok");
  });

  test("in a template nobody is the recipient yet", () => {
    const inTemplate = (attribute: JsonObject) => codeOf(canCreate(sender, undefined, requestOf(create(attribute))));

    expect(inTemplate(name())).toBe("ok");
    expect(inTemplate(name("Ann", { owner: bob }))).toBe("invalidRequestItem");
    expect(inTemplate(customer({ owner: bob }))).toBe("invalidRequestItem");
    expect(inTemplate(customer({ owner: acme }))).toBe("ok");
  });
});

describe("canAccept", () => {
  test("1 forbidden characters are the unexpected error of the leaf, with their place", () => {
    const verdict = acceptable(name("", { value: wrong }));

    expect(codeOf(verdict)).toBe("unexpectedErrorDuringRequestItemProcessing");
    expect(verdict.items[0]).toMatchObject({ message: expect.stringContaining("value.value") });
  });

  test("2 a key that is taken: never for a mandatory item, not now for an optional one", () => {
    store(recipient, { ...held("OwnRelationshipAttribute", bob), peer: acme });

    const verdict = acceptable(customer());

    expect(codeOf(verdict)).toBe("unexpectedErrorDuringRequestItemProcessing");
    expect(verdict.items[0]).toMatchObject({ message: expect.stringContaining("customer") });
    expect(codeOf(acceptable(customer(), { mustBeAccepted: false }))).toBe("invalidAcceptParameters");
    expect(codeOf(acceptable(customer({ owner: acme })))).toBe("ok");
  });

  test("3 invalid tags", () => {
    expect(codeOf(acceptable(name("Ann", { tags: ["colour:red"] })))).toBe("invalidRequestItem");
  });

  test.for([name("Ann", { owner: acme }), name("Ann", { owner: "did:e:x" }), customer({ owner: "did:e:x" })])(
    "an attribute of somebody who has no part in it is refused: %j",
    (attribute) => {
      expect(codeOf(acceptable(attribute))).toBe("invalidRequestItem");
    },
  );

  test("more tags than an attribute can have, together with those it has", () => {
    const tags = (from: number) => Array.from({ length: 15 }, (_, index) => `x:${from + index}`);
    exchange(sender, recipient, { request: requestOf(create(name("Ann", { tags: tags(0) }))), items: yes });

    expect(codeOf(acceptable(name("Ann", { tags: tags(5) })))).toBe("ok");
    expect(codeOf(acceptable(name("Ann", { tags: tags(15) })))).toBe("invalidRequestItem");
  });
});

describe("accept and apply", () => {
  const trade = (attribute: JsonObject) =>
    exchange(sender, recipient, { request: requestOf(create(attribute)), items: yes }).items[0] as JsonObject;

  test("#88 an empty owner is the recipient, and both keep the attribute under one id", () => {
    const answer = trade(name(" Ann "));
    const id = answer["attributeId"];
    const content = name("Ann", { owner: bob });

    expect(answer["@type"]).toBe("CreateAttributeAcceptResponseItem");
    expect(attributeOf(recipient, id)).toMatchObject({ "@type": "OwnIdentityAttribute", content });
    expect(attributeOf(sender, id)).toMatchObject({
      "@type": "PeerIdentityAttribute",
      content,
      peer: bob,
      sourceReference: "REQ00000000000000001",
    });
    expect(recipient.events.map((event) => event.name)).toEqual([
      "consumption.attributeCreated",
      "consumption.attributeForwardingDetailsChanged",
    ]);
    expect(sender.events.map((event) => event.name)).toEqual(["consumption.attributeCreated"]);
  });

  test.for([
    ["", "OwnRelationshipAttribute", "PeerRelationshipAttribute", bob],
    [bob, "OwnRelationshipAttribute", "PeerRelationshipAttribute", bob],
    [acme, "PeerRelationshipAttribute", "OwnRelationshipAttribute", acme],
  ] as const)("a RelationshipAttribute of %j is %s here and %s there", ([owner, here, there, owned]) => {
    const id = trade(customer({ owner }))["attributeId"];
    const content = customer({ owner: owned });

    expect(attributeOf(recipient, id)).toMatchObject({ "@type": here, content, peer: acme });
    expect(attributeOf(sender, id)).toMatchObject({ "@type": there, content, peer: bob });
  });

  test("#89 a value that the recipient has shared before is already shared", () => {
    const id = trade(name())["attributeId"];

    expect(trade(name(" Ann"))).toMatchObject({
      "@type": "AttributeAlreadySharedAcceptResponseItem",
      attributeId: id,
    });
    expect(attributesOf(recipient)).toHaveLength(1);
    expect(attributesOf(sender)).toHaveLength(1);
  });

  test("#90 a value that the recipient has gets the tags it lacks, and the successor is shared", () => {
    const { id } = store(recipient, {
      "@type": "OwnIdentityAttribute",
      content: name("Ann", { owner: bob, tags: ["x:a"] }),
    });

    const answer = trade(name("Ann", { tags: ["x:b"] }));
    const successor = attributeOf(recipient, answer["attributeId"]);

    expect(answer["@type"]).toBe("CreateAttributeAcceptResponseItem");
    expect(successor).toMatchObject({ succeeds: id, content: { tags: ["x:a", "x:b"] } });
    expect(attributeOf(recipient, id)).toMatchObject({ succeededBy: successor?.id });
    expect(recipient.events.map((event) => event.name)).toContain("consumption.attributeSucceeded");
  });

  test("a value that the peer has with fewer tags is succeeded at both", () => {
    const first = trade(name());
    const answer = trade(name("Ann", { tags: ["x:a"] }));

    expect(answer).toMatchObject({
      "@type": "AttributeSuccessionAcceptResponseItem",
      predecessorId: first["attributeId"],
      successorContent: { tags: ["x:a"] },
    });
    expect(attributeOf(sender, answer["successorId"])).toMatchObject({ succeeds: first["attributeId"] });
    expect(sender.events.at(-1)?.name).toBe("consumption.attributeSucceeded");
  });

  test("a pending deletion is taken back at both when the value is given again", () => {
    const id = String(trade(name())["attributeId"]);
    const pending = (deletionStatus: string) => ({ deletionStatus, deletionDate: "2031-01-01T00:00:00.000Z" });
    writing(sender, (ledger) => ledger.mark(id, pending("ToBeDeleted")));
    writing(recipient, (ledger) => {
      const attribute = ledger.attribute(id);
      if (attribute !== undefined) ledger.markForward(attribute, acme, pending("ToBeDeletedByRecipient"));
    });
    sender.deadlines.set(`attribute-${id}`, "2031-01-01T00:00:00.000Z");

    trade(name());

    const attribute = attributeOf(recipient, id);
    expect(attribute && sharedWith(recipient, attribute, acme)).toMatchObject([{ attributeId: id }]);
    expect(attribute && sharedWith(recipient, attribute, acme)[0]).not.toHaveProperty("deletionInfo");
    expect(attributeOf(sender, id)).not.toHaveProperty("deletionInfo");
    expect(sender.deadlines.size).toBe(0);
  });

  test("a rejected item changes nothing at either side", () => {
    const request = requestOf({ ...create(name()), mustBeAccepted: false });
    const response = decide({ recipient, sender: acme, request, items: [{ accept: false }] });

    expect(apply(sender, bob, { request, response })).toBe("ok");
    expect([...recipient.documents, ...sender.documents]).toEqual([]);
  });
});

function phone(value: string): JsonObject {
  return name("", { value: { "@type": "PhoneNumber", value } });
}

/** What the attribute of that owner is before it has a peer. */
function held(type: "OwnRelationshipAttribute" | "PeerRelationshipAttribute", owner: string) {
  return { "@type": type, content: customer({ owner }), sourceReference: newId("REQ") };
}
