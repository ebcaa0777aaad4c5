// A query and what was filled in, as the attribute that answers it (spec/domain.md 5.7, 6.6).

import { answerTypeOf } from "./item-words.ts";
import { type Json, type JsonObject, listIn, objectIn, textIn } from "./json.ts";
import { type Field, fieldsOf } from "./value-types.ts";

/** What has to be filled in for a new answer, with the hints of the query; none when only existing entries will do. */
export function fieldsFor(query: JsonObject): readonly Field[] {
  const type = answerTypeOf(query);
  if (type === "" || query["@type"] === "ThirdPartyRelationshipAttributeQuery") return [];
  const choices = choicesOf(query).map(({ key, displayName }) => ({
    value: String(key),
    label: textIn(displayName) || String(key),
  }));
  return fieldsOf(type).map((field) => (choices.length === 0 ? field : { ...field, choices }));
}

/** The attribute for what was filled in. Its owner is whoever answers, unless the query says otherwise. */
export function answerFor(query: JsonObject, filled: JsonObject): JsonObject {
  const hints = objectIn(query["attributeCreationHints"]);
  const type = answerTypeOf(query);
  if (query["@type"] === "RelationshipAttributeQuery") {
    const titles = type === "Consent" ? {} : kept({ title: hints["title"], description: hints["description"] });
    return {
      "@type": "RelationshipAttribute",
      owner: textIn(query["owner"]),
      key: textIn(query["key"]),
      confidentiality: textIn(hints["confidentiality"]),
      value: { "@type": type, ...titles, ...withKeys(query, filled) },
    };
  }
  const tags = query["tags"] ?? hints["tags"];
  return {
    "@type": "IdentityAttribute",
    owner: "",
    value: { "@type": type, ...filled },
    ...(listIn(tags).length === 0 ? {} : { tags }),
  };
}

/** The parameters that accept an item with an attribute: Read and Propose name them differently. */
export function acceptedWith(item: JsonObject, chosen: { id: string } | { attribute: JsonObject }): JsonObject {
  const isProposal = item["@type"] === "ProposeAttributeRequestItem";
  if ("id" in chosen) return { accept: true, [isProposal ? "attributeId" : "existingAttributeId"]: chosen.id };
  return { accept: true, [isProposal ? "attribute" : "newAttribute"]: chosen.attribute };
}

function choicesOf(query: JsonObject): readonly { readonly key: Json; readonly displayName?: Json | undefined }[] {
  const hints = objectIn(objectIn(query["attributeCreationHints"])["valueHints"]);
  return listIn(hints["values"]).flatMap((entry) => {
    const { key, displayName } = objectIn(entry);
    return key === undefined ? [] : [{ key, displayName }];
  });
}

/** Choices travel as texts through the page; their keys may be numbers or flags. */
function withKeys(query: JsonObject, filled: JsonObject): JsonObject {
  const choice = choicesOf(query).find(({ key }) => String(key) === String(filled["value"]));
  return choice === undefined ? filled : { ...filled, value: choice.key };
}

function kept(members: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
