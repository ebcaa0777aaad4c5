import type { JsonObject } from "rapport/core";
import { beforeEach, describe, expect, test } from "vitest";
import type { AttributeRecord } from "../../src/model/attribute-records.ts";
import type { ItemDecision } from "../../src/model/decision.ts";
import { customer, name, remove } from "./contents.ts";
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
  now,
  requestOf,
  type Side,
  send,
  sharedWith,
  side,
  store,
  succeed,
  writing,
} from "./two-sides.ts";

const acme = "did:e:acme";
const bob = "did:e:bob";
const eve = "did:e:eve";
const later = "2030-02-01T00:00:00.000Z";
let sender: Side;
let recipient: Side;

beforeEach(() => {
  sender = side(acme);
  recipient = side(bob);
});

const own = () => store(sender, { "@type": "OwnIdentityAttribute", content: name("Acme", { owner: acme }) });
const within = (type: "Own" | "Peer", peer: string) =>
  store(sender, {
    "@type": `${type}RelationshipAttribute`,
    content: customer({ owner: type === "Own" ? acme : peer }),
    peer,
  });
const copyOf = ({ id, content }: AttributeRecord, type: AttributeRecord["@type"] = "PeerIdentityAttribute") =>
  store(recipient, { id, "@type": type, content, peer: acme });
const creatable = (id: string, peer?: string) => codeOf(canCreate(sender, peer, requestOf(remove(id))));
const judged = (id: string, parameters: JsonObject) =>
  codeOf(
    canDecide({
      recipient,
      sender: acme,
      request: requestOf(remove(id)),
      items: [{ accept: true, ...parameters } as ItemDecision],
    }),
  );
const statusOf = (attribute: AttributeRecord, peer = bob) =>
  sharedWith(sender, attribute, peer).map(({ deletionInfo }) => deletionInfo?.deletionStatus);

describe("canCreate", () => {
  test("1 unknown, #4 2 without a recipient, 3 received", () => {
    const attribute = own();
    forward(sender, attribute, bob);
    const content = name("Eve", { owner: eve });
    const received = store(sender, { "@type": "PeerIdentityAttribute", content, peer: bob });

    expect(creatable(newId("ATT"), bob)).toBe("invalidRequestItem");
    expect(creatable(attribute.id)).toBe("invalidRequestItem");
    expect(creatable(received.id, bob)).toBe("invalidRequestItem");
    expect(creatable(attribute.id, bob)).toBe("ok");
  });

  test("4 an own attribute that the recipient does not have, or not for long", () => {
    const attribute = own();
    const mark = (deletionStatus: string) =>
      writing(sender, (ledger) => ledger.markForward(attribute, bob, { deletionStatus, deletionDate: now }));
    expect(creatable(attribute.id, bob)).toBe("invalidRequestItem");

    forward(sender, attribute, bob);
    expect(creatable(attribute.id, eve)).toBe("invalidRequestItem");
    for (const status of ["DeletedByRecipient", "ToBeDeletedByRecipient"]) {
      mark(status);
      expect(creatable(attribute.id, bob)).toBe("invalidRequestItem");
    }
    for (const status of ["DeletionRequestSent", "DeletionRequestRejected"]) {
      mark(status);
      expect(creatable(attribute.id, bob)).toBe("ok");
    }
  });

  test("4 an own attribute within the Relationship with the recipient", () => {
    const { id } = within("Own", bob);
    expect(creatable(id, bob)).toBe("ok");
    expect(creatable(id, eve)).toBe("invalidRequestItem");

    writing(sender, (ledger) => ledger.mark(id, { deletionStatus: "ToBeDeletedByRecipient", deletionDate: later }));
    expect(creatable(id, bob)).toBe("invalidRequestItem");
  });

  test("5 the recipient's own, and what was not forwarded to it", () => {
    const bobs = within("Peer", bob);
    const eves = within("Peer", eve);
    forward(sender, bobs, bob);

    expect(creatable(bobs.id, bob)).toBe("invalidRequestItem");
    expect(creatable(eves.id, bob)).toBe("invalidRequestItem");
    forward(sender, eves, bob);
    expect(creatable(eves.id, bob)).toBe("ok");
  });
});

describe("sent", () => {
  test("#101 it is noted of the attribute and of its predecessors that the recipient has", () => {
    const older = own();
    forward(sender, older, bob);
    const middle = succeed(sender, older, name("Acme Ltd", { owner: acme }));
    const newer = succeed(sender, middle, name("Acme plc", { owner: acme }));
    forward(sender, newer, bob);

    send(sender, bob, requestOf(remove(newer.id)));

    expect(sharedWith(sender, newer, bob)).toMatchObject([
      { attributeId: older.id, deletionInfo: { deletionStatus: "DeletionRequestSent", deletionDate: now } },
      { attributeId: newer.id, deletionInfo: { deletionStatus: "DeletionRequestSent", deletionDate: now } },
    ]);
    expect(sender.events.at(-1)?.name).toBe("consumption.attributeForwardingDetailsChanged");
  });

  test("it is noted on the attribute itself when it exists with the recipient", () => {
    const { id } = within("Own", bob);
    send(sender, bob, requestOf(remove(id)));

    expect(attributeOf(sender, id)).toMatchObject({ deletionInfo: { deletionStatus: "DeletionRequestSent" } });
  });

  test("a copy that is deleted already stays so", () => {
    const older = own();
    forward(sender, older, bob);
    const newer = succeed(sender, older, name("Acme Ltd", { owner: acme }));
    forward(sender, newer, bob);
    writing(sender, (ledger) =>
      ledger.markForward(older, bob, { deletionStatus: "DeletedByRecipient", deletionDate: now }),
    );

    send(sender, bob, requestOf(remove(newer.id)));

    expect(statusOf(newer)).toEqual(["DeletedByRecipient", "DeletionRequestSent"]);
  });
});

