// The predicates of a property: what each asks of an item or of its Request, how it is said, and what would fulfil it.
import { isSameJson, type Json, type JsonObject } from "rapport/core";
import type { JudgedItem, JudgedRequest } from "./judging.ts";
import { valueUnder } from "./leaves.ts";
import type { Texts, Wish } from "./property.ts";
import { listOf, quoted } from "./wording.ts";

/** What a predicate looks at: a Request, and one of its items where a single one is meant. */
export interface Subject {
  readonly judged: JudgedRequest;
  readonly item?: JudgedItem | undefined;
}

/** How a predicate is said of an item or a Request. */
export interface Words {
  readonly noun?: string;
  readonly adjective?: string;
  readonly phrase?: string;
  /** What it is, or is not, beyond that. */
  readonly is?: string;
  /** The phrase is one about the Request; said of an item, "in a Request" comes before it. */
  readonly isOfRequest?: boolean;
}

/** One predicate. `phrase` follows the noun, `noun` and `adjective` replace or precede it. */
export interface Predicate {
  readonly of: "item" | "request" | "either";
  /** What it must be given, beginning with "must"; undefined when it fits. */
  problem(given: unknown): string | undefined;
  holds(given: never, subject: Subject): boolean;
  readonly words: (given: never) => Words;
  readonly wishes: (given: never) => readonly Wish[];
}

const some = (given: Texts, seen: Json | undefined): boolean =>
  typeof seen === "string" && listOf(given).includes(seen);

const textProblem = (given: unknown) =>
  listOf(given).length > 0 && listOf(given).every((one) => typeof one === "string")
    ? undefined
    : "must be a text or a list of texts";
const flagProblem = (given: unknown) => (typeof given === "boolean" ? undefined : "must be true or false");
const countProblem = (given: unknown) =>
  Number.isSafeInteger(given) && Number(given) >= 0 ? undefined : "must be a whole number, 0 or more";
const oneOf = (allowed: readonly string[]) => (given: unknown) =>
  textProblem(given) === undefined && listOf(given as Texts).every((one) => allowed.includes(one))
    ? undefined
    : `must be ${allowed.map((one) => `"${one}"`).join(" or ")}, or a list of these`;

/** The statuses that a Relationship has on this side. */
export const relationshipStatuses = ["Pending", "Active", "Rejected", "Revoked", "Terminated", "DeletionProposed"];

const itemMember = (subject: Subject, ...paths: readonly string[]): Json | undefined => {
  for (const path of paths) {
    const found = valueUnder(subject.item?.item, path);
    if (found !== undefined) return found;
  }
  return undefined;
};

const wish = (path: string, hits: readonly Json[], misses: readonly Json[]): readonly Wish[] => [
  { path, hits, misses },
];
const other = (given: Texts) => listOf(given).map((one) => `${one}?`);
const anyText = (path: string) => (given: Texts) => wish(path, listOf(given), other(given));
const flag = (path: string) => (given: boolean) => wish(path, [given], [!given]);

function ownerOf(subject: Subject): string | undefined {
  const owner = itemMember(subject, "attribute.owner", "query.owner");
  const { self, request } = subject.judged.facts;
  if (owner === undefined) return itemMember(subject, "query") === undefined ? undefined : "self";
  if (owner === "" || owner === self || owner === "recipient") return "self";
  return owner === request["peer"] ? "peer" : "other";
}

/** `content.item.x` is `x` of the item; other paths are those of the LocalRequest. */
export const itemPrefix = "content.item.";

function matches(given: { readonly [path: string]: Json }, subject: Subject): boolean {
  return Object.entries(given).every(([path, wanted]) => {
    const seen = path.startsWith(itemPrefix)
      ? valueUnder(subject.item?.item, path.slice(itemPrefix.length))
      : valueUnder(subject.judged.request, path);
    if (seen === undefined) return false;
    return (Array.isArray(wanted) ? (wanted as readonly Json[]) : [wanted]).some((one) => isSameJson(one, seen));
  });
}

const dayMs = 24 * 60 * 60 * 1000;

const expiryOf = ({ judged }: Subject) => valueUnder(judged.request, "content.expiresAt");

function ofRelationship(given: boolean | Texts, { judged }: Subject): boolean {
  const { relationships } = judged.facts;
  if (typeof given === "boolean") return relationships.length > 0 === given;
  return relationships.some(({ status }) => some(given, status));
}

const owners: { readonly [owner: string]: string } = {
  self: "ourselves",
  peer: "the peer",
  other: "somebody else",
};

