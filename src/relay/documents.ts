/**
 * Shapes and keys of everything the relay keeps. Kinds are singular, so that a relay and an engine can share one store.
 * Instants are the protocol's strings unless the name ends in `Ms`.
 */
import type { RelationshipEnvelope } from "rapport/machines";
import type { Collection } from "../ports/store.ts";
import type {
  WireAuditEntry,
  WireExternalEvent,
  WireModification,
  WirePublicTemplateReference,
  WireSyncRun,
} from "../wire/shapes.ts";

export type IdentityDocument = {
  readonly address: string;
  readonly publicKey: string;
  readonly createdAt: string;
  /** Anything but Active means that the identity is about to be deleted. */
  readonly status: "Active" | "ToBeDeleted" | "Deleting";
  /** The client that created it, if it had an id. */
  readonly clientId: string | null;
};
export const identityKey = (address: string): string => `relay/identity/${address}`;

/** A secret at rest: SHA-512 over salt and secret. */
export type SecretHash = { readonly salt: string; readonly hash: string };

/** A client of the registry beside those in the relay's options. */
export type ClientDocument = {
  readonly id: string;
  readonly createdAt: string;
  readonly secret: SecretHash;
  readonly maxIdentities: number | null;
};
export const clientPath = "relay/client";
export const clientKey = (id: string): string => `${clientPath}/${id}`;
/** How many identities a client has created; whoever erases one lowers it. */
export const clientIdentityCounter = (clientId: string): string => `relay/client-identities/${clientId}`;

export type DeviceDocument = {
  readonly id: string;
  readonly username: string;
  readonly address: string;
  readonly createdAt: string;
  readonly createdByDevice: string;
  readonly communicationLanguage: string;
  readonly isBackupDevice: boolean;
  readonly password: SecretHash;
};
export const deviceKey = (username: string): string => `relay/device/${username}`;

/** What changes with logins; apart from the device so that wrong passwords do not disturb its other writers. */
export type LoginDocument = {
  readonly failures: number;
  readonly lockedUntilMs: number;
  readonly lastLoginAt: string | null;
};
export const loginKey = (username: string): string => `relay/login/${username}`;

/** The keys that sign access tokens, sealed. */
export const signingKeysKey = "relay/secret/signing-keys";

export type EpochDocument = { readonly epoch: number; readonly restores: number };
export const epochKey = (deviceId: string): string => `relay/epoch/${deviceId}`;
/** How many Messages a device has sent: a client that knows of fewer runs on an old copy of its store. */
export const sentCounter = (deviceId: string): string => `relay/sent/${deviceId}`;

export type ChallengeDocument = {
  readonly expiresAtMs: number;
  readonly createdBy: string | null;
  readonly createdByDevice: string | null;
};
export const challengePath = "relay/challenge";
export const challengeKey = (id: string): string => `${challengePath}/${id}`;

export type TemplateDocument = {
  readonly id: string;
  readonly createdBy: string;
  readonly createdByDevice: string;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly maxNumberOfAllocations: number | null;
  readonly forIdentity: string | null;
  readonly password: SecretHash | null;
  readonly content: string;
};
export const templateKey = (id: string): string => `relay/template/${id}`;

/** That an identity holds a slot of a template, or has read a token. */
export type AllocationDocument = { readonly address: string; readonly allocatedAt: string };
export const allocationPath = (of: string): string => `relay/allocation/${of}`;
export const allocationKey = (of: string, address: string): string => `${allocationPath(of)}/${address}`;
export const allocationCounter = (templateId: string): string => `relay/allocation-count/${templateId}`;

export type TokenDocument = {
  readonly id: string;
  readonly createdBy: string | null;
  readonly createdByDevice: string | null;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly forIdentity: string | null;
  readonly password: SecretHash | null;
  readonly content: string | null;
};
export const tokenKey = (id: string): string => `relay/token/${id}`;
export const tokenFailureCounter = (id: string): string => `relay/token-failure/${id}`;

export type RelationshipDocument = {
  readonly id: string;
  readonly templateId: string;
  readonly from: string;
  readonly to: string;
  readonly createdAt: string;
  readonly state: RelationshipEnvelope;
  readonly auditLog: readonly WireAuditEntry[];
  readonly creationContent: string | null;
  readonly creationResponseContent: string | null;
  /** The parties that decomposed it. */
  readonly decomposedBy: readonly string[];
};
export const relationshipPath = "relay/relationship";
export const relationshipKey = (id: string): string => `${relationshipPath}/${id}`;

/**
 * The youngest Relationship of two identities. It stays when both have left: 12.4 refuses a Message to somebody with whom a
 * Relationship has ended by another code than one to a stranger. The next Relationship of the two writes over it.
 */
export type PairDocument = { readonly relationshipId: string };
export const pairKey = (one: string, other: string): string =>
  one < other ? `relay/pair/${one}/${other}` : `relay/pair/${other}/${one}`;

/** Events that wait for a Relationship to become Active. */
export type ParkedDocument = { readonly events: readonly EventDraft[] };
export const parkedKey = (relationshipId: string): string => `relay/parked/${relationshipId}`;

export type RecipientDocument = {
  readonly address: string;
  readonly encryptedKey: string;
  readonly relationshipId: string;
  readonly receivedAt: string | null;
  readonly receivedByDevice: string | null;
};
export type MessageDocument = {
  readonly id: string;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly createdByDevice: string;
  readonly body: string;
  readonly recipients: readonly RecipientDocument[];
  /** Sender and recipients, for lists. */
  readonly parties: readonly string[];
  /** Ids of Files; absent when there are none. */
  readonly attachments?: readonly string[];
};
export const messagePath = "relay/message";
export const messageKey = (id: string): string => `${messagePath}/${id}`;
export const unreceivedCounter = (relationshipId: string, recipient: string): string =>
  `relay/unreceived/${relationshipId}/${recipient}`;

