/**
 * The laws of the Rule port, for every rule. A rule's test is one call; a law it cannot keep is waived by name with a reason.
 */
import fc, { type Arbitrary } from "fast-check";
import type { JsonObject, Plugin, RelationshipFacts, RequestFacts, RulePort } from "rapport/core";
import { Rule } from "rapport/core";
import { arbitraryFirstRequest } from "../arbitraries.ts";
import { arbitraryRelationshipFacts, arbitraryRequestFacts } from "../fact-arbitraries.ts";
import { type LawBook, registerLaws, type Waivers } from "./law.ts";
import { occupantsOf, pluginOf } from "./occupants.ts";
import { engineLaws } from "./rule-engine.ts";
import { verdictLaws } from "./rule-verdicts.ts";

/** How the contract gets the rule, and what the rule is asked about beside what the kit makes up. */
export interface RuleContractOptions extends Waivers {
  /** The rule, or the plugin that brings it (or several), made anew. */
  readonly rule: () => RulePort | Plugin;
  /** Facts that the rule is meant for; half of the facts are these, when they are given. */
  readonly requests?: Arbitrary<RequestFacts>;
  readonly relationships?: Arbitrary<RelationshipFacts>;
  /** Items that an engine asks about: those that nobody has to have anything for, when nothing is given. */
  readonly items?: Arbitrary<readonly JsonObject[]>;
}

/** What a law works with: the rules of a plugin, made anew each time, and facts to ask about. */
export interface RuleWorld {
  rules(): readonly RulePort[];
  plugin(): Plugin;
  readonly requests: Arbitrary<RequestFacts>;
  readonly relationships: Arbitrary<RelationshipFacts>;
  readonly items: Arbitrary<readonly JsonObject[]>;
}

/** The laws of every rule. */
export const ruleLaws: LawBook<Omit<RuleContractOptions, "waived">, RuleWorld> = {
  of: "a rule",
  laws: [...verdictLaws, ...engineLaws],
  within: async (options, prove) => {
    const { rule, requests = arbitraryRequestFacts, relationships = arbitraryRelationshipFacts } = options;
    const items = options.items ?? arbitraryFirstRequest.map((request) => request.items);
    const world: RuleWorld = {
      rules: () => occupantsOf(Rule, rule()),
      plugin: () => pluginOf(Rule, rule()),
      requests: oneOf(requests, arbitraryRequestFacts),
      relationships: oneOf(relationships, arbitraryRelationshipFacts),
      items,
    };
    await prove(world, options);
  },
};

/** Proves every law for the rule. */
export function ruleContract(name: string, { waived = {}, ...subject }: RuleContractOptions): void {
  registerLaws(name, { book: ruleLaws, subject, waived });
}

function oneOf<T>(own: Arbitrary<T>, usual: Arbitrary<T>): Arbitrary<T> {
  return own === usual ? usual : fc.oneof(own, usual);
}