/** Every predicate that stands for itself, by its name; those that hold others are in conditions.ts. */
export const predicates: { readonly [name: string]: Predicate } = {
  item: {
    of: "item",
    problem: textProblem,
    holds: (given: Texts, { item }) => some(given, item?.item["@type"]),
    words: (given: Texts) => ({ noun: listOf(given).join(" or ") }),
    wishes: (given: Texts) => wish("content.item.@type", listOf(given), []),
  },
  mandatory: {
    of: "item",
    problem: flagProblem,
    holds: (given: boolean, { item }) => item?.item["mustBeAccepted"] === given,
    words: (given: boolean) => ({ adjective: given ? "mandatory" : "optional" }),
    wishes: flag("content.item.mustBeAccepted"),
  },
  grouped: {
    of: "item",
    problem: flagProblem,
    holds: (given: boolean, { item }) => item?.place.includes(".") === given,
    words: (given: boolean) => ({ phrase: given ? "in a group" : "outside of groups" }),
    wishes: flag("*grouped"),
  },
  valueType: {
    of: "item",
    problem: textProblem,
    holds: (given: Texts, subject) =>
      some(given, itemMember(subject, "attribute.value.@type")) ||
      some(given, itemMember(subject, "query.valueType", "query.attributeCreationHints.valueType")),
    words: (given: Texts) => ({ phrase: `about ${listOf(given).join(" or ")}` }),
    wishes: (given: Texts) => wish("*valueType", listOf(given), []),
  },
  key: {
    of: "item",
    problem: textProblem,
    holds: (given: Texts, subject) => some(given, itemMember(subject, "attribute.key", "query.key")),
    words: (given: Texts) => ({ phrase: `with the key ${quoted(given)}` }),
    wishes: anyText("*key"),
  },
  owner: {
    of: "item",
    problem: oneOf(["self", "peer", "other"]),
    holds: (given: Texts, subject) => some(given, ownerOf(subject)),
    words: (given: Texts) => ({
      phrase: `about an attribute of ${listOf(given)
        .map((one) => owners[one])
        .join(" or ")}`,
    }),
    wishes: (given: Texts) => wish("*owner", listOf(given), []),
  },
  tags: {
    of: "item",
    problem: textProblem,
    holds: (given: Texts, subject) =>
      ["attribute.tags", "query.tags", "query.attributeCreationHints.tags"].some((path) => {
        const seen = itemMember(subject, path);
        return Array.isArray(seen) && (seen as readonly Json[]).some((one) => some(given, one));
      }),
    words: (given: Texts) => ({ phrase: `tagged ${quoted(given)}` }),
    wishes: (given: Texts) =>
      wish(
        "*tags",
        listOf(given).map((one) => [one]),
        [],
      ),
  },
  relationship: {
    of: "request",
    problem: (given) => (typeof given === "boolean" ? undefined : statusProblem(given)),
    holds: ofRelationship,
    words: (given: boolean | Texts) => ({ phrase: relationshipPhrase(given) }),
    wishes: (given: boolean | Texts) =>
      typeof given === "boolean"
        ? wish("relationshipAlreadyExists", [given], [!given])
        : wish("*status", listOf(given), []),
  },
  source: {
    of: "request",
    problem: oneOf(["RelationshipTemplate", "Message"]),
    holds: (given: Texts, { judged }) => some(given, valueUnder(judged.request, "source.type")),
    words: (given: Texts) => ({
      phrase: `that came ${listOf(given)
        .map((one) => (one === "Message" ? "by Message" : "with a RelationshipTemplate"))
        .join(" or ")}`,
      isOfRequest: true,
    }),
    wishes: (given: Texts) => wish("source.type", listOf(given), []),
  },
  peer: {
    of: "request",
    problem: textProblem,
    holds: (given: Texts, { judged }) => some(given, judged.request["peer"]),
    words: (given: Texts) => ({ phrase: `from ${listOf(given).join(" or ")}` }),
    wishes: (given: Texts) => wish("peer", listOf(given), []),
  },
  expires: {
    of: "request",
    problem: flagProblem,
    holds: (given: boolean, subject) => (expiryOf(subject) !== undefined) === given,
    words: (given: boolean) => ({ phrase: given ? "that expires" : "that never expires", isOfRequest: true }),
    wishes: (given: boolean) => wish("*expiresInDays", [given ? 1 : -1], []),
  },
  expiresWithinDays: {
    of: "request",
    problem: (given) => (typeof given === "number" && given > 0 ? undefined : "must be a number of days above 0"),
    holds: (given: number, subject) => {
      const expiry = expiryOf(subject);
      return typeof expiry === "string" && Date.parse(expiry) - Date.parse(subject.judged.facts.now) <= given * dayMs;
    },
    words: (given: number) => ({
      phrase: `that expires within ${given} ${given === 1 ? "day" : "days"}`,
      isOfRequest: true,
    }),
    wishes: (given: number) => wish("*expiresInDays", [given / 2, given], [given + 1, -1]),
  },
  moreItemsThan: {
    of: "request",
    problem: countProblem,
    holds: (given: number, { judged }) => judged.items.length > given,
    words: (given: number) => ({
      phrase: `with more than ${given} ${given === 1 ? "item" : "items"}`,
      isOfRequest: true,
    }),
    wishes: (given: number) => wish("*items", [given + 1], [given]),
  },
  matches: {
    of: "either",
    problem: (given) =>
      typeof given === "object" && given !== null && !Array.isArray(given) && Object.keys(given).length > 0
        ? undefined
        : "must be an object of paths and values",
    holds: matches,
    words: (given: JsonObject) => ({
      phrase: `where ${Object.entries(given)
        .map(([path, wanted]) => `${path} is ${quoted(wanted as Json)}`)
        .join(" and ")}`,
    }),
    wishes: (given: { readonly [path: string]: Json }) =>
      Object.entries(given).flatMap(([path, wanted]) => wish(path, Array.isArray(wanted) ? wanted : [wanted], [])),
  },
};

function statusProblem(given: unknown): string | undefined {
  if (oneOf(relationshipStatuses)(given) === undefined) return undefined;
  return `must be true, false, or of the statuses ${relationshipStatuses.join(", ")}`;
}

function relationshipPhrase(given: boolean | Texts): string {
  if (typeof given === "boolean") return `from a peer ${given ? "with" : "without"} a Relationship`;
  return `from a peer with a Relationship that is ${listOf(given).join(" or ")}`;
}
