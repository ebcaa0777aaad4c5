import { flagProblem, textProblem } from "../model/shape.ts";
import { linkProblem } from "../model/web-address.ts";
import type { ItemKind } from "../ports/item-kind.ts";

/** Asks for consent to a text; nothing is stored beyond the Response (spec/domain.md 5.4). */
export const consentItem: ItemKind = Object.freeze<ItemKind>({
  type: "ConsentRequestItem",
  parse: (item) =>
    textProblem(item, "consent", consentRule) ?? flagProblem(item, "requiresInteraction") ?? linkProblem(item),
});

const consentRule = { max: 10_000, required: true } as const;
