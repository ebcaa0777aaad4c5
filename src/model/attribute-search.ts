import type { AttributeContent } from "./attribute.ts";
import type { Parties } from "./attribute-match.ts";
import type { JsonObject } from "./json.ts";

/** True when the attribute is worth suggesting as an answer to the query. */
export function answersQuery(_content: AttributeContent, _query: JsonObject, _parties: Parties): boolean {
  return false;
}
