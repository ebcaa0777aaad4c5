// What a rule table says (spec/domain.md 7.2), and our additions to it: names, "ignore", and entries for Relationships.
import type { Json, JsonObject } from "rapport/core";

/** Which release's rules apply: the newer one, or that of the older generation (spec/connector-api.md 4.5). */
export type Generation = "N" | "O";

/** A text or several, of which one must be there. */
export type Texts = string | readonly string[];

/** Dotted paths into the LocalRequest with what is wanted there; what is absent does not matter. Further paths work, too. */
export interface RequestConfig {
  readonly peer?: Texts;
  /** `<date`, `>date` or a date; of several, all must hold. */
  readonly createdAt?: Texts;
  readonly "source.type"?: Texts;
  readonly "content.expiresAt"?: Texts;
  readonly "content.title"?: Texts;
  readonly "content.description"?: Texts;
  readonly "content.metadata"?: JsonObject | readonly JsonObject[];
  readonly relationshipAlreadyExists?: boolean;
  readonly "content.item.@type"?: Texts;
  readonly "content.item.mustBeAccepted"?: boolean;
  readonly [path: string]: Json | undefined;
}

/** What an entry answers; the parameters beside `accept` are those of one type of item. */
export type ResponseConfig =
  | { readonly accept: false; readonly code?: string; readonly message?: string }
  | {
      readonly accept: true;
      readonly deletionDate?: string;
      readonly attribute?: JsonObject;
      readonly newAttribute?: JsonObject;
      readonly freeText?: string;
    }
  | { readonly ignore: true };

/** One line of the table for Requests. `name` stands in decision records; without one it is the position, `#3`. */
export interface RequestEntry {
  readonly name?: string;
  readonly requestConfig: RequestConfig;
  readonly responseConfig: ResponseConfig;
}

/**
 * Dotted paths with what is wanted there: `peer`, `createdAt`, `templateId`, `creationContent.…`, `template.…` (its fields and
 * those of its content), `request.…` (the LocalRequest), `response.…`, and `response.item.…` for one and the same ResponseItem.
 */
export interface RelationshipConfig {
  readonly peer?: Texts;
  readonly createdAt?: Texts;
  readonly templateId?: Texts;
  readonly "response.result"?: Texts;
  readonly "creationContent.@type"?: Texts;
  readonly [path: string]: Json | undefined;
}

/** What to do with a pending Relationship that a peer created; `content` travels encrypted to the peer. */
export type RelationshipResponse =
  | { readonly accept: boolean; readonly content?: JsonObject }
  | { readonly manual: true }
  | { readonly ignore: true };

/** One line of the policy for pending Relationships. */
export interface RelationshipEntry {
  readonly name?: string;
  readonly relationshipConfig: RelationshipConfig;
  readonly responseConfig: RelationshipResponse;
}

/** The lines for Requests, or both kinds of lines. The first that matches wins. */
export type RuleTableConfig =
  | readonly RequestEntry[]
  | { readonly requests?: readonly RequestEntry[]; readonly relationships?: readonly RelationshipEntry[] };

/** How a table is read. */
export interface RuleTableOptions {
  /** Default "N". */
  readonly generation?: Generation;
  /** Types of items that always go to a person. Default: Authentication and Consent items, none in generation "O". */
  readonly neverAutomatic?: readonly string[];
  /** Paths whose values explanations do not show: they say "[redacted]". */
  readonly redact?: readonly string[];
}

/** The options with their defaults. */
export interface Settings {
  readonly generation: Generation;
  readonly neverAutomatic: readonly string[];
  readonly redact: readonly string[];
}

/** The options with their defaults filled in. */
export function settingsOf(options: RuleTableOptions = {}): Settings {
  const { generation = "N", redact = [] } = options;
  const people = generation === "O" ? [] : ["AuthenticationRequestItem", "ConsentRequestItem"];
  return { generation, neverAutomatic: options.neverAutomatic ?? people, redact };
}

/** Types of items that a general accepting entry answers (spec/domain.md 7.4, spec/connector-api.md 4.5). */
export const simpleTypes: { readonly [generation in Generation]: readonly string[] } = {
  N: ["CreateAttributeRequestItem", "ShareAttributeRequestItem"],
  O: [
    "AuthenticationRequestItem",
    "ConsentRequestItem",
    "CreateAttributeRequestItem",
    "RegisterAttributeListenerRequestItem",
    "ShareAttributeRequestItem",
  ],
};

/** What paths of the item under test begin with. */
export const itemPrefix = "content.item.";
/** What paths of one ResponseItem begin with. */
export const responseItemPrefix = "response.item.";
