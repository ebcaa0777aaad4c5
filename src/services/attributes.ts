import { deleteAttribute } from "../engine/attribute-deletion.ts";
import { type CommandOptions, once } from "../engine/commands.ts";
import type { Account } from "../engine/context.ts";
import { sendNotices } from "../engine/outgoing-notification.ts";
import { allow, unwrap } from "../errors/refusal.ts";
import type { AttributeView } from "../items/attribute-ledger.ts";
import type { ForwardsRecord } from "../model/attribute-records.ts";
import type { JsonObject } from "../model/json.ts";
import { allOf, eachOf, everyAttribute, ownAttributes, ownSharedWith, receivedFrom } from "./attribute-lists.ts";
import { canCreate, create, markAsViewed } from "./attributes-creating.ts";
import { type IqlVerdict, one, suggestions, validateIql } from "./attributes-queries.ts";
import { forwardingDetails, getAttribute, versions, versionsSharedWith } from "./attributes-reading.ts";
import { notifyPeer, succeed } from "./attributes-succeeding.ts";
import { atTheDoor, attributeListOptions, id, jsonObject, listOptions, object, options, query, text } from "./door.ts";
import type { Listed, ListOptions, Query } from "./listing.ts";

/** A LocalAttribute; how many peers were given it is counted where it can be given to any. */
export type LocalAttribute = AttributeView & { readonly numberOfForwards?: number };

/** What one peer was given of one attribute. */
export type ForwardingDetails = Omit<ForwardsRecord["details"][number], "version"> & { readonly peer: string };

/** Input of `attributes.create`; the owner is this account. */
export interface NewAttributeInput {
  readonly content: JsonObject;
}

/** Input of `attributes.succeed`. Of a RelationshipAttribute, what is left out stays. */
export interface SucceedInput {
  readonly predecessorId: string;
  readonly successorContent: JsonObject;
}

/** A version and the one that took its place; `notificationId` is what told the peer. */
export interface Succeeded {
  readonly predecessor: LocalAttribute;
  readonly successor: LocalAttribute;
  readonly notificationId?: string;
}

/** Which versions a list has; `onlyLatestVersions` is true when it is left out. */
export interface AttributeListOptions extends ListOptions {
  readonly query?: Query;
  readonly onlyLatestVersions?: boolean;
  readonly hideTechnical?: boolean;
}

/** Whether something may be created, and if not, why. */
export type CanCreate =
  | { readonly isSuccess: true }
  | { readonly isSuccess: false; readonly code: string; readonly message: string };

/** Attributes of one account (spec/domain.md 6). Those that a Request shares or creates come with its items. */
export interface Attributes {
  canCreate(input: NewAttributeInput): Promise<CanCreate>;
  /** Creates an OwnIdentityAttribute, its texts trimmed. Refuses one whose value there is already. */
  create(input: NewAttributeInput, options?: CommandOptions): Promise<LocalAttribute>;
  get(id: string): Promise<LocalAttribute>;
  find(query?: Query, options?: ListOptions): Promise<LocalAttribute[]>;
  /** The same one by one, complete without a limit. */
  each(query?: Query, options?: ListOptions): AsyncIterable<Listed<LocalAttribute>>;
  /** OwnIdentityAttributes. */
  own(options?: AttributeListOptions): Promise<LocalAttribute[]>;
  eachOwn(options?: AttributeListOptions): AsyncIterable<Listed<LocalAttribute>>;
  /** Own attributes that the peer was given: of IdentityAttributes, the latest version that it has. */
  ownSharedWith(peer: string, options?: AttributeListOptions): Promise<LocalAttribute[]>;
  eachOwnSharedWith(peer: string, options?: AttributeListOptions): AsyncIterable<Listed<LocalAttribute>>;
  /** What the peer has given. */
  receivedFrom(peer: string, options?: AttributeListOptions): Promise<LocalAttribute[]>;
  eachReceivedFrom(peer: string, options?: AttributeListOptions): AsyncIterable<Listed<LocalAttribute>>;
  /** All versions of the attribute's line that are here, newest first. */
  versions(id: string): Promise<LocalAttribute[]>;
  versionsSharedWith(id: string, peer: string, options?: AttributeListOptions): Promise<LocalAttribute[]>;
  forwardingDetails(id: string, query?: Query): Promise<ForwardingDetails[]>;
  /** Puts a new version in the place of an own attribute. The partner of a RelationshipAttribute is told at once. */
  succeed(input: SucceedInput, options?: CommandOptions): Promise<Succeeded>;
  /** Gives a peer who has an earlier version of an OwnIdentityAttribute this one. */
  notifyPeer(
    input: { readonly attributeId: string; readonly peer: string },
    options?: CommandOptions,
  ): Promise<Required<Succeeded>>;
  /** Deletes it with its earlier versions, and tells everybody who has one of them or whom it came from. */
  delete(id: string, options?: CommandOptions): Promise<{ readonly notificationIds: readonly string[] }>;
  markAsViewed(id: string, options?: CommandOptions): Promise<LocalAttribute>;
  /** Attributes that answer the query. */
  executeIdentityAttributeQuery(query: JsonObject): Promise<LocalAttribute[]>;
  /** The attribute that answers the query; throws `error.runtime.recordNotFound` when there is none. */
  executeRelationshipAttributeQuery(query: JsonObject): Promise<LocalAttribute>;
  executeThirdPartyRelationshipAttributeQuery(query: JsonObject): Promise<LocalAttribute[]>;
  executeIqlQuery(query: JsonObject): Promise<LocalAttribute[]>;
  validateIqlQuery(query: JsonObject): Promise<IqlVerdict>;
}

