// The ResponseItems about attributes, and how they are parsed (spec/domain.md 5.3).
import { instantMsMax } from "../limits.ts";
import type { AttributeContent } from "../model/attribute.ts";
import { instantOf, msOf } from "../model/instant.ts";
import { isInstantText, isIsoDate } from "../model/iso-date.ts";
import type { JsonObject } from "../model/json.ts";
import { choiceProblem, textProblem } from "../model/shape.ts";
import type { Given } from "./attribute-application.ts";
import { attributeIdProblem, contentProblem } from "./attribute-checks.ts";

type Parser = (response: JsonObject) => string | undefined;

const accepted: Parser = (response) => choiceProblem(response, "result", ["Accepted"]);
const peerRule = { min: 1, max: 200 };

/** What the peer has already. */
export const alreadyShared = {
  AttributeAlreadySharedAcceptResponseItem: ((response) =>
    accepted(response) ?? attributeIdProblem(response, "attributeId")) satisfies Parser,
};

/** A newer version of what the peer has. */
export const succession = {
  AttributeSuccessionAcceptResponseItem: ((response) =>
    accepted(response) ??
    attributeIdProblem(response, "predecessorId") ??
    attributeIdProblem(response, "successorId") ??
    contentProblem(response, "successorContent")) satisfies Parser,
};

/** The id under which both keep what was asked to be created. */
export const created: Parser = (response) => accepted(response) ?? attributeIdProblem(response, "attributeId");

/** An attribute with its id. */
export const given: Parser = (response) =>
  accepted(response) ??
  attributeIdProblem(response, "attributeId") ??
  contentProblem(response, "attribute") ??
  textProblem(response, "initialAttributePeer", peerRule);

/** When the peer will delete it. */
export const leaving: Parser = (response) =>
  accepted(response) ??
  (deletionDateIn(response) === undefined ? "deletionDate must be an ISO 8601 date, with time and zone" : undefined);

/** The date in an answer or a decision, in UTC with milliseconds; a day without a time begins at midnight in UTC. */
export function deletionDateIn({ deletionDate: date }: JsonObject): string | undefined {
  if (typeof date !== "string" || !(isInstantText(date) || (isIsoDate(date) && date.length === dayLength)))
    return undefined;
  const ms = msOf(date);
  return ms <= instantMsMax ? instantOf(ms) : undefined;
}

const dayLength = "2030-01-31".length;

/** Accepted, and nothing to add. */
export const plain = { AcceptResponseItem: accepted };

/** The attribute that an answer brings, as it stands there. */
export function givenIn(response: JsonObject): Given {
  const { attribute, initialAttributePeer: third } = response;
  return {
    content: attribute as unknown as AttributeContent,
    ...(typeof third === "string" ? { initialAttributePeer: third } : {}),
  };
}
