import type { JsonObject } from "rapport/core";
import { beforeEach, describe, expect, test } from "vitest";
import type { AttributeRecord } from "../../src/model/attribute-records.ts";
import { customer, name, share } from "./contents.ts";
import { newId } from "./info.ts";
import {
  apply,
  attributeOf,
  canCreate,
  canDecide,
  codeOf,
  decide,
  exchange,
  forward,
  relate,
  requestOf,
  type Side,
  sharedWith,
  side,
  store,
  succeed,
  writing,
} from "./two-sides.ts";

const acme = "did:e:acme";
const bob = "did:e:bob";
const eve = "did:e:eve";
const yes = [{ accept: true }] as const;
let sender: Side;
let recipient: Side;

beforeEach(() => {
  sender = side(acme);
  recipient = side(bob);
  relate(sender, eve);
});

const own = (more: JsonObject = {}) =>
  store(sender, { "@type": "OwnIdentityAttribute", content: name("Acme", { owner: acme, ...more }) });
const withEve = (type: "Own" | "Peer" = "Own", more: JsonObject = {}) =>
  store(sender, {
    "@type": `${type}RelationshipAttribute`,
    content: customer({ owner: type === "Own" ? acme : eve, ...more }),
    peer: eve,
  });
const creatable = (item: JsonObject, peer = bob) => codeOf(canCreate(sender, peer, requestOf(item)));
const sharing = ({ id, content, peer }: AttributeRecord) => share(id, content, peer);
const acceptable = (item: JsonObject) =>
  codeOf(canDecide({ recipient, sender: acme, request: requestOf(item), items: yes }));

describe("canCreate", () => {
  test("1 unknown, 2 not one's own, 3 another content", () => {
    const content = name("Eve", { owner: eve });
    const received = store(sender, { "@type": "PeerIdentityAttribute", content, peer: eve });
    const third = store(sender, {
      "@type": "ThirdPartyRelationshipAttribute",
      content: customer({ owner: eve }),
      peer: eve,
      initialAttributePeer: "did:e:x",
    });

    expect(creatable(share(newId("ATT"), name("Acme", { owner: acme })))).toBe("invalidRequestItem");
    expect(creatable(share(received.id, content))).toBe("invalidRequestItem");
    expect(creatable(share(third.id, third.content, eve))).toBe("invalidRequestItem");
    expect(creatable(share(own().id, name("Other", { owner: acme })))).toBe("invalidRequestItem");
  });

  test("#99 4 already shared, unless the recipient has deleted it or will", () => {
    const attribute = own();
    forward(sender, attribute, bob);
    const mark = (deletionStatus: string) =>
      writing(sender, (ledger) => ledger.markForward(attribute, bob, { deletionStatus, deletionDate: "2030-01-01" }));

    expect(creatable(sharing(attribute))).toBe("invalidRequestItem");
    expect(creatable(sharing(attribute), eve)).toBe("ok");
    mark("DeletionRequestSent");
    expect(creatable(sharing(attribute))).toBe("invalidRequestItem");
    mark("ToBeDeletedByRecipient");
    expect(creatable(sharing(attribute))).toBe("ok");
    mark("DeletedByRecipient");
    expect(creatable(sharing(attribute))).toBe("ok");
  });

  test("#99 5 a newer and 6 an older version is shared", () => {
    const older = own();
    const newer = succeed(sender, older, name("Acme Ltd", { owner: acme }));
    forward(sender, older, eve);
    forward(sender, newer, bob);

    expect(creatable(sharing(older), bob)).toBe("invalidRequestItem");
    expect(creatable(sharing(newer), eve)).toBe("invalidRequestItem");
    expect(creatable(sharing(newer), "did:e:x")).toBe("ok");
  });

  test("of an IdentityAttribute: 7 not about oneself, 8 with initialAttributePeer, 9 invalid tags", () => {
    const foreign = store(sender, { "@type": "OwnIdentityAttribute", content: name("Eve", { owner: eve }) });
    const attribute = own();

    expect(creatable(sharing(foreign))).toBe("invalidRequestItem");
    expect(creatable(share(attribute.id, attribute.content, eve))).toBe("invalidRequestItem");
    expect(creatable(sharing(own({ tags: ["colour:red"] })))).toBe("invalidRequestItem");
    expect(creatable(sharing(attribute))).toBe("ok");
    expect(codeOf(canCreate(sender, undefined, requestOf(sharing(attribute))))).toBe("ok");
  });

  test.for([
    ["Active", "ok"],
    [{ Terminated: "quiet" }, "ok"],
    [{ DeletionProposed: "byTemplator" }, "ok"],
    ["Pending", "cannotShareRelationshipAttributeOfPendingRelationship"],
  ] as const)("9 a Relationship with the partner that is %j: %s", ([state, code]) => {
    relate(sender, eve, state);

    expect(creatable(sharing(withEve()))).toBe(code);
  });

  test("of a RelationshipAttribute: 8 the partner, #100 10 initialAttributePeer, 11 the owner, 12 private", () => {
    const attribute = withEve();

    expect(creatable(sharing(attribute), eve)).toBe("invalidRequestItem");
    expect(creatable(share(attribute.id, attribute.content))).toBe("invalidRequestItem");
    expect(creatable(share(attribute.id, attribute.content, "did:e:x"))).toBe("invalidRequestItem");
    expect(creatable(sharing(withEve("Peer", { owner: bob })))).toBe("invalidRequestItem");
    expect(creatable(sharing(withEve("Own", { confidentiality: "private" })))).toBe("invalidRequestItem");
    expect(creatable(sharing(withEve("Peer")))).toBe("ok");
  });
});

