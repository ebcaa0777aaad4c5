import type { Decision, DecisionItem, ItemDecision } from "../model/decision.ts";
import { isGroup, itemsOf, type Request, type RequestItem, type RequestItemGroup } from "../model/request.ts";
import type { Validation } from "../model/validation.ts";
import type { ItemInfo } from "../ports/item-kind.ts";
import { pairsOf } from "./decisions.ts";
import { documentsNeeded } from "./documents-needed.ts";
import { guarded } from "./guarded.ts";
import type { ItemKinds } from "./item-kinds.ts";
import { repeatedKey } from "./key-uniqueness.ts";
import { rehearse } from "./rehearsal.ts";
import { failed, inherited } from "./verdicts.ts";

/** What judging a decision takes. Generation "O" judges the children of a group against the group (spec/domain.md 5.2). */
export interface Judgement {
  readonly request: Request;
  readonly decision: Decision;
  readonly result: "accept" | "reject";
  readonly kinds: ItemKinds;
  readonly info: ItemInfo;
  readonly generation?: "N" | "O";
}

/**
 * Whether a Request may be decided like this (spec/domain.md 4.5, rows 7 to 10): structure and item kinds merged into one
 * tree, then the keys, then all chosen items together. A Request that can never be accepted fails with `violatedKeyUniquenessOfRelationshipAttributes`.
 */
export function validateDecision(judgement: Judgement): Validation {
  const { request, decision, result } = judgement;
  if (decision.items.length !== request.items.length) return wrongNumber(request.items.length, decision.items.length);
  const verdict = inherited(request.items.map((entry, index) => judgeEntry(entry, decision.items[index], judgement)));
  if (!verdict.isSuccess || result === "reject") return verdict;
  return keyFailure(judgement) ?? togetherFailure(judgement) ?? verdict;
}

function judgeEntry(
  entry: RequestItem | RequestItemGroup,
  answer: DecisionItem | undefined,
  judgement: Judgement,
): Validation {
  if (answer === undefined) return wrongNumber(1, 0);
  if (isGroup(entry)) {
    if (!("accept" in answer)) return judgeGroup(entry, answer.items, judgement);
    return failed(`${structural}requestItemGroupAnsweredAsRequestItem`, "This is a group. Give items, one per child.");
  }
  if ("accept" in answer)
    return judgeItem(entry, answer, { judgement, isParentAccepted: judgement.result === "accept" });
  return failed(`${structural}requestItemAnsweredAsRequestItemGroup`, "This is an item. Give accept instead of items.");
}

function judgeGroup(group: RequestItemGroup, answers: readonly ItemDecision[], judgement: Judgement): Validation {
  if (answers.length !== group.items.length) return wrongNumber(group.items.length, answers.length);
  let isParentAccepted = judgement.result === "accept";
  if (judgement.generation === "O") {
    const isGroupAccepted = answers.some((answer) => answer.accept);
    if (isGroupAccepted && !isParentAccepted) return acceptedTooMuch("O");
    if (isParentAccepted && group.mustBeAccepted === true && !isGroupAccepted) return acceptedTooLittle();
    isParentAccepted = isGroupAccepted;
  }
  const judge = (item: RequestItem, index: number) => {
    const answer = answers[index];
    return answer === undefined ? wrongNumber(1, 0) : judgeItem(item, answer, { judgement, isParentAccepted });
  };
  return inherited(group.items.map(judge));
}

interface Place {
  readonly judgement: Judgement;
  readonly isParentAccepted: boolean;
}

function judgeItem(item: RequestItem, answer: ItemDecision, { judgement, isParentAccepted }: Place): Validation {
  if (answer.accept && !isParentAccepted) return acceptedTooMuch(judgement.generation);
  if (!answer.accept && isParentAccepted && item.mustBeAccepted) return acceptedTooLittle();
  const { kinds, info } = judgement;
  const kind = kinds.get(item["@type"]);
  if (!answer.accept) return guarded(() => kind?.canReject?.(item, answer, info));
  if (kind === undefined)
    return failed("item.unknownKind", `No kind knows ${item["@type"]}. Add the plugin that does, or reject the item.`);
  return guarded(() => kind.canAccept?.(item, answer, info));
}

const structural = "error.consumption.requests.decide.validation.";

function wrongNumber(wanted: number, seen: number): Validation {
  return failed(
    `${structural}invalidNumberOfItems`,
    `Give ${wanted} decisions, one per item and in order, not ${seen}.`,
  );
}

function acceptedTooMuch(generation: "N" | "O" | undefined): Validation {
  return generation === "O"
    ? failed(`${structural}itemAcceptedButParentNotAccepted`, "Its parent is rejected. Reject this too.")
    : failed(`${structural}itemAcceptedButRequestNotAccepted`, "The Request is rejected. Reject this item too.");
}

function acceptedTooLittle(): Validation {
  return failed(
    `${structural}mustBeAcceptedItemNotAccepted`,
    "This must be accepted if the Request is. Accept it, or reject the whole Request.",
  );
}

function keyFailure({ request, decision, info }: Judgement): Validation | undefined {
  const impossible = repeatedKey(
    itemsOf(request).filter((item) => item.mustBeAccepted),
    info.self,
  );
  if (impossible !== undefined)
    return failed(
      "error.consumption.requests.violatedKeyUniquenessOfRelationshipAttributes",
      `This Request can never be accepted: two mandatory items want the key ${impossible}. Reject it.`,
    );
  const chosen = pairsOf(request, decision).flatMap(([item, answer]) => (answer.accept ? [item] : []));
  const repeated = repeatedKey(chosen, info.self);
  if (repeated === undefined) return undefined;
  return failed(
    "error.consumption.requests.invalidAcceptParameters",
    `Two accepted items want the key ${repeated}. Accept only one of them.`,
  );
}

// Where not everything was looked for, as when a decision is only tried out, there is nothing to rehearse on.
function togetherFailure({ request, decision, kinds, info }: Judgement): Validation | undefined {
  if (documentsNeeded({ request, decision, kinds, info }).length > 0) return undefined;
  const failure = rehearse({ pairs: pairsOf(request, decision), kinds, info });
  if (failure === undefined || failure.verdict.isSuccess) return undefined;
  const { at, verdict } = failure;
  return failed(
    "error.consumption.requests.invalidAcceptParameters",
    `Not all of these can be accepted together. ${at["@type"]}: ${verdict.message}`,
  );
}
