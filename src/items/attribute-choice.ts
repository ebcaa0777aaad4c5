// What the recipient answers a query with: an attribute it has, or a new one (spec/domain.md 5.7, 5.8).
import { type AttributeContent, attributeProblem, isIdentityAttribute, tagListProblem } from "../model/attribute.ts";
import type { AttributeRecord } from "../model/attribute-records.ts";
import type { ItemDecision } from "../model/decision.ts";
import { isId } from "../model/ids.ts";
import type { Json, JsonObject } from "../model/json.ts";
import { isObject } from "../model/shape.ts";
import type { ItemEffects, ItemInfo } from "../ports/item-kind.ts";
import { identityOf, keptFlaw, ownedBy, partnerNeeds, peerOf, tagLooks } from "./attribute-checks.ts";
import { attributeIn, identityNeeds, lineNeeds, valueNeeds, valuesKey } from "./attribute-keys.ts";
import { createLedger } from "./attribute-ledger.ts";
import { type Asker, accepted, answerWithOwn, answerWithVersion, withTags } from "./own-identity-answer.ts";

/** How a kind calls the parameters, and what its answers are called. */
export interface ChoiceNames {
  readonly existing: string;
  readonly created: string;
  /** The beginning of the type of ResponseItem for attributes that the asker has no version of. */
  readonly answer: string;
}

/** The parameters of accepting. */
export type Choice =
  | { readonly is: "existing"; readonly id: string; readonly tags?: readonly string[] }
  | { readonly is: "new"; readonly content: AttributeContent }
  | { readonly is: "malformed"; readonly problem: string };

/** The parameters, parsed; self is whom an empty owner stands for. */
export function choiceOf(decision: ItemDecision, { existing, created }: ChoiceNames, self: string): Choice {
  const { [existing]: id, [created]: attribute, tags } = decision as JsonObject;
  if ((id === undefined) === (attribute === undefined)) return malformed(`Give either ${existing} or ${created}.`);
  if (attribute === undefined) return existingOf(id, tags, existing);
  if (tags !== undefined) return malformed(`tags go with ${existing}; put them into ${created}.`);
  const problem = attributeProblem(attribute, created);
  if (problem !== undefined) return malformed(`${problem}.`);
  const content = ownedBy(attribute as AttributeContent, self);
  const flaw = keptFlaw(content);
  return flaw === undefined ? { is: "new", content } : malformed(flaw);
}

function existingOf(id: Json | undefined, tags: Json | undefined, member: string): Choice {
  if (typeof id !== "string") return malformed(`${member} must be the id of an attribute.`);
  const problem = tagListProblem(tags);
  if (problem !== undefined) return malformed(`${problem}.`);
  return tags === undefined ? { is: "existing", id } : { is: "existing", id, tags: tags as readonly string[] };
}

function malformed(problem: string): Choice {
  return { is: "malformed", problem };
}

/** The question for the tags of a decision. */
export function choiceLooks(decision: ItemDecision, { created }: ChoiceNames) {
  const { tags, [created]: attribute } = decision as JsonObject;
  return tagLooks(tags, isObject(attribute) ? attribute["tags"] : undefined);
}

/** The documents that judging and carrying out the choice look at. */
export function choiceNeeds(choice: Choice, info: ItemInfo): readonly string[] {
  const { known, self } = info;
  const peer = peerOf(info);
  if (choice.is === "malformed") return [];
  if (choice.is === "new") {
    const { content } = choice;
    if (isIdentityAttribute(content)) return valueNeeds(known, content.value, peer);
    return identityNeeds(known, identityOf(content, { self, peer }));
  }
  if (!isId(choice.id, "ATT")) return [];
  const line = lineNeeds(known, choice.id, peer);
  const attribute = attributeIn(known, choice.id);
  if (attribute === undefined) return line;
  if (attribute["@type"] === "OwnIdentityAttribute")
    return [...line, valuesKey(attribute.content["value"] as JsonObject)];
  return attribute.peer === undefined ? line : [...line, ...partnerNeeds(known, attribute.peer)];
}

/** Carries out a choice that was judged to be fine. */
export function answerChoice(
  choice: Choice,
  names: ChoiceNames,
  info: ItemInfo,
): { response: JsonObject; effects: ItemEffects } {
  const { self, requestId: sourceReference = "" } = info;
  const peer = peerOf(info);
  const ledger = createLedger(info);
  const asker: Asker = { peer, sourceReference, fresh: (attribute) => fresh(attribute, names) };
  const done = (response: JsonObject) => ({ response, effects: ledger.effects() });
  if (choice.is === "existing") {
    const attribute = ledger.attribute(choice.id) as AttributeRecord;
    const isOwn = attribute["@type"] === "OwnIdentityAttribute";
    return done(answerWithVersion(ledger, isOwn ? withTags(ledger, attribute, choice.tags) : attribute, asker));
  }
  const { content } = choice as Extract<Choice, { is: "new" }>;
  if (isIdentityAttribute(content)) return done(answerWithOwn(ledger, content, asker));
  const type = content.owner === self ? "OwnRelationshipAttribute" : "PeerRelationshipAttribute";
  const record = ledger.create({ id: ledger.newId(), "@type": type, content, peer, sourceReference });
  return done(accepted(names.answer, { attributeId: record.id, attribute: content }));
}

// What exists in a Relationship is shown to a third party with its partner's name.
function fresh(attribute: AttributeRecord, { answer }: ChoiceNames): JsonObject {
  const { id, content, peer } = attribute;
  return accepted(answer, {
    attributeId: id,
    attribute: content,
    ...(peer === undefined ? {} : { initialAttributePeer: peer }),
  });
}
