// What a peer may not do with its answers (src/items/attribute-application.ts).
import type { JsonObject } from "rapport/core";
import { beforeEach, describe, expect, test } from "vitest";
import type { AttributeRecord } from "../../src/model/attribute-records.ts";
import type { Response } from "../../src/model/response.ts";
import { create, customer, customerQuery, name, nameQuery, propose, read, thirdPartyQuery } from "./contents.ts";
import { newId } from "./info.ts";
import { apply, attributeOf, attributesOf, requestOf, type Side, side, store } from "./two-sides.ts";

const acme = "did:e:acme";
const bob = "did:e:bob";
const eve = "did:e:eve";
let sender: Side;

beforeEach(() => {
  sender = side(acme);
});

const answered = (item: JsonObject, type: string, members: JsonObject): string => {
  const response = {
    "@type": "Response",
    result: "Accepted",
    requestId: "REQ00000000000000001",
    items: [{ "@type": `${type}AcceptResponseItem`, result: "Accepted", ...members }],
  } as unknown as Response;
  return apply(sender, bob, { request: requestOf(item), response });
};
const give = (draft: Partial<AttributeRecord>) =>
  store(sender, { "@type": "PeerIdentityAttribute", content: name("Ann", { owner: bob }), peer: bob, ...draft });
const ofBob = name("Ann", { owner: bob });

describe("an id that a peer chooses", () => {
  test.for<[string, Partial<AttributeRecord>]>([
    ["an own attribute", { "@type": "OwnIdentityAttribute", content: name("Ann", { owner: acme }) }],
    ["an attribute of another peer", { peer: eve }],
    ["another attribute of the same peer", { content: name("Bob", { owner: bob }) }],
    ["a third-party attribute", { "@type": "ThirdPartyRelationshipAttribute", initialAttributePeer: eve }],
  ])("must not be that of %s", ([, draft]) => {
    const { id } = give(draft);
    const before = new Map(sender.documents);

    expect(answered(create(name()), "CreateAttribute", { attributeId: id })).toBe("wrongTypeOfAttribute");
    expect(answered(read(nameQuery()), "ReadAttribute", { attributeId: id, attribute: ofBob })).toBe(
      "wrongTypeOfAttribute",
    );
    expect(sender.documents).toEqual(before);
  });

  test("may be that of what it gave before, and then nothing changes", () => {
    const { id } = give({});
    const before = new Map(sender.documents);

    expect(answered(create(name()), "CreateAttribute", { attributeId: id })).toBe("ok");
    expect(answered(read(nameQuery()), "ReadAttribute", { attributeId: id, attribute: ofBob })).toBe("ok");
    expect(sender.documents).toEqual(before);
  });

  test("cannot be used twice in one Response", () => {
    const id = newId("ATT");
    const item = (value: string) => ({
      "@type": "ReadAttributeAcceptResponseItem",
      result: "Accepted",
      attributeId: id,
      attribute: name(value, { owner: bob }),
    });
    const response = {
      "@type": "Response",
      result: "Accepted",
      requestId: "REQ00000000000000001",
      items: [item("Ann"), item("Bob")],
    } as unknown as Response;
    const request = requestOf(read(nameQuery()), read(nameQuery()));

    expect(apply(sender, bob, { request, response })).toBe("wrongTypeOfAttribute");
    expect(attributesOf(sender)).toEqual([]);
  });
});

describe("an answer to another question", () => {
  test.for<[string, JsonObject, JsonObject]>([
    ["somebody else's", nameQuery(), { attribute: name("Ann", { owner: eve }) }],
    ["the asker's own", nameQuery(), { attribute: name("Ann", { owner: acme }) }],
    ["of another type", nameQuery(), { attribute: { ...ofBob, value: { "@type": "Surname", value: "A" } } }],
    ["from a third party, but not asked so", nameQuery(), { attribute: ofBob, initialAttributePeer: eve }],
    ["under another key", customerQuery(), { attribute: customer({ owner: bob, key: "other" }) }],
    ["of the asker instead of the peer", customerQuery(), { attribute: customer({ owner: acme }) }],
    ["without saying whom it exists with", thirdPartyQuery(), { attribute: customer({ owner: bob }) }],
    [
      "private",
      thirdPartyQuery(),
      { attribute: customer({ owner: bob, confidentiality: "private" }), initialAttributePeer: eve },
    ],
    ["of a fourth", thirdPartyQuery(), { attribute: customer({ owner: "did:e:x" }), initialAttributePeer: eve }],
    ["existing with the asker", thirdPartyQuery(), { attribute: customer({ owner: bob }), initialAttributePeer: acme }],
    [
      "existing with somebody unlisted",
      thirdPartyQuery({ thirdParty: ["did:e:x"] }),
      { attribute: customer({ owner: bob }), initialAttributePeer: eve },
    ],
  ])("is refused: %s", ([, query, members]) => {
    expect(answered(read(query), "ReadAttribute", { attributeId: newId("ATT"), ...members })).toBe(
      "attributeQueryMismatch",
    );
    expect(sender.documents.size).toBe(0);
  });

  test("a proposal is held against its query as well", () => {
    const item = propose(nameQuery(), name());
    const attribute = name("Ann", { owner: eve });

    expect(answered(item, "ProposeAttribute", { attributeId: newId("ATT"), attribute })).toBe("attributeQueryMismatch");
  });
});

