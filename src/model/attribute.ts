import { identityValueProblem } from "./identity-values.ts";
import type { Json, JsonObject } from "./json.ts";
import { relationshipValueProblem } from "./relationship-values.ts";
import { choiceProblem, flagProblem, isArray, isObject, textProblem } from "./shape.ts";

/** A typed value; which members it has depends on its type (spec/domain.md 6.3, 6.4). */
export type AttributeValue = { readonly "@type": string; readonly [member: string]: Json | undefined };

/** A fact about an identity (spec/domain.md 6.2). */
export type IdentityAttribute = {
  readonly "@type": "IdentityAttribute";
  readonly owner: string;
  readonly value: AttributeValue;
  readonly tags?: readonly string[];
  readonly [member: string]: Json | undefined;
};

/** How far a fact within a Relationship may travel; `private` ones are never shown to third parties. */
export type Confidentiality = "public" | "private" | "protected";

/** A fact that is valid within one Relationship (spec/domain.md 6.2). */
export type RelationshipAttribute = {
  readonly "@type": "RelationshipAttribute";
  readonly owner: string;
  readonly value: AttributeValue;
  readonly key: string;
  readonly isTechnical?: boolean;
  readonly confidentiality: Confidentiality;
  readonly [member: string]: Json | undefined;
};

/** The content of an attribute of either kind. */
export type AttributeContent = IdentityAttribute | RelationshipAttribute;

/** True for facts about an identity. */
export function isIdentityAttribute(content: JsonObject): content is IdentityAttribute {
  return content["@type"] === "IdentityAttribute";
}

/** True for facts within a Relationship. */
export function isRelationshipAttribute(content: JsonObject): content is RelationshipAttribute {
  return content["@type"] === "RelationshipAttribute";
}

/** The type of the content's value; empty where the content has none. */
export function valueTypeOf(content: JsonObject): string {
  const { value } = content;
  const type = isObject(value) ? value["@type"] : undefined;
  return typeof type === "string" ? type : "";
}

/**
 * The first problem of the content of an attribute of either kind, starting with `at`. Members that are not known, such
 * as `validFrom` and `validTo` of the older generation, are kept.
 */
export function attributeProblem(json: Json | undefined, at = "attribute"): string | undefined {
  if (!isObject(json)) return `${at} must be an object`;
  const problem = isIdentityAttribute(json) ? identityProblem(json) : relationshipProblem(json);
  return problem === undefined ? undefined : `${at}.${problem}`;
}

function identityProblem(content: JsonObject): string | undefined {
  return ownerProblem(content, "owner") ?? identityValueProblem(content["value"]) ?? tagListProblem(content["tags"]);
}

function relationshipProblem(content: JsonObject): string | undefined {
  if (!isRelationshipAttribute(content)) return "@type must be IdentityAttribute or RelationshipAttribute";
  return (
    ownerProblem(content, "owner") ??
    relationshipValueProblem(content["value"]) ??
    textProblem(content, "key", keyRule) ??
    flagProblem(content, "isTechnical") ??
    choiceProblem(content, "confidentiality", confidentialities)
  );
}

/** Bounds of the key of a RelationshipAttribute. */
export const keyRule = { max: 100, required: true } as const;

/** How far a RelationshipAttribute may travel. */
export const confidentialities = ["public", "private", "protected"] as const;

/** Addresses of both generations (spec/domain.md 2.1) are shorter, and have nothing that a document key could not carry. */
const address = /^[A-Za-z0-9:.-]{1,200}$/;

/** True for a text that may be somebody's address; whether it is, only its checksum says. */
export function isAddressLike(text: Json | undefined): text is string {
  return typeof text === "string" && address.test(text);
}

/** The problem with a member that names an identity, or leaves it open with an empty text. */
export function ownerProblem(object: JsonObject, member: string): string | undefined {
  const owner = object[member];
  return owner === "" || isAddressLike(owner) ? undefined : `${member} must be an address or an empty text`;
}

const tagsMax = 20;
const tagCharactersMax = 250;

/** The problem with the shape of a list of tags; `tagsProblem` says whether each tag means something. */
export function tagListProblem(tags: Json | undefined): string | undefined {
  if (tags === undefined) return undefined;
  if (!isArray(tags) || tags.length > tagsMax) return `tags must be an array of at most ${tagsMax} texts`;
  const index = tags.findIndex((tag) => typeof tag !== "string" || tag.length > tagCharactersMax);
  if (index >= 0) return `tags[${index}] must be a text of at most ${tagCharactersMax} characters`;
  return new Set(tags).size === tags.length ? undefined : "tags must not have the same tag twice";
}
