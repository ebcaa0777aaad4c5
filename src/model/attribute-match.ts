import type { AttributeContent } from "./attribute.ts";
import type { JsonObject } from "./json.ts";

/** Who asked and who answers. */
export interface Parties {
  readonly recipient: string;
  readonly asker: string;
}

/** `strictIql` evaluates the text of IQL queries, which the reference does not (spec/domain.md 12 #18). */
export interface MatchRules extends Parties {
  readonly strictIql?: boolean;
}

/** Why the attribute does not answer the query; undefined if it does. */
export function mismatch(_content: AttributeContent, _query: JsonObject, _rules: MatchRules): string | undefined {
  return undefined;
}
