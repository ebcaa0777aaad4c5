// Two people who have exchanged attributes, by an item that writes what a test needs at both of them.
import type { Account } from "rapport";
import { ItemKind, type JsonObject, type Plugin } from "rapport/core";
import type { PersonOptions } from "rapport/testkit";
import { arbitrary, couple, loadRequest, onDay, only, type Related, yes } from "./scenes.ts";

type Put = { readonly key: string; readonly document: JsonObject };

const putsIn = (item: JsonObject, at: string) => ({ puts: (item[at] ?? []) as unknown as readonly Put[] });

/** Knows the item that carries documents for both sides. */
const exchanging: Plugin = {
  name: "exchanging",
  register: ({ contribute }) =>
    contribute(ItemKind, () => ({
      type: "ExchangeRequestItem",
      parse: () => undefined,
      accept: (item) => ({
        response: { "@type": "AcceptResponseItem", result: "Accepted" },
        effects: putsIn(item, "atRecipient"),
      }),
      apply: (response, item) => (response["result"] === "Accepted" ? putsIn(item, "atSender") : {}),
    })),
};

/** The initiator's name, which the templator was given; and a number that the templator has agreed with the initiator. */
export interface Exchanged extends Related {
  readonly nameId: string;
  readonly numberId: string;
}

/** How far the Relationship has come. */
export type Stage = "Pending" | "Active" | "Terminated";

/** The id of the Request that brought the attributes. */
export const requestId = "REQaaaaaaaaaaaaaaaaa";

/** The content of a name. */
export const nameOf = (value: string, more: JsonObject = {}): JsonObject => ({
  value: { "@type": "GivenName", value },
  ...more,
});

/** The content of a fact within a Relationship. */
export const agreed = (owner: string, value: string, key = "number"): JsonObject => ({
  "@type": "RelationshipAttribute",
  owner,
  key,
  confidentiality: "public",
  value: { "@type": "ProprietaryString", title: "A number", value },
});

/** What an own IdentityAttribute leaves at both sides once it is shared. */
export function shared(given: { readonly id: string; readonly content: JsonObject; from: Account; to: Account }) {
  const { id, content, from, to } = given;
  const details = [
    { id: `ATTFD${id.slice(5)}`, attributeId: id, version: 0, sourceReference: requestId, sharedAt: now },
  ];
  const root = { root: id, version: 0, createdAt: now };
  return {
    atOwner: [{ key: `attributeforwards/${id}~${to.address}`, document: { root: id, peer: to.address, details } }],
    atPeer: [received({ id, content, "@type": "PeerIdentityAttribute", peer: from.address, ...root })],
  };
}

const now = "2030-01-01T00:00:00.000Z";

function received(record: JsonObject & { readonly id: string }): Put {
  return { key: `attributes/${record.id}`, document: { ...record, sourceReference: requestId } };
}

/** What a RelationshipAttribute is at both sides. */
export function between(given: {
  readonly id: string;
  readonly content: JsonObject;
  owner: Account;
  partner: Account;
}) {
  const { id, content, owner, partner } = given;
  const root = { root: id, version: 0, createdAt: now };
  const at = (type: string, peer: string) => received({ id, content, "@type": type, peer, ...root });
  const index = (side: string, peer: string) => ({
    key: `attributekeys/${peer}~${side}~ProprietaryString~${String(content["key"])}`,
    document: { ids: [id] },
  });
  return {
    atOwner: [at("OwnRelationshipAttribute", partner.address), index("own", partner.address)],
    atPeer: [at("PeerRelationshipAttribute", owner.address), index("peer", owner.address)],
  };
}

/** Two people with attributes between them. `more` adds documents at the templator. */
export async function exchanged(
  stage: Stage,
  options: {
    readonly templator?: PersonOptions;
    readonly initiator?: PersonOptions;
    readonly more?: readonly Put[];
  } = {},
): Promise<Exchanged> {
  const withItem = (person: PersonOptions = {}) => ({ ...person, plugins: [exchanging, ...(person.plugins ?? [])] });
  const two = await couple({
    content: arbitrary,
    templator: withItem(options.templator),
    initiator: withItem(options.initiator),
  });
  const [templator, initiator] = [two.templator.account, two.initiator.account];
  const name = await initiator.attributes.create({ content: nameOf("Iris") });
  const numberId = "ATTnumbernumbernumbe";
  const byName = shared({ id: name.id, content: name.content, from: initiator, to: templator });
  const content = agreed(templator.address, "one");
  const byNumber = between({ id: numberId, content, owner: templator, partner: initiator });
  const item = {
    "@type": "ExchangeRequestItem",
    mustBeAccepted: true,
    atSender: [...byName.atPeer, ...byNumber.atOwner, ...(options.more ?? [])],
    atRecipient: [...byName.atOwner, ...byNumber.atPeer],
  };
  const asked = { "@type": "RelationshipTemplateContent", onNewRelationship: { "@type": "Request", items: [item] } };
  const template = await templator.templates.create({ content: asked as unknown as JsonObject, expiresAt: onDay(30) });
  const request = await loadRequest(initiator, template);
  await initiator.requests.incoming.accept(request.id, yes);
  await templator.sync();
  const { id } = only(await templator.relationships.find({ status: "Pending" }));
  if (stage !== "Pending") {
    await templator.relationships.accept(id);
    await initiator.sync();
  }
  if (stage === "Terminated") {
    await initiator.relationships.terminate(id);
    await templator.sync();
  }
  return { ...two, template, id, nameId: name.id, numberId };
}
