import type { JsonObject } from "../model/json.ts";
import { flagProblem, textProblem } from "../model/shape.ts";
import type { ItemKind } from "../ports/item-kind.ts";

/** Asks for consent to a text; nothing is stored beyond the Response (spec/domain.md 5.4). */
export const consentItem: ItemKind = Object.freeze<ItemKind>({
  type: "ConsentRequestItem",
  parse: (item) =>
    textProblem(item, "consent", consentRule) ?? flagProblem(item, "requiresInteraction") ?? linkProblem(item),
});

const consentRule = { max: 10_000, required: true } as const;
const linkRule = { min: 3, max: 1024 };
const linkTextRule = { min: 3, max: 30 };

/** Web addresses only, with or without their scheme: a link that a person clicks must not run anything. */
const webAddress = /^(?:https?:\/\/[^\s/?#]+|[^\s/?#:@]+\.[^\s/?#:@.]+(?::\d+)?)(?:[/?#]\S*)?$/i;

function linkProblem(item: JsonObject): string | undefined {
  const { link, linkDisplayText } = item;
  const problem = textProblem(item, "link", linkRule);
  if (problem !== undefined) return problem;
  if (typeof link === "string" && !webAddress.test(link)) return "link must be a web address, http or https";
  if (linkDisplayText !== undefined && link === undefined)
    return "linkDisplayText must come with link: add the link, or leave the text out";
  return textProblem(item, "linkDisplayText", linkTextRule);
}
