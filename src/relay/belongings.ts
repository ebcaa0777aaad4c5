/**
 * What belongs to an identity and goes with it, and what belongs to others and names it. Whoever adds a collection of
 * either kind adds a row here; what needs more than a row is a stage of remains.ts.
 */
import type { Document, Query } from "../ports/store.ts";
import type { Announcement } from "./admin.ts";
import {
  allocationPath,
  backupDeviceKey,
  challengePath,
  datawalletKey,
  deletionProcessPath,
  eventStream,
  type MessageDocument,
  messagePath,
  modificationStream,
  syncRunKey,
  type TemplateDocument,
  type TokenDocument,
  templatePath,
  tokenPath,
} from "./documents.ts";
import { type FileDocument, filePath } from "./file-documents.ts";
import { announcementPath, usagePath } from "./notice-documents.ts";

/**
 * Questions for documents that are deleted as they are, in this order. Slots that the identity took stay counted. Events
 * come last, because whatever could still bring one (a Relationship, a template, a token, a File) has to be gone by then.
 */
export const belongings: readonly ((address: string) => Query)[] = Object.freeze([
  (address: string) => ({ under: challengePath, where: { createdBy: [{ anyOf: [address] }] } }),
  (address: string) => ({ under: allocationPath, where: { address: [{ anyOf: [address] }] } }),
  (address: string) => ({ under: deletionProcessPath(address) }),
  (address: string) => ({ under: modificationStream(address) }),
  (address: string) => ({ under: usagePath(address) }),
  (address: string) => ({ under: eventStream(address) }),
]);

/** Keys of documents of which an identity has one. The heads of its streams are among them. */
export function soleBelongings(address: string): readonly string[] {
  return [
    datawalletKey(address),
    syncRunKey(address),
    backupDeviceKey(address),
    modificationStream(address),
    eventStream(address),
  ];
}

/** Who is replaced by what. */
export interface Renaming {
  readonly address: string;
  readonly pseudonym: string;
}

/** Documents of others that name an identity in a field. Once renamed, they are not found by it any more. */
export interface Mention {
  readonly under: string;
  readonly field: string;
  rename(document: Document, renaming: Renaming): Document;
}

/** All such documents but Relationships, which also change their state. */
export const mentions: readonly Mention[] = Object.freeze([
  mention<MessageDocument>(messagePath, "parties", (message, { address, pseudonym }) => {
    const named = (text: string) => (text === address ? pseudonym : text);
    return {
      ...message,
      createdBy: named(message.createdBy),
      recipients: message.recipients.map((recipient) => ({ ...recipient, address: named(recipient.address) })),
      parties: message.parties.filter((party) => party !== address),
    };
  }),
  // Those that it owns are gone by now, and whoever changed a File last owns it.
  mention<FileDocument>(filePath, "createdBy", (file, { pseudonym }) => ({
    ...file,
    createdBy: pseudonym,
    createdByDevice: null,
  })),
  mention<TemplateDocument>(templatePath, "forIdentity", (template, { pseudonym }) => ({
    ...template,
    forIdentity: pseudonym,
  })),
  mention<TokenDocument>(tokenPath, "forIdentity", (token, { pseudonym }) => ({ ...token, forIdentity: pseudonym })),
  // Without recipients it would be for everybody.
  mention<Announcement>(announcementPath, "recipients", (announcement, { address, pseudonym }) => ({
    ...announcement,
    recipients: (announcement.recipients ?? []).map((recipient) => (recipient === address ? pseudonym : recipient)),
  })),
]);

function mention<D extends Document>(
  under: string,
  field: string,
  rename: (document: D, renaming: Renaming) => D,
): Mention {
  // What is kept under a path is known here; the store does not know it.
  return { under, field, rename: (document, renaming) => rename(document as D, renaming) };
}
