// How people of a simulation decide: item by item, mostly yes, with what the item asks for.
import type { Decision, DecisionItem, ItemDecision, JsonObject } from "rapport/core";
import { type Attribute, nameOf, type Speaker } from "./contents.ts";

/** A decision on a Request. To accept is to say no only where that is allowed. */
export function decisionBy(speaker: Speaker, request: JsonObject, isAccepting: boolean): Decision {
  const items = (request["items"] as readonly JsonObject[]).map((entry): DecisionItem => {
    const children = entry["items"] as readonly JsonObject[] | undefined;
    if (children === undefined) return answerTo(speaker, entry, isAccepting);
    return { items: children.map((item) => answerTo(speaker, item, isAccepting)) };
  });
  return { items };
}

function answerTo(speaker: Speaker, item: JsonObject, isAccepting: boolean): ItemDecision {
  const { draws } = speaker;
  const isFree = item["mustBeAccepted"] !== true;
  if (!isAccepting || (isFree && draws.once(3))) return { accept: false, message: speaker.say() };
  const given = parameters[String(item["@type"])]?.(speaker, item) ?? {};
  return { accept: true, ...given };
}

type Parameters = (speaker: Speaker, item: JsonObject) => JsonObject;

const parameters: { readonly [type: string]: Parameters | undefined } = {
  FreeTextRequestItem: (speaker) => ({ freeText: speaker.say() }),
  FormFieldRequestItem: (speaker, item) => ({ response: fieldAnswer(speaker, item["settings"] as JsonObject) }),
  ReadAttributeRequestItem: (speaker, item) => readAnswer(speaker, item["query"] as JsonObject),
  ProposeAttributeRequestItem: (speaker, item) =>
    speaker.draws.once(2) ? { attribute: item["attribute"] ?? {} } : existing(speaker, item["query"] as JsonObject),
  DeleteAttributeRequestItem: (speaker) => ({ deletionDate: speaker.inDays(speaker.draws.between(1, 6)) }),
};

function fieldAnswer(speaker: Speaker, settings: JsonObject): JsonObject[string] {
  const { draws } = speaker;
  const options = (settings["options"] ?? []) as readonly string[];
  const low = Number(settings["min"] ?? settings["max"] ?? 1);
  switch (settings["@type"]) {
    case "BooleanFormFieldSettings":
      return draws.once(2);
    case "DateFormFieldSettings":
      return speaker.inDays(1);
    case "DoubleFormFieldSettings":
    case "IntegerFormFieldSettings":
      return low;
    case "RatingFormFieldSettings":
      return 1;
    case "SelectionFormFieldSettings":
      return settings["allowMultipleSelection"] === true ? options.slice(0, 1) : (options[0] ?? "");
    default:
      return speaker.say().slice(0, Number(settings["max"] ?? 100)).padEnd(Number(settings["min"] ?? 0), "x");
  }
}

function readAnswer(speaker: Speaker, query: JsonObject): JsonObject {
  const { draws, address } = speaker;
  const type = String(query["@type"]);
  if (type === "ThirdPartyRelationshipAttributeQuery") return existing(speaker, query);
  if (draws.once(2)) return existing(speaker, query);
  if (type === "RelationshipAttributeQuery") {
    const value = { "@type": "ProprietaryString", title: speaker.say(), value: speaker.say() };
    const owner = query["owner"] === "" ? address : query["owner"];
    const key = query["key"] ?? "";
    return { newAttribute: { "@type": "RelationshipAttribute", owner: owner ?? "", key, confidentiality: "public", value } };
  }
  const name = nameOf(speaker, address);
  const valueType = query["valueType"] ?? "GivenName";
  return { newAttribute: { ...name, value: { ...(name["value"] as JsonObject), "@type": valueType } } };
}

// One of one's own that may fit; whether it does is for the engine to say.
function existing(speaker: Speaker, query: JsonObject): JsonObject {
  const { draws, holdings } = speaker;
  const fits = ({ "@type": kind, content, succeededBy }: Attribute): boolean => {
    if (succeededBy !== undefined) return false;
    if (query["key"] !== undefined) return content["key"] === query["key"] && kind.endsWith("RelationshipAttribute");
    const type = (content["value"] as JsonObject)["@type"];
    return kind === "OwnIdentityAttribute" && (query["valueType"] ?? type) === type;
  };
  const one = draws.pick(holdings.all<Attribute>("attributes").filter(fits));
  return { existingAttributeId: one?.id ?? "ATTxxxxxxxxxxxxxxxxx" };
}
