import type { Json, JsonObject } from "./json.ts";
import { isObject } from "./shape.ts";

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

/** The first problem of the content of an attribute of either kind. */
export function attributeProblem(json: Json | undefined): string | undefined {
  return isObject(json) ? undefined : "attribute must be an object";
}

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
