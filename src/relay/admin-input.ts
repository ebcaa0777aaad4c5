/** Checks of what the operator hands in. Everything is copied first; the fault `input.invalid` names the first wrong member. */
import { fault } from "../errors/rapport-error.ts";
import {
  announcementActionsMax,
  announcementCharsMax,
  announcementRecipientsMax,
  clientSecretCharsMax,
  notificationCodeCharsMax,
  notificationCodesMax,
  publicTemplateReferencesMax,
  tagDepthMax,
  tagsBytesMax,
} from "../limits.ts";
import { utf8 } from "../model/bytes.ts";
import { instantOf, msOf } from "../model/instant.ts";
import { isInstantText } from "../model/iso-date.ts";
import type { Json, JsonObject } from "../model/json.ts";
import { snapshot } from "../model/snapshot.ts";
import { isAddress } from "../sealed/address.ts";
import type { WirePublicTemplateReference } from "../wire/shapes.ts";
import type { NewAnnouncement } from "./admin.ts";
import { isClientId } from "./clients.ts";
import type { Desk } from "./desk.ts";
import { isObject } from "./fields.ts";

/** A client of the registry. */
export function clientIn(given: unknown): { id: string; secret: string; maxIdentities: number | null | undefined } {
  const { id, secret, maxIdentities } = objectAt(copyOf(given, "client"), "client");
  const most = maxIdentities ?? null;
  if (most !== null && !(typeof most === "number" && Number.isSafeInteger(most) && most >= 0)) {
    throw wrong("maxIdentities", "null or an integer of at least 0");
  }
  return {
    id: clientIdIn(id, "id"),
    secret: textAt(secret, "secret", clientSecretCharsMax),
    maxIdentities: maxIdentities === undefined ? undefined : most,
  };
}

/** The id of a client. */
export function clientIdIn(given: unknown, member: string): string {
  if (isClientId(given)) return given;
  throw wrong(member, 'a text of 1 to 100 letters, digits or any of "_ . -"');
}

/** An announcement, with what was left out filled in. */
export function announcementIn(given: unknown, { crypto }: Desk, nowMs: number): Required<NewAnnouncement> {
  const { severity, texts, expiresAt, iqlQuery, recipients, actions } = objectAt(
    copyOf(given, "announcement"),
    "announcement",
  );
  const known = (["Low", "Medium", "High"] as const).find((one) => one === severity);
  if (known === undefined) throw wrong("severity", "Low, Medium or High");
  const isAbsent = (value: Json | undefined) => value === undefined || value === null;
  return {
    severity: known,
    texts: byLanguage(texts, "texts", (text, at) => {
      const { title, body } = objectAt(text, at);
      return {
        title: textAt(title, `${at}.title`, announcementCharsMax),
        body: textAt(body, `${at}.body`, announcementCharsMax),
      };
    }),
    expiresAt: isAbsent(expiresAt) ? null : futureAt(expiresAt, "expiresAt", nowMs),
    iqlQuery: isAbsent(iqlQuery) ? null : textAt(iqlQuery, "iqlQuery", announcementCharsMax),
    recipients: listAt(recipients ?? [], "recipients", announcementRecipientsMax).map((address, index) => {
      if (isAddress(crypto, address)) return address;
      throw wrong(`recipients[${index}]`, "an address");
    }),
    actions: listAt(actions ?? [], "actions", announcementActionsMax).map((action, index) => {
      const at = `actions[${index}]`;
      const { link, displayNames } = objectAt(action, at);
      return {
        link: textAt(link, `${at}.link`, announcementCharsMax),
        displayNames: byLanguage(displayNames, `${at}.displayNames`, nameAt),
      };
    }),
  };
}

