/** Asks the recipient for an attribute, by a query of any kind (spec/domain.md 5.7). */
import { queryProblem } from "../model/attribute-query.ts";
import type { JsonObject } from "../model/json.ts";
import type { Validation } from "../model/validation.ts";
import type { ItemInfo, ItemKind, ItemMoment } from "../ports/item-kind.ts";
import { createApplication } from "./attribute-application.ts";
import { tagLooks } from "./attribute-checks.ts";
import { answerChoice, type ChoiceNames, choiceLooks, choiceNeeds, choiceOf } from "./attribute-choice.ts";
import { alreadyShared, given, givenIn, succession } from "./attribute-responses.ts";
import { judgeChoice } from "./choice-verdict.ts";
import {
  iqlFlaw,
  isRelationshipQuery,
  isThirdPartyQuery,
  judgeAnswer,
  queryKeyFlaw,
  queryNeeds,
  queryOf,
  queryTags,
  queryTagsFlaw,
} from "./query-checks.ts";
import { fine, invalidItem } from "./verdicts.ts";

const names: ChoiceNames = { existing: "existingAttributeId", created: "newAttribute", answer: "ReadAttribute" };
const types = ["OwnIdentityAttribute", "OwnRelationshipAttribute", "PeerRelationshipAttribute"] as const;

const application = createApplication({
  fresh: "ReadAttributeAcceptResponseItem",
  given: givenIn,
  judge: judgeAnswer,
});

/** Reads an attribute of the recipient. */
export const readAttributeItem: ItemKind = Object.freeze<ItemKind>({
  type: "ReadAttributeRequestItem",
  parse: (item) => queryProblem(item["query"]),
  responses: { ReadAttributeAcceptResponseItem: given, ...alreadyShared, ...succession },
  looks(item, { decision, response }) {
    if (response !== undefined) return [];
    return decision === undefined ? tagLooks(queryTags(queryOf(item))) : choiceLooks(decision, names);
  },
  needs,
  canCreate,
  canAccept: (item, decision, info) => judgeChoice(item, choiceOf(decision, names, info.self), { info, types }),
  accept: (_item, decision, info) => answerChoice(choiceOf(decision, names, info.self), names, info),
  canApply: application.canApply,
  apply: application.apply,
});

function needs(item: JsonObject, moment: ItemMoment): readonly string[] {
  const { info, decision, response } = moment;
  if (response !== undefined) return application.needs(item, moment);
  if (decision === undefined) return queryNeeds(queryOf(item), info);
  return decision.accept ? choiceNeeds(choiceOf(decision, names, info.self), info) : [];
}

function canCreate(item: JsonObject, info: ItemInfo): Validation {
  const query = queryOf(item);
  const { self, peer, known } = info;
  if (isThirdPartyQuery(query) && query.thirdParty.some((one) => one === self || one === peer))
    return invalidItem("thirdParty must name neither yourself nor the recipient.");
  const syntax = iqlFlaw(query);
  if (syntax !== undefined) return invalidItem(syntax);
  if (isRelationshipQuery(query) && query.owner !== "" && query.owner !== self)
    return invalidItem("The owner must be yourself or, left empty, the recipient.");
  const flaw = queryTagsFlaw(known, query) ?? queryKeyFlaw(query, info);
  return flaw === undefined ? fine : invalidItem(flaw);
}
