/** What the relay tells everybody: tags, references of public templates, Notifications (spec/backbone-protocol.md 5.5). */
import { refuse } from "../errors/refusal.ts";
import { notificationCodeCharsMax, notificationRecipientsMax } from "../limits.ts";
import { toBase64Url, utf8 } from "../model/bytes.ts";
import type { JsonObject } from "../model/json.ts";
import { isAddress } from "../sealed/address.ts";
import { type Handler, type OpenHandler, work } from "./asked.ts";
import type { Desk } from "./desk.ts";
import { type IdentityDocument, identityKey } from "./documents.ts";
import { answerOnly } from "./draft.ts";
import { type Fields, fieldsOf } from "./fields.ts";
import {
  type NotificationCodesDocument,
  notificationCodesKey,
  type ReferencesDocument,
  referencesKey,
  type TagsDocument,
  tagsKey,
} from "./notice-documents.ts";
import { is } from "./relationship-state.ts";
import { youngestOf } from "./relationships.ts";

const prefix = "error.platform.validation.notification";

/** Whoever has the current version gets a 304. */
export const getTags: OpenHandler = (asked, desk) =>
  work({
    gather: async (reads) => (await reads.peek<TagsDocument>(tagsKey))?.document ?? tagsDocument(desk, noTags),
    plan: ({ text, etag }) =>
      isCurrent(asked.call.etag, etag)
        ? answerOnly({}, { status: 304, etag })
        : answerOnly(JSON.parse(text) as JsonObject, { etag }),
  });

/** The collection while the operator has set none. */
export const noTags: JsonObject = Object.freeze({ supportedLanguages: ["en"], tagsForAttributeValueTypes: {} });

/** Kept as text, because the version is that of the text, and not every store keeps the order of members. */
export function tagsDocument({ crypto }: Desk, collection: JsonObject): TagsDocument {
  const text = JSON.stringify(collection);
  return { text, etag: `"${toBase64Url(crypto.hashing.sha256(utf8(text)))}"` };
}

/** The header may name several versions, each strong or weak. */
function isCurrent(given: string | undefined, etag: string): boolean {
  return given?.split(",").some((one) => one.trim().replace(/^W\//, "") === etag) === true;
}

/** The relay pushes to no platform, so a Notification that it accepts ends here. */
export const sendNotification: Handler = (asked, desk, caller) => {
  const fields = fieldsOf(asked.body);
  const code = fields.text("code", notificationCodeCharsMax);
  const recipients = recipientsIn(fields, desk, asked.body["recipients"]);
  if (fields.problem !== undefined) return { ok: false, refusal: fields.problem };
  return work({
    gather: async (reads) => {
      const codes = (await reads.peek<NotificationCodesDocument>(notificationCodesKey))?.document.codes ?? [];
      const relationships = [];
      for (const recipient of recipients) relationships.push(await youngestOf(reads, caller.address, recipient));
      return { codes, relationships };
    },
    plan: ({ codes, relationships }) => {
      if (!codes.includes(code)) {
        return refuse(`${prefix}.codeDoesNotExist`, "The relay does not know this notification code.");
      }
      if (relationships.includes(undefined)) {
        return refuse(
          `${prefix}.noRelationshipToOneOrMoreRecipientsExists`,
          "There is no Relationship with a recipient.",
        );
      }
      if (relationships.some((one) => one !== undefined && !is(one, "relayTakesMessages"))) {
        const message = "The Relationship with a recipient has ended.";
        return refuse(`${prefix}.relationshipToRecipientIsNotInCorrectStatus`, message);
      }
      return answerOnly({});
    },
  });
};

function recipientsIn(fields: Fields, { crypto }: Desk, given: JsonObject[string]): readonly string[] {
  const isList = Array.isArray(given) && given.length > 0 && given.length <= notificationRecipientsMax;
  const addresses: string[] = [];
  for (const one of isList ? given : []) if (isAddress(crypto, one)) addresses.push(one);
  if (!isList || addresses.length < given.length) {
    fields.fail("recipients", `a list of 1 to ${notificationRecipientsMax} addresses`);
  }
  return [...new Set(addresses)];
}

/** Those of the client that created the caller's identity. */
export const listPublicTemplateReferences: Handler = (_asked, _desk, caller) =>
  work({
    gather: async (reads) => {
      const clientId = (await reads.peek<IdentityDocument>(identityKey(caller.address)))?.document.clientId ?? null;
      if (clientId === null) return [];
      return (await reads.peek<ReferencesDocument>(referencesKey(clientId)))?.document.references ?? [];
    },
    plan: (references) => answerOnly(references),
  });

/** Lets a caller in; whoever serves HTTP holds the stream open and fills it with the news of `Relay.onNews`. */
export const openEventStream: Handler = () => work({ gather: async () => undefined, plan: () => answerOnly({}) });
