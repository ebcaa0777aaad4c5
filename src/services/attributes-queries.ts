// Which attributes here answer a query (spec/domain.md 6.5, 6.6).
import type { Account } from "../engine/context.ts";
import { fault } from "../errors/rapport-error.ts";
import { allow, type Outcome, refuse, unwrap } from "../errors/refusal.ts";
import type { AttributeContent } from "../model/attribute.ts";
import { queryProblem } from "../model/attribute-query.ts";
import { suggestionsFor } from "../model/attribute-search.ts";
import { parseIql } from "../model/iql.ts";
import type { JsonObject } from "../model/json.ts";
import { latest, listed, viewsOf } from "./attribute-lists.ts";
import type { LocalAttribute } from "./attributes.ts";

/** Whether a text of IQL can be parsed, and if not, where it goes wrong. */
export type IqlVerdict =
  | { readonly isValid: true }
  | {
      readonly isValid: false;
      readonly error: { readonly message: string; readonly location: { readonly offset: number } };
    };

const typesFor = {
  IdentityAttributeQuery: ["OwnIdentityAttribute"],
  IQLQuery: ["OwnIdentityAttribute"],
  RelationshipAttributeQuery: ["OwnRelationshipAttribute", "PeerRelationshipAttribute"],
  ThirdPartyRelationshipAttributeQuery: ["OwnRelationshipAttribute", "PeerRelationshipAttribute"],
} as const;

/** The latest versions that answer the query. */
export async function suggestions(
  account: Account,
  type: keyof typeof typesFor,
  given: JsonObject,
): Promise<LocalAttribute[]> {
  const query = unwrap(parsed(given, type));
  const always = { "@type": [{ anyOf: [...typesFor[type]] }], ...latest(true) };
  const answers = suggestionsFor(query, { recipient: account.self, asker: "" });
  const found = (await listed(account, {}, { always })).filter(({ content }) => answers(content as AttributeContent));
  return viewsOf(account, found);
}

/** The first of them; throws `error.runtime.recordNotFound` when there is none. */
export function one(found: readonly LocalAttribute[]): LocalAttribute {
  const [first] = found;
  if (first === undefined) throw fault("error.runtime.recordNotFound", "No attribute answers the query.");
  return first;
}

/** Whether the text of an IQLQuery can be parsed. */
export function validateIql(given: JsonObject): Outcome<IqlVerdict> {
  const { queryString } = given;
  if (typeof queryString !== "string")
    return refuse("error.runtime.validation.invalidPropertyValue", "query.queryString must be a text.");
  const iql = parseIql(queryString);
  if (iql.ok) return allow({ isValid: true });
  return allow({ isValid: false, error: { message: iql.message, location: { offset: iql.offset } } });
}

function parsed(given: JsonObject, type: string): Outcome<JsonObject> {
  const query = given["@type"] === undefined ? { "@type": type, ...given } : given;
  const problem = queryProblem(query, [type]);
  return problem === undefined ? allow(query) : refuse("error.runtime.validation.invalidPropertyValue", `${problem}.`);
}
