import { textProblem } from "../model/shape.ts";
import type { ItemKind } from "../ports/item-kind.ts";

const titleRule = { max: 200, required: true } as const;

/** Asks the recipient to confirm that it is at the controls (spec/domain.md 5.4). */
export const authenticationItem: ItemKind = Object.freeze<ItemKind>({
  type: "AuthenticationRequestItem",
  parse: (item) => textProblem(item, "title", titleRule),
});
