// Contents that callers give, as the engine takes them (spec/connector-api.md 5.2).
import { fault, type Json, type JsonObject } from "rapport/core";
import type { Ask } from "../handler.ts";
import { contentGiven } from "../profiles/contents.ts";

/** The content of a new template. Without a type it is wrapped where the profile says so. */
export function templateContent({ body: { content }, profile }: Ask): JsonObject {
  if (content === undefined) throw fault(invalid, "must have required property 'content'");
  if (isTyped(content)) return contentGiven(known(content));
  if (profile.rules.untypedContent === "wrapped")
    return { "@type": "ArbitraryRelationshipTemplateContent", value: content };
  const wanted = "RelationshipTemplateContent or ArbitraryRelationshipTemplateContent";
  throw fault(invalid, `content must be an object whose @type is ${wanted}.`);
}

const invalid = "error.runtime.validation.invalidPropertyValue";

// Types of the published connector's inside: a caller who gives one hears what that type would lack.
const firstMissing: { readonly [type: string]: string } = { Message: "secretKey" };

function known(content: JsonObject): JsonObject {
  const type = String(content["@type"]);
  const missing = Object.hasOwn(firstMissing, type) ? firstMissing[type] : undefined;
  if (missing === undefined || content[missing] !== undefined) return content;
  throw fault("error.runtime.requestDeserialization", `${type}.${missing} :: Value is not defined`);
}

/** The content of a new Relationship, from the member of either generation; undefined when there is none. */
export function creationContent({ body, profile }: Ask): JsonObject | undefined {
  const { content, creationContent: given } = body;
  if (content !== undefined && given !== undefined)
    throw fault(invalid, "content and creationContent are two names of the same. Give one of them.");
  if (given !== undefined) return isTyped(given) ? contentGiven(given) : wrongCreation();
  if (content !== undefined && profile.name === "gen3") throw fault(invalid, "content is called creationContent.");
  return content === undefined ? undefined : fromOlder(content);
}

function wrongCreation(): never {
  const wanted = "RelationshipCreationContent or ArbitraryRelationshipCreationContent";
  throw fault(invalid, `creationContent must be an object whose @type is ${wanted}.`);
}

/** What goes without saying when a Relationship is created with no content (seed 001). */
export const noCreationContent: JsonObject = Object.freeze({
  "@type": "ArbitraryRelationshipCreationContent",
  value: Object.freeze({}),
});

const sameInBoth = ["RelationshipCreationContent", "ArbitraryRelationshipCreationContent"];

function fromOlder(content: Json): JsonObject {
  if (isTyped(content)) {
    const type = String(content["@type"]);
    if (type === "RelationshipCreationChangeRequestContent")
      return contentGiven({ ...content, "@type": "RelationshipCreationContent" });
    if (sameInBoth.includes(type)) return contentGiven(content);
  }
  return { ...noCreationContent, value: content };
}

function isTyped(content: Json): content is JsonObject {
  const isObject = typeof content === "object" && content !== null && !Array.isArray(content);
  return isObject && typeof (content as JsonObject)["@type"] === "string";
}
