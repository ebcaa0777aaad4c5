// Facts for tables: the Request R1 of spec/domain.md 7.5 and others like it.
import type { Json, JsonObject, RequestFacts, RequestVerdict } from "rapport/core";
import { createRuleTable, type RuleTableConfig, type RuleTableOptions } from "rapport/plugins/rules-table";

/** The peer of R1. */
export const P = "did:e:relay.test:dids:1111111111111111111111";

const value = { "@type": "GivenName", value: "Anna" };

/** An item to create an attribute. */
export const create = (more: JsonObject = {}): JsonObject => ({
  "@type": "CreateAttributeRequestItem",
  mustBeAccepted: true,
  attribute: { "@type": "IdentityAttribute", owner: "", value },
  ...more,
});

/** An item to read an attribute. */
export const read = (more: JsonObject = {}): JsonObject => ({
  "@type": "ReadAttributeRequestItem",
  mustBeAccepted: false,
  query: { "@type": "IdentityAttributeQuery", valueType: "GivenName" },
  ...more,
});

/** An item to share an attribute. */
export const share = (more: JsonObject = {}): JsonObject => ({
  "@type": "ShareAttributeRequestItem",
  mustBeAccepted: false,
  attribute: { "@type": "IdentityAttribute", owner: P, value },
  attributeId: "ATT00000000000000001",
  ...more,
});

/** A form field. */
export const field = (more: JsonObject = {}): JsonObject => ({
  "@type": "FormFieldRequestItem",
  mustBeAccepted: false,
  title: "How old are you?",
  settings: { "@type": "IntegerFormFieldSettings" },
  ...more,
});

/** A group of items. */
export const group = (...items: JsonObject[]): JsonObject => ({ "@type": "RequestItemGroup", items });

/** An item of a type with nothing of its own. */
export const itemOf = (type: string, more: JsonObject = {}): JsonObject => ({
  "@type": type,
  mustBeAccepted: false,
  ...more,
});

/** The items of R1: A, B and the group C with D and E. */
export const r1: readonly JsonObject[] = [create(), read(), group(share(), field())];

/** What differs from R1. */
export interface FactOptions {
  readonly content?: JsonObject;
  readonly request?: JsonObject;
  readonly relationships?: readonly JsonObject[];
}

/** The facts of a Request by Message from P with these items. */
export function facts(items: readonly Json[] = r1, options: FactOptions = {}): RequestFacts {
  const { content = {}, request = {}, relationships = [{ peer: P, status: "Active" }] } = options;
  return {
    self: "did:e:relay.test:dids:2222222222222222222222",
    now: "2030-01-01T00:00:01.000Z",
    relationships,
    request: {
      id: "REQ00000000000000001",
      isOwn: false,
      peer: P,
      createdAt: "2030-01-01T00:00:00.000Z",
      status: "DecisionRequired",
      source: { type: "Message", reference: "MSG00000000000000001" },
      content: { "@type": "Request", id: "REQ00000000000000001", items, ...content },
      ...request,
    },
  };
}

/** What a table says about facts. */
export function judged(
  config: RuleTableConfig,
  about: RequestFacts = facts(),
  options: RuleTableOptions = {},
): RequestVerdict {
  const verdict = createRuleTable(config, options).rule.judgeRequest?.(about);
  if (verdict === undefined || verdict instanceof Promise) throw new Error("A table answers at once.");
  return verdict;
}

/** The response of an accepting entry. */
export const yes = { accept: true } as const;
/** The response of a rejecting entry. */
export const no = { accept: false } as const;