describe("canAccept", () => {
  const about = (owner: string, more: JsonObject = {}) => name("Acme", { owner, ...more });
  const id = newId("ATT");

  test.for<[string, JsonObject, string]>([
    ["1 invalid tags", share(id, about(acme, { tags: ["colour:red"] })), "invalidRequestItem"],
    ["2 initialAttributePeer with an IdentityAttribute", share(id, about(acme), eve), "invalidRequestItem"],
    ["#100 3 none with a RelationshipAttribute", share(id, customer({ owner: acme })), "invalidRequestItem"],
    ["about somebody else", share(id, about(eve)), "invalidRequestItem"],
    ["about the recipient itself", share(id, about(bob)), "invalidRequestItem"],
    ["owned by a fourth", share(id, customer({ owner: "did:e:x" }), eve), "invalidRequestItem"],
    ["owned by the recipient", share(id, customer({ owner: bob }), eve), "invalidRequestItem"],
    ["that exists with the recipient", share(id, customer({ owner: acme }), bob), "invalidRequestItem"],
    ["private", share(id, customer({ owner: acme, confidentiality: "private" }), eve), "invalidRequestItem"],
    ["a fact about the sender", share(id, about(acme)), "ok"],
    ["a fact from a Relationship of the sender", share(id, customer({ owner: eve }), eve), "ok"],
  ])("%s", ([, item, code]) => {
    expect(acceptable(item)).toBe(code);
  });

  test("an id that is taken here, by an own attribute or another peer's", () => {
    const mine = store(recipient, { "@type": "OwnIdentityAttribute", content: name("Bob", { owner: bob }) });
    const hers = store(recipient, { "@type": "PeerIdentityAttribute", content: about(eve), peer: eve });

    expect(acceptable(share(mine.id, about(acme)))).toBe("invalidRequestItem");
    expect(acceptable(share(hers.id, about(acme)))).toBe("invalidRequestItem");
  });

  test("two attributes under one id cannot both be accepted", () => {
    const request = requestOf(share(id, about(acme)), share(id, about(acme, { tags: ["x:a"] })));
    const verdict = canDecide({ recipient, sender: acme, request, items: [{ accept: true }, { accept: true }] });

    expect(verdict).toMatchObject({ code: "error.consumption.requests.invalidAcceptParameters", items: [] });
  });
});

describe("accept and apply", () => {
  test("a fact about the sender", () => {
    const attribute = own();
    const response = exchange(sender, recipient, { request: requestOf(sharing(attribute)), items: yes });

    expect(response.items).toEqual([{ "@type": "AcceptResponseItem", result: "Accepted" }]);
    expect(attributeOf(recipient, attribute.id)).toMatchObject({
      "@type": "PeerIdentityAttribute",
      content: attribute.content,
      peer: acme,
    });
    expect(sharedWith(sender, attribute, bob)).toMatchObject([{ attributeId: attribute.id }]);
  });

  test("a fact from a Relationship of the sender", () => {
    const attribute = withEve("Peer");
    exchange(sender, recipient, { request: requestOf(sharing(attribute)), items: yes });

    expect(attributeOf(recipient, attribute.id)).toMatchObject({
      "@type": "ThirdPartyRelationshipAttribute",
      initialAttributePeer: eve,
      peer: acme,
    });
  });

  test("what was about to be deleted stays, when it is shared again", () => {
    const attribute = own();
    const pending = (deletionStatus: string) => ({ deletionStatus, deletionDate: "2031-01-01T00:00:00.000Z" });
    exchange(sender, recipient, { request: requestOf(sharing(attribute)), items: yes });
    writing(recipient, (ledger) => ledger.mark(attribute.id, pending("ToBeDeleted")));
    writing(sender, (ledger) => ledger.markForward(attribute, bob, pending("ToBeDeletedByRecipient")));

    const again = exchange(sender, recipient, { request: requestOf(sharing(attribute)), items: yes });

    expect(again.items).toMatchObject([
      { "@type": "AttributeAlreadySharedAcceptResponseItem", attributeId: attribute.id },
    ]);
    expect(attributeOf(recipient, attribute.id)).not.toHaveProperty("deletionInfo");
    expect(sharedWith(sender, attribute, bob)).toHaveLength(1);
    expect(sharedWith(sender, attribute, bob)[0]).not.toHaveProperty("deletionInfo");
  });

  test("rejected, or gone by the time of the answer, it leaves no trace at the sender", () => {
    const attribute = own();
    const request = requestOf({ ...sharing(attribute), mustBeAccepted: false });
    const rejected = decide({ recipient, sender: acme, request, items: [{ accept: false }] });
    expect(apply(sender, bob, { request, response: rejected })).toBe("ok");
    expect(sharedWith(sender, attribute, bob)).toEqual([]);

    const accepted = decide({ recipient, sender: acme, request, items: yes });
    writing(sender, (ledger) => ledger.remove(attribute.id));
    expect(apply(sender, bob, { request, response: accepted })).toBe("ok");
    expect(sharedWith(sender, attribute, bob)).toEqual([]);
  });
});
