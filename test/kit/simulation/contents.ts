// What people of a simulation say and ask: every kind of item, and a mark in every text that is nobody else's business.
import fc from "fast-check";
import type { JsonObject } from "rapport/core";
import { arbitraryRequest } from "../arbitraries.ts";
import { identityAttribute } from "../attribute-arbitraries.ts";
import type { Draws } from "./draws.ts";
import type { Holdings } from "./holdings.ts";
import { markerWord } from "./plaintext-watch.ts";

/** Who says it, with what they have at hand. */
export interface Speaker {
  readonly draws: Draws;
  readonly holdings: Holdings;
  readonly address: string;
  /** Whom it is for, if that is known. */
  readonly peer: string | undefined;
  /** A text that nobody else says, with the mark in it. */
  say(): string;
  /** An instant some days from now. */
  inDays(days: number): string;
}

/** An attribute as stores keep it. */
export type Attribute = {
  readonly id: string;
  readonly "@type": string;
  readonly content: JsonObject;
  readonly peer?: string;
  readonly succeededBy?: string;
  readonly deletionInfo?: JsonObject;
};

type File = { readonly id: string; readonly isOwn: boolean };

/** A name of somebody; an empty owner is the recipient. */
export function nameOf(speaker: Speaker, owner: string): JsonObject {
  const type = speaker.draws.pick(["GivenName", "Surname", "DisplayName"]) ?? "GivenName";
  return { "@type": "IdentityAttribute", owner, value: { "@type": type, value: speaker.say() } };
}

/** Any IdentityAttribute of one's own. */
export function ownAttribute(speaker: Speaker): JsonObject {
  const { draws, address } = speaker;
  if (draws.once(2)) return nameOf(speaker, address);
  const drawn = sampleOf(identityAttribute(address), draws);
  return { ...drawn, tags: [`x:${speaker.say()}`] };
}

function sampleOf<T>(arbitrary: fc.Arbitrary<T>, draws: Draws): T {
  const [sample] = fc.sample(arbitrary, { numRuns: 1, seed: draws.below(2 ** 31) });
  return sample as T;
}

const relationshipAttribute = (speaker: Speaker, owner: string, key: string): JsonObject => ({
  "@type": "RelationshipAttribute",
  owner,
  key,
  confidentiality: speaker.draws.pick(["public", "private", "protected"]) ?? "public",
  value: { "@type": "ProprietaryString", title: speaker.say(), value: speaker.say() },
});

const keyOf = ({ draws }: Speaker): string => `key-${draws.below(6)}`;

const relationshipQuery = (speaker: Speaker): JsonObject => ({
  "@type": "RelationshipAttributeQuery",
  owner: "",
  key: keyOf(speaker),
  attributeCreationHints: { title: speaker.say(), valueType: "ProprietaryString", confidentiality: "public" },
});

type MakeItem = (speaker: Speaker) => JsonObject | undefined;

/** An item of each kind. Some need something that the asker has, or a known peer. */
const itemMakers: readonly MakeItem[] = [
  (speaker) => ({ "@type": "ConsentRequestItem", consent: speaker.say() }),
  (speaker) => ({ "@type": "AuthenticationRequestItem", title: speaker.say() }),
  (speaker) => ({ "@type": "FreeTextRequestItem", freeText: speaker.say() }),
  (speaker) => ({
    "@type": "FormFieldRequestItem",
    title: speaker.say(),
    settings: { "@type": "StringFormFieldSettings", max: 100 },
  }),
  (speaker) => ({ "@type": "CreateAttributeRequestItem", attribute: nameOf(speaker, "") }),
  (speaker) => ({
    "@type": "CreateAttributeRequestItem",
    attribute: relationshipAttribute(speaker, speaker.draws.once(2) ? "" : speaker.address, keyOf(speaker)),
  }),
  (speaker) => ({
    "@type": "ReadAttributeRequestItem",
    query: {
      "@type": "IdentityAttributeQuery",
      valueType: speaker.draws.pick(["GivenName", "Surname", "DisplayName"]) ?? "GivenName",
    },
  }),
  (speaker) => ({ "@type": "ReadAttributeRequestItem", query: relationshipQuery(speaker) }),
  (speaker) => ({
    "@type": "ReadAttributeRequestItem",
    query: {
      "@type": "ThirdPartyRelationshipAttributeQuery",
      owner: speaker.draws.pick(["", "thirdParty", "recipient"]) ?? "",
      key: keyOf(speaker),
      thirdParty: [""],
    },
  }),
  () => ({ "@type": "ReadAttributeRequestItem", query: { "@type": "IQLQuery", queryString: "GivenName || Surname" } }),
  (speaker) => {
    const attribute = nameOf(speaker, "");
    const valueType = (attribute["value"] as JsonObject)["@type"] ?? "GivenName";
    return { "@type": "ProposeAttributeRequestItem", query: { "@type": "IdentityAttributeQuery", valueType }, attribute };
  },
  share,
  (speaker) => {
    const shared = speaker.holdings.all<{ peer: string; details: readonly { attributeId: string }[] }>("attributeforwards");
    const detail = speaker.draws.pick(shared.filter(({ peer }) => peer === speaker.peer))?.details.at(-1);
    return detail === undefined
      ? undefined
      : { "@type": "DeleteAttributeRequestItem", attributeId: detail.attributeId };
  },
];

