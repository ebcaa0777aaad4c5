/**
 * Shapes and keys of everything the relay keeps. Kinds are singular, so that a relay and an engine can share one store.
 * Instants are the protocol's strings unless the name ends in `Ms`.
 */
import type { RelationshipEnvelope } from "rapport/machines";
import type { JsonObject } from "../model/json.ts";
import type { Collection } from "../ports/store.ts";
import type {
  WireAuditEntry,
  WireDeletionAuditEntry,
  WireExternalEvent,
  WireModification,
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
  /** Its active deletion process: there is at most one, since there is one such member. */
  readonly deletionProcessId?: string;
  /** When its grace period is over, or when it ended; absent while it is Active. */
  readonly endsAtMs?: number;
};
export const identityPath = "relay/identity";
export const identityKey = (address: string): string => `${identityPath}/${address}`;

export type DeletionProcessDocument = {
  readonly id: string;
  readonly status: "Active" | "Cancelled";
  readonly createdAt: string;
  readonly createdByDevice: string;
  readonly gracePeriodEndsAt: string | null;
  readonly cancelledAt?: string;
  readonly cancelledByDevice?: string;
  readonly auditLog: readonly WireDeletionAuditEntry[];
};
export const deletionProcessPath = (address: string): string => `relay/deletion/${address}`;
export const deletionProcessKey = (address: string, id: string): string => `${deletionProcessPath(address)}/${id}`;

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
export const devicePath = "relay/device";
export const deviceKey = (username: string): string => `${devicePath}/${username}`;

/** The one backup device that an identity may have. */
export type BackupDeviceDocument = { readonly deviceId: string };
export const backupDeviceKey = (address: string): string => `relay/backup-device/${address}`;

/** Where an app wants to be woken. */
export type PushDocument = {
  readonly id: string;
  readonly platform: string;
  readonly handle: string;
  readonly appId: string;
  readonly environment: string;
};
export const pushKey = (deviceId: string): string => `relay/push/${deviceId}`;

/** That a username belonged to an identity that was erased. The key is a hash, so that nothing of it is left. */
export type FormerDocument = { readonly erasedAt: string };
export const formerKey = (usernameHash: string): string => `relay/former/${usernameHash}`;

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
  /** When it is looked whether it can be erased; absent when it never expires. */
  readonly forgetAtMs?: number;
};
export const templatePath = "relay/template";
export const templateKey = (id: string): string => `${templatePath}/${id}`;

/** That an identity holds a slot of the template `of`, or has read the token `of`. */
export type AllocationDocument = { readonly of: string; readonly address: string; readonly allocatedAt: string };
export const allocationPath = "relay/allocation";
export const allocationKey = (of: string, address: string): string => `${allocationPath}/${of}.${address}`;
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
  /** When it is erased. */
  readonly forgetAtMs: number;
};
export const tokenPath = "relay/token";
export const tokenKey = (id: string): string => `${tokenPath}/${id}`;
export const tokenFailureCounter = (id: string): string => `relay/token-failure/${id}`;

export type RelationshipDocument = {
  readonly id: string;
  readonly templateId: string;
  readonly from: string;
  readonly to: string;
  /** `from` and `to`, as far as their identities were not erased. */
  readonly parties: readonly string[];
  readonly createdAt: string;
  readonly state: RelationshipEnvelope;
  readonly auditLog: readonly WireAuditEntry[];
  readonly creationContent: string | null;
  readonly creationResponseContent: string | null;
  /** The parties that decomposed it. */
  readonly decomposedBy: readonly string[];
  /** When the row itself is erased; absent until both have left. */
  readonly forgetAtMs?: number;
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

/** Events that the peers of an identity are still to be told; see telling.ts. */
export type Telling = {
  readonly about: string;
  readonly type: "PeerToBeDeleted" | "PeerDeletionCancelled";
  readonly deletionDate: string | null;
  /** Key of the Relationship whose peer was told last. */
  readonly after: string | null;
};

/**
 * That something is left to do about the object with this id: it ended and not all of it was erased (erasing.ts,
 * remains.ts), or it is a deletion process that not all peers know of (telling.ts).
 */
export type LeftoverDocument = { readonly id: string; readonly telling?: Telling };
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
  readonly owner: string;
  readonly hash: string;
  readonly status: number;
  /** The result as JSON text, so that a replay is byte for byte the first answer; empty when the call was refused. */
  readonly result: string;
  /** Why the call was refused. */
  readonly refusal?: JsonObject;
  readonly forgetAtMs: number;
};
export const idempotencyPath = "relay/idempotency";
export const idempotencyKey = (owner: string, key: string): string => `${idempotencyPath}/${owner}.${key}`;

/** The key of entry `index` of a stream, as the Store port lays it down. */
export const entryKey = (stream: string, index: number): string => `${stream}/${String(index).padStart(12, "0")}`;

/** The index within its stream of the entry with this key. */
export const entryIndex = (key: string): number => Number(key.slice(key.lastIndexOf("/") + 1));

/** Declared indexes; reads that use them are never what a rule rests on. */
export const collections: readonly Collection[] = Object.freeze([
  { kind: "identity", indexes: ["endsAtMs"], settled: true },
  { kind: "device", indexes: ["id", "address"] },
  { kind: "challenge", indexes: ["createdBy"] },
  { kind: "template", indexes: ["createdBy", "forIdentity", "forgetAtMs"] },
  { kind: "token", indexes: ["createdBy", "forIdentity", "forgetAtMs"] },
  { kind: "allocation", indexes: ["of", "address"] },
  { kind: "relationship", indexes: ["templateId", "parties", "forgetAtMs"] },
  { kind: "message", indexes: ["parties", "recipients.relationshipId"] },
  { kind: "file", indexes: ["createdBy", "owner", "expiresAt"] },
  { kind: "event", indexes: ["relationshipId"] },
  { kind: "announcement", indexes: ["recipients"] },
  { kind: "idempotency", indexes: ["owner"] },
]);
