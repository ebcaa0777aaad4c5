// Items of every kind, as small as they may be, with what is wished for put in.
import type { Json, JsonObject } from "rapport/core";
import { fileReference, identityTypes, relationshipTypes, sampleOf } from "./value-samples.ts";

/** The addresses in made-up Requests: ours, the peer's and a third party's. */
export const addresses = {
  self: "did:e:relay.example:dids:1111111111111111111111",
  peer: "did:e:relay.example:dids:2222222222222222222222",
  other: "did:e:relay.example:dids:3333333333333333333333",
};

/** What is left to choose about an item once its wishes are known. Every choice is small where it is simple. */
export interface ItemChoices {
  readonly type: number;
  /** 0: a fact about an identity, 1: one within the Relationship; of queries also 2: IQL and 3: of a third party. */
  readonly variant: number;
  readonly valueType: number;
  readonly isMandatory: boolean;
}

/** Members and pseudo members (`*valueType`, `*key`, `*owner`, `*tags`) that an item is to have, without `content.item.`. */
export type Members = ReadonlyMap<string, Json>;

const own: { readonly [type: string]: readonly string[] } = {
  CreateAttributeRequestItem: ["attribute", "*"],
  ReadAttributeRequestItem: ["query", "*"],
  ShareAttributeRequestItem: ["attribute", "attributeId", "initialAttributePeer", "*"],
  ProposeAttributeRequestItem: ["attribute", "query", "*"],
  FormFieldRequestItem: ["settings"],
  ConsentRequestItem: ["consent", "link", "linkDisplayText", "requiresInteraction"],
  AuthenticationRequestItem: [],
  DeleteAttributeRequestItem: ["attributeId"],
  TransferFileOwnershipRequestItem: ["fileReference", "ownershipToken"],
  FreeTextRequestItem: ["freeText"],
};

const every = ["@type", "mustBeAccepted", "title", "description", "metadata", "requireManualDecision"];

/** The types of items that come with Rapport. */
export const builtInTypes: readonly string[] = Object.keys(own);

const topOf = (member: string) => (member.startsWith("*") ? "*" : (member.split(".")[0] ?? ""));

/** Whether items of this type can have the member; nobody knows that of contributed types. */
function mayHave(type: string, member: string): boolean {
  const top = topOf(member);
  return every.includes(top) || !Object.hasOwn(own, type) || own[type]?.includes(top) === true;
}

/** An item with these members, as far as its type can have them. */
export function itemWith(members: Members, choices: ItemChoices, types: readonly string[]): JsonObject {
  const type = typeFor(members, choices, types);
  const fitting = [...members].filter(([member]) => mayHave(type, member));
  const wanted = new Map(fitting);
  const item: { [member: string]: Json } = {
    "@type": type,
    mustBeAccepted: choices.isMandatory,
    ...bodyOf(type, wanted, choices),
  };
  for (const [member, value] of fitting) if (!member.startsWith("*")) put(item, member, value);
  return item;
}

function typeFor(members: Members, { type }: ItemChoices, types: readonly string[]): string {
  const wanted = members.get("@type");
  if (typeof wanted === "string") return wanted;
  const names = [...members.keys()];
  const fitting = types.filter((one) => names.every((member) => mayHave(one, member)));
  const among = fitting.length === 0 ? types : fitting;
  return among[type % among.length] ?? "CreateAttributeRequestItem";
}

function bodyOf(type: string, wanted: Members, choices: ItemChoices): JsonObject {
  const fact = factOf(wanted, choices);
  switch (type) {
    case "CreateAttributeRequestItem":
      return { attribute: attributeOf(fact, "") };
    case "ReadAttributeRequestItem":
      return { query: queryOf(fact) };
    case "ShareAttributeRequestItem": {
      const third = fact.isWithin ? { initialAttributePeer: addresses.other } : {};
      return { attribute: attributeOf(fact, addresses.peer), attributeId: "ATT00000000000000001", ...third };
    }
    case "ProposeAttributeRequestItem": {
      const proposed = fact.variant === 3 ? { ...fact, variant: 1 } : fact;
      return { attribute: attributeOf(proposed, ""), query: queryOf(proposed) };
    }
    case "FormFieldRequestItem":
      return { title: "A field", settings: { "@type": "StringFormFieldSettings" } };
    case "ConsentRequestItem":
      return { consent: "We may write." };
    case "AuthenticationRequestItem":
      return { title: "Log in" };
    case "DeleteAttributeRequestItem":
      return { attributeId: "ATT00000000000000001" };
    case "TransferFileOwnershipRequestItem":
      return { fileReference, ownershipToken: "token" };
    case "FreeTextRequestItem":
      return { freeText: "Tell us." };
    default:
      return {};
  }
}