describe("canAccept", () => {
  test.for<[JsonObject]>([[{}], [{ deletionDate: 7 }], [{ deletionDate: null }]])(
    "#80 %j is no parameter",
    ([parameters]) => {
      expect(judged(newId("ATT"), parameters)).toBe("servalErrorDuringRequestItemProcessing");
    },
  );

  test("1 an unknown attribute, whatever the date", () => {
    expect(judged(newId("ATT"), { deletionDate: "2020-01-01" })).toBe("ok");
    expect(judged(newId("ATT"), { deletionDate: "soon" })).toBe("ok");
  });

  test("2 what was not received from the asker", () => {
    const mine = store(recipient, { "@type": "OwnIdentityAttribute", content: name("Bob", { owner: bob }) });
    const hers = store(recipient, { "@type": "PeerIdentityAttribute", content: name("E", { owner: eve }), peer: eve });
    const content = customer({ owner: bob });
    const ours = store(recipient, { "@type": "OwnRelationshipAttribute", content, peer: acme });

    for (const { id } of [mine, hers, ours]) expect(judged(id, { deletionDate: later })).toBe("invalidRequestItem");
  });

  test.for([
    ["soon", "invalidAcceptParameters"],
    ["2030-02-30T00:00:00Z", "invalidAcceptParameters"],
    ["2030-02-01T00:00:00", "invalidAcceptParameters"],
    ["9999-12-31T23:59:59-12:00", "invalidAcceptParameters"],
    ["2029-12-31T23:59:59.999Z", "invalidAcceptParameters"],
    [now, "ok"],
    [later, "ok"],
    ["2030-02-01", "ok"],
    ["2030-02-01T00:00:00+01:00", "ok"],
  ] as const)("#101 3, 4 the date %s: %s", ([deletionDate, code]) => {
    expect(judged(copyOf(own()).id, { deletionDate })).toBe(code);
  });
});

describe("accept and apply", () => {
  const accepting = [{ accept: true, deletionDate: "2030-02-01T01:00:00+01:00" }] as const;

  test("#101 accepted, both note when, and the recipient has a deadline for every version", () => {
    const older = own();
    forward(sender, older, bob);
    copyOf(older);
    const newer = succeed(sender, older, name("Acme Ltd", { owner: acme }));
    forward(sender, newer, bob);
    const copy = attributeOf(recipient, older.id);
    const copied = copy && succeed(recipient, copy, newer.content);
    const asked = copied?.id ?? "";

    const request = requestOf(remove(asked));
    const response = decide({ recipient, sender: acme, request, items: accepting });

    expect(response.items).toMatchObject([{ "@type": "DeleteAttributeAcceptResponseItem", deletionDate: later }]);
    const marked = { deletionInfo: { deletionStatus: "ToBeDeleted", deletionDate: later } };
    expect(attributeOf(recipient, older.id)).toMatchObject(marked);
    expect(attributeOf(recipient, asked)).toMatchObject(marked);
    expect(recipient.deadlines).toEqual(
      new Map([
        [`attribute-${asked}`, later],
        [`attribute-${older.id}`, later],
      ]),
    );
    expect(apply(sender, bob, { request: requestOf(remove(newer.id)), response })).toBe("ok");
    expect(statusOf(newer)).toEqual(["ToBeDeletedByRecipient", "ToBeDeletedByRecipient"]);
  });

  test("#101 rejected, which never hides that a copy is gone", () => {
    const attribute = own();
    forward(sender, attribute, bob);
    copyOf(attribute);
    const request = requestOf({ ...remove(attribute.id), mustBeAccepted: false });
    send(sender, bob, request);
    const response = decide({ recipient, sender: acme, request, items: [{ accept: false }] });
    expect(apply(sender, bob, { request, response })).toBe("ok");
    expect(statusOf(attribute)).toEqual(["DeletionRequestRejected"]);

    writing(sender, (ledger) =>
      ledger.markForward(attribute, bob, { deletionStatus: "DeletedByRecipient", deletionDate: now }),
    );
    expect(apply(sender, bob, { request, response })).toBe("ok");
    expect(statusOf(attribute)).toEqual(["DeletedByRecipient"]);
  });

  test("#102 an attribute that the recipient no longer has: a plain answer, and nothing happens", () => {
    const attribute = own();
    forward(sender, attribute, bob);
    const response = exchange(sender, recipient, { request: requestOf(remove(attribute.id)), items: accepting });

    expect(response.items).toEqual([{ "@type": "AcceptResponseItem", result: "Accepted" }]);
    expect(statusOf(attribute)).toEqual(["DeletionRequestSent"]);
    expect(recipient.documents.size).toBe(0);
  });
});
