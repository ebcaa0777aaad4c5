// Calls about attributes that several tests need.
import { accountOf, addressOf, ask, called } from "./friends.ts";
import type { Actor } from "./stage.ts";

/** The routes of attributes. */
export const path = "/api/v2/Attributes";

/** What tests look at. */
export type Attribute = {
  readonly id: string;
  readonly content: { readonly tags?: string[]; readonly value: { readonly value: string } };
  readonly shareInfo?: { readonly peer: string; readonly sourceAttribute?: string };
  readonly deletionInfo?: { readonly deletionStatus: string };
};

/** The content of an IdentityAttribute. */
export const valued = (type: string, value: string, more: object = {}) => ({
  value: { "@type": type, value },
  ...more,
});
/** Their ids. */
export const idsOf = (attributes: readonly Attribute[]) => attributes.map(({ id }) => id);
/** A list, by what comes after the path. */
export const all = (actor: Actor, query: string): Promise<Attribute[]> =>
  called(actor.call("GET", `${path}${query}`), 200);
/** What the peer has of the actor. */
export const ownShared = (actor: Actor, peer: Actor, more = "") =>
  all(actor, `/Own/Shared/Identity?peer=${addressOf(peer)}${more}`);
/** What the peer has given to the actor. */
export const peerShared = (actor: Actor, peer: Actor, more = "") =>
  all(actor, `/Peer/Shared/Identity?peer=${addressOf(peer)}${more}`);

/** Creates an IdentityAttribute. */
export const create = (actor: Actor, content: object): Promise<Attribute> =>
  called(actor.call("POST", path, { content }), 201);

/** Puts a new version in its place, and gives it. */
export async function succeed(actor: Actor, { id }: Attribute, successorContent: object): Promise<Attribute> {
  return (await called(actor.call("POST", `${path}/${id}/Succeed`, { successorContent }), 201)).successor;
}

/** Shares it by a Request. */
export const share = (from: Actor, to: Actor, { id, content }: Attribute) =>
  ask(from, to, {
    "@type": "ShareAttributeRequestItem",
    mustBeAccepted: true,
    attribute: content,
    sourceAttributeId: id,
  });

/** The names of the events from now on. */
export const heard = (actor: Actor): { names(): string[] } => {
  const names: string[] = [];
  accountOf(actor).events.on("*", ({ namespace }) => void names.push(namespace));
  return { names: () => names };
};

/** A fact within a Relationship. */
export const agreed = (owner: Actor, key: string, value: string) => ({
  "@type": "RelationshipAttribute",
  owner: addressOf(owner),
  key,
  confidentiality: "public",
  value: { "@type": "ProprietaryString", title: "A number", value },
});
