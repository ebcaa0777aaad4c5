import type { JsonObject } from "../model/json.ts";
import { textProblem } from "../model/shape.ts";
import type { ItemKind } from "../ports/item-kind.ts";
import { fine, malformedParameters } from "./verdicts.ts";

// The older generation set no bound; this is that of a text in a form.
const textRule = { max: 4096, required: true } as const;

/** Asks for a text, as the older generation did (spec/domain.md 5.3, O); it has form fields for that since. */
export const freeTextItem: ItemKind = Object.freeze<ItemKind>({
  type: "FreeTextRequestItem",
  parse: (item) => textProblem(item, "freeText", textRule),
  responses: {
    FreeTextAcceptResponseItem: (response) =>
      response["result"] === "Accepted" ? textProblem(response, "freeText", textRule) : "result must be Accepted",
  },
  canAccept(_item, decision) {
    const problem = textProblem(decision as JsonObject, "freeText", textRule);
    return problem === undefined ? fine : malformedParameters(`${problem}.`);
  },
  accept: (_item, decision) => ({
    response: {
      "@type": "FreeTextAcceptResponseItem",
      result: "Accepted",
      freeText: (decision as JsonObject)["freeText"],
    },
  }),
});