/** The service of one account. */
export function createAttributes(account: Account): Attributes {
  return atTheDoor<Attributes>({ ...listsOf(account), ...readingOf(account), ...commandsOf(account) }, checks);
}

type Command = "create" | "succeed" | "notifyPeer" | "delete" | "markAsViewed";

type Lists =
  | "find"
  | "each"
  | "own"
  | "eachOwn"
  | "ownSharedWith"
  | "eachOwnSharedWith"
  | "receivedFrom"
  | "eachReceivedFrom";

function listsOf(account: Account): Pick<Attributes, Lists> {
  const asked = (options: AttributeListOptions) => ({ query: options.query, options });
  return {
    find: (query, options) => allOf(account, { query, options }, everyAttribute()),
    each: (query, options) => eachOf(account, { query, options }, everyAttribute()),
    own: (part = {}) => allOf(account, asked(part), ownAttributes(part)),
    eachOwn: (part = {}) => eachOf(account, asked(part), ownAttributes(part)),
    ownSharedWith: (peer, part = {}) => allOf(account, asked(part), ownSharedWith(account, peer, part)),
    eachOwnSharedWith: (peer, part = {}) => eachOf(account, asked(part), ownSharedWith(account, peer, part)),
    receivedFrom: (peer, part = {}) => allOf(account, asked(part), receivedFrom(peer, part)),
    eachReceivedFrom: (peer, part = {}) => eachOf(account, asked(part), receivedFrom(peer, part)),
  };
}

function readingOf(account: Account): Omit<Attributes, Command | Lists> {
  return {
    canCreate: (input) => canCreate(account, input),
    get: (id) => getAttribute(account, id),
    versions: (id) => versions(account, id),
    versionsSharedWith: (id, peer, part) => versionsSharedWith(account, { id, peer }, part),
    forwardingDetails: (id, wanted) => forwardingDetails(account, id, wanted),
    executeIdentityAttributeQuery: (wanted) => suggestions(account, "IdentityAttributeQuery", wanted),
    executeRelationshipAttributeQuery: async (wanted) =>
      one(await suggestions(account, "RelationshipAttributeQuery", wanted)),
    executeThirdPartyRelationshipAttributeQuery: (wanted) =>
      suggestions(account, "ThirdPartyRelationshipAttributeQuery", wanted),
    executeIqlQuery: (wanted) => suggestions(account, "IQLQuery", wanted),
    validateIqlQuery: async (wanted) => unwrap(validateIql(wanted)),
  };
}

function commandsOf(account: Account): Pick<Attributes, Command> {
  const replay = async <T>(stored: JsonObject) => stored as unknown as T;
  const command = (name: string, input: unknown, options: CommandOptions | undefined) => ({
    name: `attributes.${name}`,
    input,
    options,
  });
  return {
    create: (input, given) =>
      once<LocalAttribute>(account, command("create", input, given), {
        run: (tag) => create(account, input, tag),
        replay,
      }),
    succeed: (input, given) =>
      once<Succeeded>(account, command("succeed", input, given), {
        run: (tag) => succeed(account, input, tag),
        replay,
      }),
    notifyPeer: (input, given) =>
      once<Required<Succeeded>>(account, command("notifyPeer", input, given), {
        run: (tag) => notifyPeer(account, input, tag),
        replay,
      }),
    delete: (id, given) =>
      once<{ notificationIds: readonly string[] }>(account, command("delete", { id }, given), {
        async run(tag) {
          const deleted = await deleteAttribute(account, id, tag);
          if (!deleted.ok) return deleted;
          await sendNotices(account, deleted.value.intents);
          return allow({ notificationIds: deleted.value.notificationIds });
        },
        replay,
      }),
    markAsViewed: (id, given) =>
      once<LocalAttribute>(account, command("markAsViewed", { id }, given), {
        run: (tag) => markAsViewed(account, id, tag),
        replay,
      }),
  };
}

const input = object("input", { content: jsonObject("content") });
const wanted = jsonObject("query");

const sharedList = [text("peer"), attributeListOptions];

const checks = {
  canCreate: [input],
  create: [input, options],
  get: [id],
  find: [query, listOptions],
  each: [query, listOptions],
  own: [attributeListOptions],
  eachOwn: [attributeListOptions],
  ownSharedWith: sharedList,
  eachOwnSharedWith: sharedList,
  receivedFrom: sharedList,
  eachReceivedFrom: sharedList,
  versions: [id],
  versionsSharedWith: [id, text("peer"), attributeListOptions],
  forwardingDetails: [id, query],
  succeed: [
    object("input", { predecessorId: text("predecessorId"), successorContent: jsonObject("successorContent") }),
    options,
  ],
  notifyPeer: [object("input", { attributeId: text("attributeId"), peer: text("peer") }), options],
  delete: [id, options],
  markAsViewed: [id, options],
  executeIdentityAttributeQuery: [wanted],
  executeRelationshipAttributeQuery: [wanted],
  executeThirdPartyRelationshipAttributeQuery: [wanted],
  executeIqlQuery: [wanted],
  validateIqlQuery: [wanted],
};
