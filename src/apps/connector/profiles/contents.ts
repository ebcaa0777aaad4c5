// Typed contents as the generations write them (spec/connector-api.md 1.14, 5.2; spec/domain.md 2.7). Pure.
import type { Json, JsonObject } from "rapport/core";
import { extended, without } from "./extended.ts";

/** A content in the second generation: no format of mails, and the third party under its older name. */
export const contentInGen2 = (content: JsonObject): JsonObject => rewritten(content, secondGeneration);

/** The same in the first: groups have a flag, metadata of items its older name, and free content no wrapper. */
export function contentInGen1(content: JsonObject): Json {
  const isFree = typeof content["@type"] === "string" && content["@type"].startsWith("Arbitrary");
  return isFree ? (content["value"] ?? null) : rewritten(content, firstGeneration);
}

/** A content as the engine takes it, whichever generation it was written for. */
export const contentGiven = (content: JsonObject): JsonObject => rewritten(content, ours);

/** What becomes of the objects of a content. */
interface Rewriting {
  mail(mail: JsonObject): JsonObject;
  /** Its items are rewritten already. */
  group(group: JsonObject, items: readonly JsonObject[]): JsonObject;
  /** Items of Requests and Responses. */
  item(item: JsonObject): JsonObject;
}

// Of items that share an attribute; the second of them is nowhere else.
const olderNames = [
  ["thirdPartyAddress", "initialAttributePeer"],
  ["sourceAttributeId", "attributeId"],
] as const;

const ours: Rewriting = {
  mail: (mail) => mail,
  group: (group) => without(group, "mustBeAccepted"),
  item: (item) =>
    [...olderNames, ["responseMetadata", "metadata"] as const].reduce(
      (one, [older, newer]) => renamed(one, older, newer),
      item,
    ),
};

const secondGeneration: Rewriting = {
  mail: (mail) => without(mail, "bodyFormat"),
  group: (group) => without(group, "mustBeAccepted"),
  item: (item) =>
    item["@type"] === "ShareAttributeRequestItem"
      ? olderNames.reduce((one, [older, newer]) => renamed(one, newer, older), item)
      : renamed(item, "initialAttributePeer", "thirdPartyAddress"),
};

const firstGeneration: Rewriting = {
  mail: secondGeneration.mail,
  group: (group, items) =>
    extended(group, { mustBeAccepted: items.some((item) => isObject(item) && item["mustBeAccepted"] === true) }),
  item: (item) => renamed(secondGeneration.item(item), "metadata", "responseMetadata"),
};

function rewritten(content: JsonObject, rewriting: Rewriting): JsonObject {
  const inside = (name: string) => {
    const part = content[name];
    return isObject(part) ? { [name]: rewritten(part, rewriting) } : {};
  };
  switch (content["@type"]) {
    case "Mail":
      return rewriting.mail(content);
    case "RelationshipTemplateContent":
      return { ...content, ...inside("onNewRelationship"), ...inside("onExistingRelationship") };
    case "RelationshipCreationContent":
    case "RelationshipCreationChangeRequestContent":
    case "ResponseWrapper":
      return { ...content, ...inside("response") };
    case "Request":
    case "Response":
      return { ...content, items: entriesOf(content, rewriting) };
    // A Request need not say that it is one when it stands where nothing else can.
    case undefined:
      return Array.isArray(content["items"]) ? { ...content, items: entriesOf(content, rewriting) } : content;
    default:
      return content;
  }
}

function entriesOf(content: JsonObject, rewriting: Rewriting): JsonObject[] {
  const items = Array.isArray(content["items"]) ? (content["items"] as readonly Json[]) : [];
  return items.map((entry) => {
    if (!isObject(entry)) return entry as unknown as JsonObject;
    if (!Array.isArray(entry["items"])) return rewriting.item(entry);
    const inner = entriesOf(entry, rewriting);
    const group = { ...entry, items: inner };
    return entry["@type"] === "ResponseItemGroup" ? group : rewriting.group(group, inner);
  });
}

function renamed(object: JsonObject, from: string, to: string): JsonObject {
  const value = object[from];
  return value === undefined ? object : { ...without(object, from), [to]: object[to] ?? value };
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
