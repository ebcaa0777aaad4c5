// Objects as the generations show them. Whole objects are held against the clients' own schemas in sdk-4 and sdk-6.
import type { LocalAttribute, MessageView, RelationshipView, RequestView, TemplateView } from "rapport";
import { describe, expect, test } from "vitest";
import { contentGiven } from "../../../src/apps/connector/profiles/contents.ts";
import { type ProfileName, profileNames } from "../../../src/apps/connector/profiles/profile.ts";
import { profileOf } from "../../../src/apps/connector/profiles/profiles.ts";

const profile = (name: ProfileName) => profileOf(name, { legacyRealm: "id1" });
const alice = "did:e:localhost:dids:aaaaaaaaaaaaaaaaaaaaaa";
const bob = "did:e:localhost:dids:bbbbbbbbbbbbbbbbbbbbbb";
const carol = "did:e:localhost:dids:cccccccccccccccccccccc";
const at = (minute: number): string => `2030-01-01T00:0${minute}:00.000Z`;

const key = Buffer.alloc(32, 251);
const reference = Buffer.from(`RLTxxxxxxxxxxxxxxxxx|3|${key.toString("base64url")}||`).toString("base64url");

const template: TemplateView = {
  id: "RLTxxxxxxxxxxxxxxxxx",
  isOwn: true,
  createdBy: alice,
  createdByDevice: "DVCxxxxxxxxxxxxxxxxx",
  createdAt: at(0),
  forIdentity: bob,
  content: { "@type": "ArbitraryRelationshipTemplateContent", value: { free: true } },
  passwordProtection: { password: "secret", passwordLocationIndicator: "SMS" },
  reference: { truncated: reference, url: "http://localhost/r/RLTxxxxxxxxxxxxxxxxx#x" },
  truncatedReference: reference,
  secretKey: key.toString("base64url"),
};

const relationship: RelationshipView = {
  id: "RELabcdefghijklmnopq",
  templateId: template.id,
  status: "Active",
  peer: bob,
  peerIdentity: { address: bob, publicKey: "key" },
  creationContent: { "@type": "ArbitraryRelationshipCreationContent", value: { hello: 1 } },
  responseContent: { customer: 4711 },
  auditLog: [
    { createdAt: at(1), createdBy: bob, createdByDevice: "DVCb", reason: "Creation", newStatus: "Pending" },
    { createdAt: at(2), createdBy: alice, reason: "AcceptanceOfCreation", oldStatus: "Pending", newStatus: "Active" },
  ],
};

describe("the key of an object", () => {
  test("is the one in its reference, in base64, in the generations that have it", () => {
    const keys = profileNames.map((name) => profile(name).template(template)["secretKey"]);

    expect(keys).toEqual([key.toString("base64"), key.toString("base64"), undefined, undefined]);
  });
});

describe("a template", () => {
  test("is for somebody, and protected, from the second generation on", () => {
    const shown = profileNames.map((name) => profile(name).template(template));

    expect(shown.map(({ forIdentity }) => forIdentity)).toEqual([bob, undefined, bob, bob]);
    expect(shown.map(({ passwordProtection }) => passwordProtection)).toEqual([
      template.passwordProtection,
      undefined,
      { password: "secret" },
      template.passwordProtection,
    ]);
    expect(shown.map(({ reference }) => reference !== undefined)).toEqual([true, false, false, true]);
    expect(shown.map(({ truncatedReference }) => truncatedReference !== undefined)).toEqual([true, true, true, false]);
  });
});