/** What an attribute or a query is about. */
interface Fact {
  readonly variant: number;
  /** Within a Relationship, not about an identity. */
  readonly isWithin: boolean;
  readonly valueType: string;
  readonly key: Json;
  readonly owner: string | undefined;
  readonly tags: Json | undefined;
}

const variants: { readonly [type: string]: number } = {
  IdentityAttribute: 0,
  IdentityAttributeQuery: 0,
  RelationshipAttribute: 1,
  RelationshipAttributeQuery: 1,
  IQLQuery: 2,
  ThirdPartyRelationshipAttributeQuery: 3,
};

function factOf(wanted: Members, choices: ItemChoices): Fact {
  const first = (...members: readonly string[]) =>
    members.map((one) => wanted.get(one)).find((one) => one !== undefined);
  const type = first(
    "*valueType",
    "query.valueType",
    "query.attributeCreationHints.valueType",
    "attribute.value.@type",
  );
  const key = first("*key", "attribute.key", "query.key");
  const named = variants[String(first("attribute.@type", "query.@type"))];
  const variant = named ?? variantFor(wanted, { type, key, chosen: choices.variant });
  const isWithin = variant === 1 || variant === 3;
  const types = isWithin ? relationshipTypes : identityTypes;
  const owner = wanted.get("*owner");
  return {
    variant,
    isWithin,
    valueType: typeof type === "string" ? type : (types[choices.valueType % types.length] ?? "GivenName"),
    key: key ?? "a key",
    owner: owner === "self" ? "" : owner === "peer" || owner === "other" ? addresses[owner] : undefined,
    tags: first("*tags"),
  };
}

// What a member is below of says what kind of query it must be.
function variantFor(
  wanted: Members,
  { type, key, chosen }: { readonly type: Json | undefined; readonly key: Json | undefined; readonly chosen: number },
): number {
  if (wanted.has("query.queryString")) return 2;
  if (typeof type === "string" && relationshipTypes.includes(type)) return 1;
  const isAboutIdentity = typeof type === "string" && identityTypes.includes(type);
  if ([...wanted.keys()].some((member) => member.startsWith("query.attributeCreationHints")))
    return isAboutIdentity ? 2 : 1;
  if (wanted.has("query.valueType") || wanted.has("query.tags")) return 0;
  if (isAboutIdentity) return chosen === 2 ? 2 : 0;
  return key === undefined ? chosen : chosen === 3 ? 3 : 1;
}

function attributeOf({ isWithin, valueType, key, owner, tags }: Fact, usual: string): JsonObject {
  const value = sampleOf(valueType);
  if (!isWithin) return { "@type": "IdentityAttribute", owner: owner ?? usual, value, ...tagged(tags) };
  return { "@type": "RelationshipAttribute", owner: owner ?? usual, key, confidentiality: "public", value };
}

function queryOf({ variant, valueType, key, owner, tags }: Fact): JsonObject {
  if (variant === 0) return { "@type": "IdentityAttributeQuery", valueType, ...tagged(tags) };
  if (variant === 2)
    return {
      "@type": "IQLQuery",
      queryString: valueType,
      ...(tags === undefined ? {} : { attributeCreationHints: { valueType, tags } }),
    };
  if (variant === 3)
    return {
      "@type": "ThirdPartyRelationshipAttributeQuery",
      key,
      owner: owner === "" ? "recipient" : "thirdParty",
      thirdParty: [addresses.other],
    };
  const attributeCreationHints = { title: "A title", valueType, confidentiality: "public" };
  return { "@type": "RelationshipAttributeQuery", key, owner: owner ?? "", attributeCreationHints };
}

const tagged = (tags: Json | undefined) => (tags === undefined ? {} : { tags });

/** Puts a value under a dotted path; what lies on the way is copied, as it may be somebody else's. */
export function put(root: { [member: string]: Json }, path: string, value: Json): void {
  const steps = path.split(".");
  const last = steps.pop() ?? "";
  let node = root;
  for (const step of steps) {
    const next = Object.hasOwn(node, step) ? node[step] : undefined;
    const isOpen = typeof next === "object" && next !== null && !Array.isArray(next);
    const inner: { [member: string]: Json } = isOpen ? { ...(next as { [member: string]: Json }) } : {};
    // Defined, not set: a path may have the name of something that every object inherits.
    Object.defineProperty(node, step, { value: inner, enumerable: true, configurable: true, writable: true });
    node = inner;
  }
  Object.defineProperty(node, last, { value, enumerable: true, configurable: true, writable: true });
}