function share({ draws, holdings }: Speaker): JsonObject | undefined {
  const own = holdings.all<Attribute>("attributes").filter(({ "@type": type, succeededBy }) => {
    return (type === "OwnIdentityAttribute" || type.endsWith("RelationshipAttribute")) && succeededBy === undefined;
  });
  const one = draws.pick(own);
  if (one === undefined) return undefined;
  const from = one["@type"] === "OwnIdentityAttribute" ? {} : { initialAttributePeer: one.peer ?? "" };
  return { "@type": "ShareAttributeRequestItem", attributeId: one.id, attribute: one.content, ...from };
}

/** A File of one's own to hand over, as its views show it. */
export interface Handover {
  readonly reference: string;
  readonly token: string;
}

/** A Request with one to four items, some of them in groups. */
export function requestBy(speaker: Speaker, handover?: Handover): JsonObject {
  const { draws } = speaker;
  const expiry = draws.once(4) ? { expiresAt: speaker.inDays(draws.between(1, 9)) } : {};
  if (draws.once(5)) {
    const { expiresAt: _expiresAt, ...drawn } = sampleOf(arbitraryRequest, draws);
    return { ...drawn, ...expiry, title: speaker.say() };
  }
  const items = Array.from({ length: draws.between(1, 3) }, () => drawnItem(speaker));
  if (handover !== undefined) items.push(handing(handover));
  const [first, ...others] = items;
  const grouped = draws.once(4) && first !== undefined;
  const shown = grouped ? [{ "@type": "RequestItemGroup", title: speaker.say(), items: [first] }, ...others] : items;
  return { "@type": "Request", title: speaker.say(), ...expiry, items: shown };
}

const handing = ({ reference, token }: Handover): JsonObject => ({
  "@type": "TransferFileOwnershipRequestItem",
  fileReference: reference,
  ownershipToken: token,
  mustBeAccepted: true,
});

function drawnItem(speaker: Speaker): JsonObject {
  const { draws } = speaker;
  const made = draws.pick(itemMakers)?.(speaker) ?? { "@type": "ConsentRequestItem", consent: speaker.say() };
  const manual = draws.once(6) ? { requireManualDecision: true } : {};
  return { ...made, mustBeAccepted: !draws.once(3), ...manual };
}

/** A Mail or something free. */
export function messageBy(speaker: Speaker, to: readonly string[]): JsonObject {
  if (speaker.draws.once(3)) return { "@type": "ArbitraryMessageContent", value: { text: speaker.say() } };
  return { "@type": "Mail", to: [...to], subject: speaker.say(), body: `${speaker.say()}\n**${speaker.say()}**` };
}

/** The bytes of a File. */
export function bytesBy(speaker: Speaker): Uint8Array {
  return new Uint8Array(Buffer.from(speaker.say().repeat(speaker.draws.between(1, 20))));
}

/** Own Files that messages can carry. */
export function ownFiles(holdings: Holdings): string[] {
  return holdings
    .all<File>("files")
    .filter(({ isOwn }) => isOwn)
    .map(({ id }) => id);
}