describe("a succession in an answer", () => {
  const successor = name("Ann", { owner: bob, tags: ["x:new"] });
  const succeed = (predecessorId: string, more: JsonObject = {}) =>
    answered(read(nameQuery()), "AttributeSuccession", {
      predecessorId,
      successorId: newId("ATT"),
      successorContent: successor,
      ...more,
    });

  test("#91 follows what this peer gave, and is announced", () => {
    const { id } = give({});

    expect(succeed(id)).toBe("ok");
    const { succeededBy } = attributeOf(sender, id) ?? {};
    expect(attributeOf(sender, succeededBy)).toMatchObject({ succeeds: id, content: successor, peer: bob });
    expect(sender.events.at(-1)?.name).toBe("consumption.attributeSucceeded");
  });

  test.for<[string, Partial<AttributeRecord>]>([
    ["an own attribute", { "@type": "OwnIdentityAttribute" }],
    ["what another peer gave", { peer: eve, content: name("Ann", { owner: eve }) }],
    ["an attribute of another type", { content: { ...ofBob, value: { "@type": "Surname", value: "A" } } }],
  ])("of %s is left out", ([, draft]) => {
    const { id } = give(draft);
    const before = new Map(sender.documents);

    expect(succeed(id)).toBe("ok");
    expect(sender.documents).toEqual(before);
  });

  test("of something unknown, or succeeded before, is left out", () => {
    const { id } = give({});
    succeed(id);
    const before = new Map(sender.documents);

    expect(succeed(id)).toBe("ok");
    expect(succeed(newId("ATT"))).toBe("ok");
    expect(sender.documents).toEqual(before);
  });

  test("cannot take an id that is taken", () => {
    const { id } = give({});
    const own = give({ "@type": "OwnIdentityAttribute", content: name("Me", { owner: acme }) });

    expect(succeed(id, { successorId: own.id })).toBe("successorMustNotYetExist");
    expect(succeed(id, { successorId: id })).toBe("successorMustNotYetExist");
    expect(attributeOf(sender, own.id)).toEqual(own);
  });

  test("must answer the item: another owner, or another value than was to be created, is refused", () => {
    const { id } = give({});
    const members = { predecessorId: id, successorId: newId("ATT"), successorContent: name("Eve", { owner: bob }) };

    expect(answered(create(name()), "AttributeSuccession", members)).toBe("invalidRequestItem");
    expect(succeed(id, { successorContent: name("Ann", { owner: eve }) })).toBe("attributeQueryMismatch");
  });
});

describe("already shared", () => {
  const pending = { deletionStatus: "ToBeDeleted", deletionDate: "2031-01-01T00:00:00.000Z" };
  const again = (attributeId: string) => answered(read(nameQuery()), "AttributeAlreadyShared", { attributeId });

  test("takes back a pending deletion and its deadline", () => {
    const { id } = give({ deletionInfo: pending });
    sender.deadlines.set(`attribute-${id}`, pending.deletionDate);

    expect(again(id)).toBe("ok");
    expect(attributeOf(sender, id)).not.toHaveProperty("deletionInfo");
    expect(sender.deadlines.size).toBe(0);
  });

  test("does not touch what another peer gave", () => {
    const { id } = give({ peer: eve, deletionInfo: pending });

    expect(again(id)).toBe("ok");
    expect(attributeOf(sender, id)).toMatchObject({ deletionInfo: pending });
  });
});