/** Announcements are kept as the operator's object shows them (admin.ts). */
export const announcementPath = "relay/announcement";
export const announcementKey = (id: string): string => `${announcementPath}/${id}`;
export const announcementCounter = "relay/announcement-count/all";

/** What the operator sets as one whole. */
export type TagsDocument = { readonly text: string; readonly etag: string };
export const tagsKey = "relay/notice/tags";
export type NotificationCodesDocument = { readonly codes: readonly string[] };
export const notificationCodesKey = "relay/notice/notification-codes";
export type ReferencesDocument = { readonly references: readonly WirePublicTemplateReference[] };
export const referencesKey = (clientId: string): string => `relay/public-references/${clientId}`;

/** What an identity has used within one period. The counter's key says when the period ends, for the sweeper. */
export const usagePath = (address: string): string => `relay/usage/${address}`;
export const usageKey = (
  address: string,
  { metric, period, endsAtMs }: { readonly metric: string; readonly period: string; readonly endsAtMs: number },
): string => `${usagePath(address)}/${metric}.${period}.${endsAtMs}`;
/** When the period of this counter ends; NaN for a key that is none of a counter of use. */
export const usageEndOf = (key: string): number =>
  key.startsWith("relay/usage/") ? Number(key.slice(key.lastIndexOf(".") + 1)) : Number.NaN;

/** `createdByDevice` is null once the identity that created it was erased. */
export type FileDocument = {
  readonly id: string;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly createdByDevice: string | null;
  readonly modifiedAt: string;
  readonly modifiedBy: string;
  readonly modifiedByDevice: string;
  readonly owner: string;
  readonly ownerSignature: string;
  readonly ownershipToken: SecretHash;
  readonly ownershipIsLocked: boolean;
  readonly cipherSize: number;
  readonly cipherHash: string;
  readonly expiresAt: string | null;
  readonly encryptedProperties: string;
  /** The name of its bytes. */
  readonly blob: string;
};
export const filePath = "relay/file";
export const fileKey = (id: string): string => `${filePath}/${id}`;

/** That bytes have no File yet, or none any more (`isDoomed`); see file-bytes.ts. */
export type DoomedBlobDocument = { readonly name: string; readonly isDoomed: boolean; readonly forgetAtMs: number };
export const doomedBlobPath = "relay/doomed-blob";
export const doomedBlobKey = (name: string): string => `${doomedBlobPath}/${name}`;

/** An event before it has an index. `relationshipId` lets a decomposition find it. */
export type EventDraft = {
  readonly to: string;
  readonly id: string;
  readonly type: WireExternalEvent["type"];
  readonly createdAt: string;
  readonly payload: { readonly [member: string]: string };
  readonly relationshipId: string | null;
};
export type EventDocument = Omit<EventDraft, "to"> & { readonly syncErrorCount: number };
/** The stream of an identity's events; done ones are deleted, so it holds what is still to be told. */
export const eventStream = (address: string): string => `relay/event/${address}`;
export const eventKey = (address: string, index: number): string => entryKey(eventStream(address), index);

/** That not all was erased when the object with this id ended; see erasing.ts. */
export type LeftoverDocument = { readonly id: string };
export const leftoverPath = "relay/leftover";
export const leftoverKey = (id: string): string => `${leftoverPath}/${id}`;

export type SyncRunDocument = {
  readonly run: WireSyncRun;
  readonly expiresAtMs: number;
  readonly lifeMs: number;
  readonly finalized: boolean;
  /** Index by id of the events that were handed out. */
  readonly events: { readonly [id: string]: number };
  /** Ids of the runs before, newest first. */
  readonly earlier: readonly string[];
};
export const syncRunKey = (address: string): string => `relay/syncrun/${address}`;

export type DatawalletDocument = { readonly version: number };
export const datawalletKey = (address: string): string => `relay/datawallet/${address}`;
export type ModificationDocument = Omit<WireModification, "index">;
export const modificationStream = (address: string): string => `relay/modification/${address}`;
export const modificationKey = (address: string, index: number): string => entryKey(modificationStream(address), index);

export type IdempotencyDocument = {
  readonly hash: string;
  readonly status: number;
  /** The result as JSON text, so that a replay is byte for byte the first answer. */
  readonly result: string;
  readonly forgetAtMs: number;
};
export const idempotencyPath = (owner: string): string => `relay/idempotency/${owner}`;
export const idempotencyKey = (owner: string, key: string): string => `${idempotencyPath(owner)}/${key}`;

/** The key of entry `index` of a stream, as the Store port lays it down. */
export const entryKey = (stream: string, index: number): string => `${stream}/${String(index).padStart(12, "0")}`;

/** The index within its stream of the entry with this key. */
export const entryIndex = (key: string): number => Number(key.slice(key.lastIndexOf("/") + 1));

/** Declared indexes; reads that use them are never what a rule rests on. */
export const collections: readonly Collection[] = Object.freeze([
  { kind: "identity", indexes: [] },
  { kind: "device", indexes: ["id", "address"] },
  { kind: "relationship", indexes: ["templateId"] },
  { kind: "message", indexes: ["parties", "recipients.relationshipId"] },
  { kind: "file", indexes: ["createdBy", "owner", "expiresAt"] },
  { kind: "event", indexes: ["relationshipId"] },
]);
