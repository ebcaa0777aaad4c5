// What a handler is asked, and what it answers. Handlers know the engine and a profile; they know nothing of HTTP.
import type { Account, CommandOptions, Listed } from "rapport";
import type { Json, JsonObject } from "rapport/core";
import type { ConnectorParts } from "./parts.ts";
import type { Profile } from "./profiles/profile.ts";

/** A file of a form. */
export interface UploadedFile {
  readonly filename: string;
  readonly mimetype: string;
  readonly content: Uint8Array;
}

/** Values of a query: a text, or several of the same name. */
export type QueryTexts = { readonly [name: string]: string | readonly string[] };

/** One call, authenticated, validated and taken apart. */
export interface Ask {
  readonly account: Account;
  readonly profile: Profile;
  readonly params: { readonly [name: string]: string };
  /** Parameters of the query that the operation declares. */
  readonly query: QueryTexts;
  /** Filters of a list, by public name. */
  readonly filter: QueryTexts;
  readonly page: { readonly limit?: number; readonly after?: string };
  /** `{}` when there was none. */
  readonly body: JsonObject;
  readonly file: UploadedFile | undefined;
  readonly wants: "json" | "png";
  /** Of the sync route alone: what the caller would rather have (spec/connector-api.md 5.2). */
  readonly prefers: { readonly prefer: string | undefined; readonly isClientForm: boolean };
  /** `Idempotency-Key`, and the id that goes into logs and webhooks. */
  readonly command: CommandOptions;
  readonly correlationId: string;
  readonly connector: ConnectorParts;
}

/** What becomes of it. */
export type Reply =
  | { readonly kind: "result"; readonly result: Json; readonly location?: string; readonly headers?: Headers }
  | { readonly kind: "list"; readonly list: AnyList }
  | { readonly kind: "entry"; readonly entry: Listed<unknown>; readonly list: Omit<AnyList, "items"> }
  | { readonly kind: "plain"; readonly body: Json; readonly status?: number }
  | { readonly kind: "nothing"; readonly headers?: Headers }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array; readonly mimetype: string; readonly filename: string }
  | { readonly kind: "picture"; readonly text: string; readonly filename: string; readonly location?: string }
  | {
      readonly kind: "other";
      readonly body: string | Uint8Array;
      readonly mimetype: string;
      readonly location?: string;
    };

type Headers = { readonly [name: string]: string };

/** A list that is written as it is read. */
export interface AnyList {
  /** Names what is listed, for the cache of rendered objects: same resource, profile, id and version, same text. */
  readonly resource: string;
  readonly items: AsyncIterable<Listed<unknown>>;
  render(view: unknown): JsonObject | Promise<JsonObject>;
  /** In this profile the objects look as they are stored: their texts can be given as they are. */
  readonly isVerbatim?: boolean | undefined;
}

/** Carries out one operation. Throws a RapportError for every legal no. */
export type Handler = (ask: Ask) => Promise<Reply>;

/** The handlers of a table of operations, one for each. */
export type HandlersOf<T> = { readonly [Name in keyof T]: Handler };

/** Answers 200 or 201, whichever the operation says, with the object in the envelope. */
export function result(value: Json, location?: string): Reply {
  return location === undefined ? { kind: "result", result: value } : { kind: "result", result: value, location };
}

/** Answers a list. */
export function listed<V>(list: {
  readonly resource: string;
  readonly items: AsyncIterable<Listed<V>>;
  render(view: V): JsonObject | Promise<JsonObject>;
  readonly isVerbatim?: boolean | undefined;
}): Reply {
  return { kind: "list", list: { ...list, render: (view) => list.render(view as V) } };
}

/** Answers one object of a list, whose text may be known already. */
export function entryOf<V>(
  entry: Listed<V>,
  list: { readonly resource: string; render(view: V): JsonObject | Promise<JsonObject> },
): Reply {
  return { kind: "entry", entry, list: { ...list, render: (view) => list.render(view as V) } };
}

/** Answers 204. */
export const nothing: Reply = Object.freeze({ kind: "nothing" });
