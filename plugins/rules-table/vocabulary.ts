// The typed surface of the configuration (spec/domain.md 7.2): which paths exist, what they hold, which items have them.
import { isIsoDate, type Json } from "rapport/core";
import { isList, isScalar } from "./condition.ts";
import type { Generation } from "./config.ts";
import { boundOf, isDatePath } from "./dates.ts";
import { pathStepsMax, wantedDepthMax } from "./limits.ts";

type Wanted = "text" | "flag" | "object" | "tags" | "source" | "scalar";

const general: { readonly [path: string]: Wanted } = {
  peer: "text",
  "source.type": "source",
  "content.title": "text",
  "content.description": "text",
  "content.metadata": "object",
  relationshipAlreadyExists: "flag",
};

const item: { readonly [member: string]: Wanted } = {
  "@type": "text",
  mustBeAccepted: "flag",
  title: "text",
  description: "text",
  metadata: "object",
  freeText: "text",
  consent: "text",
  link: "text",
  "attribute.@type": "text",
  "attribute.owner": "text",
  "attribute.tags": "tags",
  "attribute.key": "text",
  "attribute.isTechnical": "flag",
  "attribute.confidentiality": "text",
  "attribute.value.@type": "text",
  "attribute.value.value": "scalar",
  "attribute.value.title": "text",
  "attribute.value.description": "text",
  "query.@type": "text",
  "query.owner": "text",
  "query.key": "text",
  "query.queryString": "text",
  "query.valueType": "text",
  "query.tags": "tags",
  "query.attributeCreationHints.title": "text",
  "query.attributeCreationHints.description": "text",
  "query.attributeCreationHints.valueType": "text",
  "query.attributeCreationHints.confidentiality": "text",
  "query.attributeCreationHints.tags": "tags",
};

const relationship: { readonly [path: string]: Wanted } = {
  peer: "text",
  templateId: "text",
  "creationContent.@type": "text",
  "response.result": "text",
  "response.item.@type": "text",
  "response.item.result": "text",
};

/** What is wrong with a wanted value, beginning with "must"; undefined when nothing is. */
export function wantedProblem(
  wanted: Json,
  place: { readonly path: string; readonly generation: Generation; readonly isRelationship?: boolean },
): string | undefined {
  const { path, generation, isRelationship = false } = place;
  const steps = path.split(".");
  if (steps.includes("")) return "must lie under a path of names with dots between them";
  if (steps.length > pathStepsMax) return `must lie under a path of at most ${pathStepsMax} names`;
  if (isDeeper(wanted, wantedDepthMax)) return `must nest at most ${wantedDepthMax} deep`;
  if (isDatePath(path, generation)) return dateProblem(wanted);
  const known = isRelationship
    ? ownOf(relationship, path)
    : (ownOf(general, path) ?? ownOf(item, path.replace(/^content\.item\./, "")));
  if (known !== undefined) return problems[known](wanted);
  if (isList(wanted) && wanted.some((one) => typeof one === "boolean" || typeof one === "number"))
    return "must not be a list of numbers or booleans: give one of them";
  return undefined;
}

function isDeeper(value: Json, most: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return most === 0 || Object.values(value).some((member) => member !== undefined && isDeeper(member, most - 1));
}

/** What a table has under a name that people wrote; names that every object inherits are not in it. */
export function ownOf<V>(table: { readonly [name: string]: V }, name: string): V | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

const problems: { readonly [wanted in Wanted]: (value: Json) => string | undefined } = {
  text: (value) => (areTexts(value) ? undefined : "must be a text or a list of texts"),
  flag: (value) => (typeof value === "boolean" ? undefined : "must be true or false"),
  object: (value) =>
    (isList(value) ? value : [value]).every(isObject) ? undefined : "must be an object or a list of objects",
  tags: (value) => (isList(value) && areTexts(value) ? undefined : "must be a list of texts"),
  source: (value) =>
    areTexts(value) &&
    (isList(value) ? value : [value]).every((one) => one === "Message" || one === "RelationshipTemplate")
      ? undefined
      : 'must be "Message" or "RelationshipTemplate"',
  scalar: (value) =>
    areTexts(value) || isScalar(value) ? undefined : "must be a text, a list of texts, a number, true or false",
};

function dateProblem(wanted: Json): string | undefined {
  const isDate = (one: Json) => typeof one === "string" && boundOf(one) !== undefined;
  return (isList(wanted) ? wanted : [wanted]).every(isDate)
    ? undefined
    : 'must be a date such as "2030-01-31T00:00:00.000Z", one after "<" or ">", or a list of them';
}

/** True for a date of a response. */
export function isDateText(value: Json | undefined): boolean {
  return typeof value === "string" && isIsoDate(value);
}

function areTexts(value: Json): boolean {
  return isList(value) ? value.every((one) => typeof one === "string") : typeof value === "string";
}

/** True for JSON objects. */
export function isObject(value: unknown): value is { readonly [member: string]: Json | undefined } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const attribute = /^attribute\./;
const query = /^query\./;
const members: { readonly [type: string]: readonly RegExp[] } = {
  AuthenticationRequestItem: [],
  ConsentRequestItem: [/^consent$/, /^link/, /^requiresInteraction$/],
  CreateAttributeRequestItem: [attribute],
  DeleteAttributeRequestItem: [/^attributeId$/],
  FormFieldRequestItem: [/^settings\./],
  FreeTextRequestItem: [/^freeText$/],
  ProposeAttributeRequestItem: [attribute, query],
  ReadAttributeRequestItem: [query],
  RegisterAttributeListenerRequestItem: [query],
  ShareAttributeRequestItem: [attribute, /^attributeId$/, /^initialAttributePeer$/],
  TransferFileOwnershipRequestItem: [/^fileReference$/, /^ownershipToken$/],
};
const everyItem = /^(@type|mustBeAccepted|title|description|requireManualDecision|metadata(\..+)?)$/;

/** The types of items that come with Rapport. */
export const knownTypes: readonly string[] = Object.keys(members);

/** False when items of this type never have that member; true also for types of plugins, which nobody knows here. */
export function mayHave(type: string, member: string): boolean {
  const own = ownOf(members, type);
  return own === undefined || everyItem.test(member) || own.some((pattern) => pattern.test(member));
}

/** Paths that a table may use without a doubt about their spelling. */
export function isKnownPath(path: string): boolean {
  if (path.startsWith("content.item."))
    return knownTypes.some((type) => mayHave(type, path.slice("content.item.".length)));
  return (
    Object.hasOwn(general, path) ||
    /^(createdAt|content\.expiresAt|content\.metadata\..+|source\.reference)$/.test(path)
  );
}