describe("the one change of a Relationship", () => {
  test.each([
    ["Active", "AcceptanceOfCreation", "Accepted"],
    ["Terminated", "AcceptanceOfCreation", "Accepted"],
    ["Rejected", "RejectionOfCreation", "Rejected"],
    ["Revoked", "RevocationOfCreation", "Revoked"],
  ])("%s after %s is %s", (status, reason, changeStatus) => {
    const [creation, answer] = relationship.auditLog;
    const auditLog = [creation, { ...answer, reason }] as RelationshipView["auditLog"];
    const shown = profile("gen1").relationship({ ...relationship, status, auditLog }, template);

    expect(shown).toMatchObject({
      status,
      peerIdentity: { realm: "id1" },
      changes: [
        {
          id: "RCHabcdefghijklmnopq",
          type: "Creation",
          status: changeStatus,
          request: { createdBy: bob, createdByDevice: "DVCb", createdAt: at(1), content: { hello: 1 } },
          response: { createdBy: alice, createdByDevice: "", createdAt: at(2), content: { customer: 4711 } },
        },
      ],
    });
    expect(shown).not.toHaveProperty("auditLog");
  });

  test("is pending and without response at first; a Response has its older name", () => {
    const response = { "@type": "Response", result: "Accepted", requestId: "REQ", items: [] };
    const creationContent = { "@type": "RelationshipCreationContent", response };
    const { responseContent: _none, ...view } = { ...relationship, status: "Pending", creationContent };
    const auditLog = relationship.auditLog.slice(0, 1);
    const { changes, creationContent: newer } = profile("union").relationship({ ...view, auditLog }, template) as never;

    expect(newer).toEqual(creationContent);
    expect(changes).toEqual([
      expect.objectContaining({
        status: "Pending",
        request: expect.objectContaining({
          content: { "@type": "RelationshipCreationChangeRequestContent", response },
        }),
      }),
    ]);
    expect((changes as object[])[0]).not.toHaveProperty("response");
  });

  test("what came with an acceptance is in the superset alone, beside the change of the first", () => {
    const shown = profileNames.map((name) => profile(name).relationship(relationship, template)["responseContent"]);

    expect(shown).toEqual([{ customer: 4711 }, undefined, undefined, undefined]);
  });

  test("is only where the generation has it; the third has the template's id instead of the template", () => {
    const shown = profileNames.map((name) => profile(name).relationship(relationship, template));

    expect(shown.map((one) => Object.hasOwn(one, "changes"))).toEqual([true, true, false, false]);
    expect(shown.map((one) => Object.hasOwn(one, "template"))).toEqual([true, true, true, false]);
    expect(shown.map((one) => one["templateId"] !== undefined)).toEqual([true, false, false, true]);
  });
});

describe("contents", () => {
  const item = {
    "@type": "ShareAttributeRequestItem",
    mustBeAccepted: true,
    metadata: { a: 1 },
    initialAttributePeer: carol,
  };
  const group = { "@type": "RequestItemGroup", items: [{ ...item, mustBeAccepted: false }] };
  const request = { "@type": "Request", id: "REQ", items: [item, group] };
  const view = {
    id: "REQ",
    isOwn: true,
    peer: bob,
    createdAt: at(0),
    status: "Completed",
    content: request,
    statusLog: [],
    wasAutomaticallyDecided: true,
    source: { type: "RelationshipTemplate", reference: template.id },
    response: {
      createdAt: at(1),
      content: { "@type": "Response", result: "Accepted", requestId: "REQ", items: [] },
      source: { type: "Relationship", reference: relationship.id },
    },
  } as unknown as RequestView;

  test("of Requests are written for each generation, and read back from all of them", () => {
    const inGen1 = profile("gen1").request(view)["content"];
    const inGen2 = profile("gen2").request(view)["content"];

    expect(inGen1).toMatchObject({
      items: [{ responseMetadata: { a: 1 }, thirdPartyAddress: carol }, { mustBeAccepted: false }],
    });
    expect(inGen2).toMatchObject({ items: [{ metadata: { a: 1 }, thirdPartyAddress: carol }, {}] });
    for (const content of [inGen1, inGen2, request]) expect(contentGiven(content as never)).toEqual(request);
  });

  test("where a Response went is a change in the first generation", () => {
    const sources = profileNames.map((name) => (profile(name).request(view)["response"] as { source: object }).source);
    const now = { type: "Relationship", reference: relationship.id };

    expect(sources).toEqual([now, { type: "RelationshipChange", reference: "RCHabcdefghijklmnopq" }, now, now]);
  });

  test("what the engine notes is not in a LocalRequest of a generation, that it decided by itself is in the third", () => {
    const { gen2, gen3 } = { gen2: profile("gen2").request(view), gen3: profile("gen3").request(view) };

    expect([gen2, gen3].map((one) => Object.hasOwn(one, "statusLog"))).toEqual([false, false]);
    expect([gen2, gen3].map((one) => one["wasAutomaticallyDecided"])).toEqual([undefined, true]);
  });

  test("of messages have no wrapper in the first generation, and mails no format before the third", () => {
    const message = (content: object) => ({ ...envelope, content }) as unknown as MessageView;
    const envelope = {
      id: "MSG",
      isOwn: true,
      createdBy: alice,
      createdByDevice: "D",
      createdAt: at(0),
      recipients: [{ address: bob }],
      attachments: [],
      wasReadAt: at(1),
    };
    const free = message({ "@type": "ArbitraryMessageContent", value: [1] });
    const mail = message({ "@type": "Mail", to: [bob], subject: "s", body: "b", cc: [], bodyFormat: "PlainText" });
    const contents = (view: MessageView) => profileNames.map((name) => profile(name).message(view)["content"]);

    expect(contents(free)).toEqual([free.content, [1], free.content, free.content]);
    expect(contents(mail).map((content) => Object.hasOwn(content as object, "bodyFormat"))).toEqual([
      true,
      false,
      false,
      true,
    ]);
    expect(profileNames.map((name) => profile(name).message(free)["wasReadAt"])).toEqual([
      at(1),
      undefined,
      undefined,
      at(1),
    ]);
  });
});

