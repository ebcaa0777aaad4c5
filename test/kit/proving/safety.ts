// What hardly anybody wants of rules: the properties that are held when none are given (docs/prove-rules.md).
import type { JsonObject, RulePort } from "rapport/core";
import type { JudgedRequest } from "./judging.ts";
import { valueUnder } from "./leaves.ts";
import type { PropertyConfig, PropertyFunction } from "./property.ts";

/** The built-in properties for these rules. */
export function safetyProperties(rules: readonly RulePort[]): readonly (PropertyConfig | PropertyFunction)[] {
  return [forPeople, strangersOf(rules), soundRules];
}

const forPeople: PropertyConfig = {
  name: "consent is given by people",
  never: "accept",
  when: { item: ["AuthenticationRequestItem", "ConsentRequestItem"] },
};

const soundRules: PropertyFunction = {
  name: "rules do not fail",
  sentence: "never fails: no rule throws, and every answer is a verdict",
  holds: ({ problem }) => problem === undefined,
};

const saysSo = ["relationshipAlreadyExists", "source.type", "peer"];

// Where a table shows its lines, a line that names the case was meant; of other rules nobody can tell.
function strangersOf(rules: readonly RulePort[]): PropertyFunction {
  const explicit = new Map(rules.flatMap((rule) => explicitLines(rule)));
  const unless = explicit.size === 0 ? "" : `, unless the line says ${saysSo.join(", ").replace(/, (\w+)$/, " or $1")}`;
  return {
    name: "strangers are met by people",
    sentence: `never accepts an item from a peer without a Relationship${unless}`,
    holds: (judged) => {
      if (judged.facts.relationships.length > 0) return undefined;
      return acceptedItems(judged).every(
        ({ entry }) => entry !== undefined && explicit.get(`${judged.rule} ${entry}`) === true,
      );
    },
  };
}

function explicitLines({ name, source }: RulePort): readonly (readonly [string, boolean])[] {
  const requests = valueUnder(source, "config.requests");
  if (!Array.isArray(requests)) return [];
  return (requests as readonly JsonObject[]).map(({ name: line, requestConfig }, index) => {
    const called = typeof line === "string" ? line : `#${index + 1}`;
    return [`${name} ${called}`, saysSo.some((path) => Object.hasOwn(Object(requestConfig), path))];
  });
}

const acceptedItems = ({ items }: JudgedRequest) => items.filter(({ verdict }) => verdict === "accept");
