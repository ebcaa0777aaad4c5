/** Proposes an attribute of the recipient, who may answer with it or with another that fits the query (spec/domain.md 5.8). */
import { type AttributeContent, isRelationshipAttribute, valueTypeOf } from "../model/attribute.ts";
import { queryProblem } from "../model/attribute-query.ts";
import type { Json, JsonObject } from "../model/json.ts";
import { isObject } from "../model/shape.ts";
import type { Validation } from "../model/validation.ts";
import type { ItemInfo, ItemKind, ItemMoment } from "../ports/item-kind.ts";
import { createApplication } from "./attribute-application.ts";
import { charactersFlaw, contentProblem, ownedBy, tagLooks, tagsFlaw, textsIn } from "./attribute-checks.ts";
import { answerChoice, type ChoiceNames, choiceLooks, choiceNeeds, choiceOf } from "./attribute-choice.ts";
import { alreadyShared, given, givenIn, succession } from "./attribute-responses.ts";
import { judgeChoice } from "./choice-verdict.ts";
import {
  iqlFlaw,
  isRelationshipQuery,
  judgeAnswer,
  matchVerdict,
  queryKeyFlaw,
  queryNeeds,
  queryOf,
  queryTags,
  queryTagsFlaw,
  strictness,
} from "./query-checks.ts";
import { fine, invalidItem } from "./verdicts.ts";

const names: ChoiceNames = { existing: "attributeId", created: "attribute", answer: "ProposeAttribute" };
const types = ["OwnIdentityAttribute"] as const;
const queries = ["IdentityAttributeQuery", "RelationshipAttributeQuery", "IQLQuery"];

const application = createApplication({
  fresh: "ProposeAttributeAcceptResponseItem",
  given: givenIn,
  judge: judgeAnswer,
});

/** Proposes an attribute to the recipient. */
export const proposeAttributeItem: ItemKind = Object.freeze<ItemKind>({
  type: "ProposeAttributeRequestItem",
  parse: (item) => queryProblem(item["query"], queries) ?? contentProblem(item, "attribute") ?? pairProblem(item),
  responses: { ProposeAttributeAcceptResponseItem: given, ...alreadyShared, ...succession },
  looks(item, { decision, response }) {
    if (response !== undefined) return [];
    if (decision !== undefined) return choiceLooks(decision, names);
    return tagLooks(queryTags(queryOf(item)), proposed(item)["tags"]);
  },
  needs,
  canCreate,
  canAccept: (item, decision, info) => judgeChoice(item, choiceOf(decision, names, info.self), { info, types }),
  accept: (_item, decision, info) => answerChoice(choiceOf(decision, names, info.self), names, info),
  canApply: application.canApply,
  apply: application.apply,
});

function proposed(item: JsonObject): AttributeContent {
  return item["attribute"] as unknown as AttributeContent;
}

function pairProblem(item: JsonObject): string | undefined {
  const query = queryOf(item);
  const content = proposed(item);
  if (isRelationshipQuery(query) !== isRelationshipAttribute(content))
    return "attribute must be of the kind that query asks for";
  const wanted = wantedType(query);
  if (wanted === undefined || wanted === valueTypeOf(content)) return undefined;
  return `attribute.value.@type must be ${String(wanted)}, as query asks for it`;
}

function wantedType(query: JsonObject): Json | undefined {
  const hints = query["attributeCreationHints"];
  return query["valueType"] ?? (isObject(hints) ? hints["valueType"] : undefined);
}

function needs(item: JsonObject, moment: ItemMoment): readonly string[] {
  const { info, decision, response } = moment;
  if (response !== undefined) return application.needs(item, moment);
  if (decision === undefined) return queryNeeds(queryOf(item), info);
  return decision.accept ? choiceNeeds(choiceOf(decision, names, info.self), info) : [];
}

function canCreate(item: JsonObject, info: ItemInfo): Validation {
  const query = queryOf(item);
  const content = proposed(item);
  const { self, peer = "", known } = info;
  const syntax = iqlFlaw(query);
  if (syntax !== undefined) return invalidItem(syntax);
  if (isRelationshipQuery(query) && query.owner !== "")
    return invalidItem("The owner in the query must be empty: it is the recipient.");
  const wrongTags = queryTagsFlaw(known, query);
  if (wrongTags !== undefined) return invalidItem(wrongTags);
  if (content.owner !== "") return invalidItem("The owner of the attribute must be empty: it is the recipient.");
  const flaw = charactersFlaw(content) ?? tagsFlaw(known, textsIn(content["tags"]), valueTypeOf(content));
  if (flaw !== undefined) return invalidItem(flaw);
  const match = matchVerdict(ownedBy(content, peer), query, { recipient: peer, asker: self, ...strictness(info) });
  if (!match.isSuccess) return match;
  const key = queryKeyFlaw(query, info);
  return key === undefined ? fine : invalidItem(key);
}