describe("free content of a peer", () => {
  const strange = {
    "@type": "RelationshipTemplateContent",
    items: [{ items: [null, 7] }, null, [1]],
    onNewRelationship: [],
  };
  const wrapped = (type: string) => ({ "@type": type, value: strange, items: [{ items: [null] }] });

  test.each(profileNames)("is shown as it is, however strange, in %s", (name) => {
    const { template: showTemplate, relationship: showRelationship, message } = profile(name);
    const creationContent = wrapped("ArbitraryRelationshipCreationContent");
    const shown = [
      showTemplate({ ...template, content: wrapped("ArbitraryRelationshipTemplateContent") }),
      showRelationship({ ...relationship, creationContent }, template),
      message({ content: wrapped("ArbitraryMessageContent"), recipients: [], attachments: [] } as never),
    ];

    for (const one of shown) expect(JSON.stringify(one)).toContain(JSON.stringify(strange));
  });
});

describe("attributes before the third generation", () => {
  const own: LocalAttribute = {
    id: "ATTown",
    "@type": "OwnIdentityAttribute",
    createdAt: at(0),
    isDefault: true,
    content: { "@type": "IdentityAttribute", owner: alice, value: { "@type": "GivenName", value: "A" } },
  };
  const copy = {
    id: "ATTFDcopy",
    peer: bob,
    sourceReference: "NOTxxx",
    sharedAt: at(3),
    deletionInfo: { deletionStatus: "DeletedByRecipient", deletionDate: at(4) },
  };
  const third: LocalAttribute = {
    ...own,
    "@type": "ThirdPartyRelationshipAttribute",
    peer: bob,
    sourceReference: "REQxxx",
    initialAttributePeer: carol,
    deletionInfo: { deletionStatus: "DeletedByEmitter", deletionDate: at(4) },
  };

  test("what is one's own is shared with nobody; a copy is an attribute of its own", () => {
    expect(profile("gen2").attribute(own)).toEqual({
      id: "ATTown",
      createdAt: at(0),
      content: own.content,
      isDefault: true,
    });
    expect(profile("gen2").attribute(own, copy)).toEqual({
      id: "ATTFDcopy",
      createdAt: at(3),
      content: own.content,
      shareInfo: { peer: bob, notificationReference: "NOTxxx", sourceAttribute: "ATTown" },
      deletionInfo: { deletionStatus: "DeletedByPeer", deletionDate: at(4) },
    });
  });

  test("what came from a third party says so, and how it went in the older words", () => {
    expect(profile("gen2").attribute(third)).toMatchObject({
      shareInfo: { peer: bob, requestReference: "REQxxx", thirdPartyAddress: carol },
      deletionInfo: { deletionStatus: "DeletedByOwner" },
    });
    expect(profile("gen1").attribute(third)).toEqual({
      id: "ATTown",
      createdAt: at(0),
      content: own.content,
      shareInfo: { peer: bob, requestReference: "REQxxx" },
    });
  });

  test("the superset has both; the third generation keeps its own words", () => {
    expect(profile("union").attribute(third)).toMatchObject({
      "@type": "ThirdPartyRelationshipAttribute",
      sourceReference: "REQxxx",
      shareInfo: { peer: bob },
    });
    expect(profile("gen3").attribute(third)).toEqual(third);
  });
});
