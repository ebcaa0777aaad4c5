/**
 * The laws of the ItemKind port, for every type of request item. A kind's test is one call; a law it cannot keep is waived by
 * name with a reason.
 */
import type { Arbitrary } from "fast-check";
import { ItemKind, type ItemKindPort, type Plugin } from "rapport/core";
import type { Answerable } from "../item-arbitraries.ts";
import { answerLaws } from "./item-answers.ts";
import { handshakeLaws } from "./item-handshakes.ts";
import { judgementLaws } from "./item-judgements.ts";
import { type LawBook, registerLaws, type Waivers } from "./law.ts";
import { pluginOf } from "./occupants.ts";

/** How the contract gets the kind, and items of it. */
export interface ItemKindContractOptions extends Waivers {
  readonly kind: ItemKindPort;
  /** Items that anybody may ask anybody, each with a decision that accepts it. */
  readonly items: Arbitrary<Answerable>;
  /** What brings the kind into an engine, if a plugin of the kind alone does not; nothing for kinds that are built in. */
  readonly plugins?: readonly Plugin[];
}

/** What a law works with. */
export interface ItemKindWorld {
  readonly kind: ItemKindPort;
  readonly items: Arbitrary<Answerable>;
  readonly plugins: readonly Plugin[];
}

/** The laws of every kind of item. */
export const itemKindLaws: LawBook<Omit<ItemKindContractOptions, "waived">, ItemKindWorld> = {
  of: "an item kind",
  laws: [...judgementLaws, ...answerLaws, ...handshakeLaws],
  within: async ({ kind, items, plugins = [pluginOf(ItemKind, kind)] }, prove) =>
    prove({ kind, items, plugins }, { kind, items, plugins }),
};

/** Proves every law for the kind. */
export function itemKindContract(name: string, { waived = {}, ...subject }: ItemKindContractOptions): void {
  registerLaws(name, { book: itemKindLaws, subject, waived });
}