/** The collection of tags (spec/backbone-protocol.md 5.5). */
export function tagsIn(given: unknown): JsonObject {
  const collection = objectAt(copyOf(given, "collection"), "collection");
  const languages = listAt(collection["supportedLanguages"], "supportedLanguages", 1_000);
  if (!languages.every(isLanguage)) throw wrong("supportedLanguages", "a list of two-letter languages");
  const types = objectAt(collection["tagsForAttributeValueTypes"], "tagsForAttributeValueTypes");
  for (const [type, tags] of Object.entries(types)) checkTags(tags, `tagsForAttributeValueTypes.${type}`, 1);
  if (utf8(JSON.stringify(collection)).length > tagsBytesMax) {
    throw wrong("collection", `at most ${tagsBytesMax} bytes of JSON`);
  }
  return collection;
}

function checkTags(given: Json | undefined, at: string, depth: number): void {
  if (depth > tagDepthMax) throw wrong(at, `nested at most ${tagDepthMax} deep`);
  for (const [tag, value] of Object.entries(objectAt(given, at))) {
    const { displayNames, children } = objectAt(value, `${at}.${tag}`);
    byLanguage(displayNames, `${at}.${tag}.displayNames`, nameAt);
    if (children !== undefined) checkTags(children, `${at}.${tag}.children`, depth + 1);
  }
}

/** The codes that Notifications may carry. */
export function notificationCodesIn(given: unknown): readonly string[] {
  const codes = listAt(copyOf(given, "codes"), "codes", notificationCodesMax).map((code, index) =>
    textAt(code, `codes[${index}]`, notificationCodeCharsMax),
  );
  return [...new Set(codes)];
}

/** The templates that a client shows. */
export function referencesIn(given: unknown): readonly WirePublicTemplateReference[] {
  const references = listAt(copyOf(given, "references"), "references", publicTemplateReferencesMax);
  return references.map((reference, index) => {
    const at = `references[${index}]`;
    const { title, description, truncatedReference } = objectAt(reference, at);
    return {
      title: textAt(title, `${at}.title`, announcementCharsMax),
      description: textAt(description, `${at}.description`, announcementCharsMax),
      truncatedReference: textAt(truncatedReference, `${at}.truncatedReference`, announcementCharsMax),
    };
  });
}

function copyOf(given: unknown, name: string): Json {
  const copied = snapshot(given, name);
  if (copied.ok) return copied.value;
  throw fault("input.invalid", copied.refusal.message);
}

function objectAt(given: Json | undefined, at: string): JsonObject {
  if (isObject(given)) return given;
  throw wrong(at, "an object");
}

function listAt(given: Json | undefined, at: string, most: number): readonly Json[] {
  if (Array.isArray(given) && given.length <= most) return given;
  throw wrong(at, `a list of at most ${most}`);
}

function textAt(given: Json | undefined, at: string, most: number): string {
  if (typeof given === "string" && given.length > 0 && given.length <= most) return given;
  throw wrong(at, `a text of 1 to ${most} characters`);
}

function nameAt(given: Json | undefined, at: string): string {
  return textAt(given, at, announcementCharsMax);
}

function futureAt(given: Json | undefined, at: string, nowMs: number): string {
  const ms = typeof given === "string" && isInstantText(given) ? msOf(given) : Number.NaN;
  if (ms > nowMs) return instantOf(ms);
  throw wrong(at, "an instant in the future (ISO 8601 with a time zone)");
}

/** One value per language; whoever asks for another one gets the English one, so that must be there. */
function byLanguage<T>(
  given: Json | undefined,
  at: string,
  read: (value: Json | undefined, at: string) => T,
): { readonly [language: string]: T } & { readonly en: T } {
  const { en, ...others } = objectAt(given, at);
  const values: { [language: string]: T } & { en: T } = { en: read(en, `${at}.en`) };
  for (const [language, value] of Object.entries(others)) {
    if (!isLanguage(language)) throw wrong(`${at}.${language}`, "under a two-letter language");
    values[language] = read(value, `${at}.${language}`);
  }
  return values;
}

function isLanguage(given: Json): boolean {
  return typeof given === "string" && /^[a-z]{2}$/.test(given);
}

function wrong(member: string, expected: string) {
  return fault("input.invalid", `${member} must be ${expected}.`);
}
