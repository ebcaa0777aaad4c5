/**
 * What the relay answers (spec/backbone-protocol.md 4-7). Unset members are `null`, never absent. These are type aliases
 * and not interfaces, because only aliases fit `JsonObject`.
 */
import type { RelationshipAuditReason, RelationshipStatus } from "rapport/machines";

/** A page of a list, when there is more than one. */
export type WirePagination = {
  readonly pageNumber: number;
  readonly pageSize: number;
  readonly totalPages: number;
  readonly totalRecords: number;
};

/** The raw answer of the token endpoint. */
export type WireAccessToken = {
  readonly access_token: string;
  readonly token_type: "Bearer";
  readonly expires_in: number;
};

export type WireChallenge = {
  readonly id: string;
  readonly expiresAt: string;
  readonly createdBy: string | null;
  readonly createdByDevice: string | null;
};

export type WireIdentity = {
  readonly address: string;
  readonly createdAt: string;
  readonly device: { readonly id: string; readonly username: string; readonly createdAt: string };
};

export type WireDeletionAuditEntry = {
  readonly createdAt: string;
  readonly createdByDevice: string;
  readonly oldStatus: WireDeletionStatus | null;
  readonly newStatus: WireDeletionStatus;
};
export type WireDeletionStatus = "Active" | "Cancelled";

/** A deletion process. Nothing is sent to remind anybody, so those members stay null. The last two come with a cancellation. */
export type WireDeletionProcess = {
  readonly id: string;
  readonly status: WireDeletionStatus;
  readonly createdAt: string;
  readonly createdByDevice: string;
  readonly approvedAt: string;
  readonly approvedByDevice: string;
  readonly gracePeriodEndsAt: string | null;
  readonly gracePeriodReminder1SentAt: null;
  readonly gracePeriodReminder2SentAt: null;
  readonly gracePeriodReminder3SentAt: null;
  readonly cancelledAt?: string;
  readonly cancelledByDevice?: string;
};
export type WireDeletionProcessWithLog = WireDeletionProcess & { readonly auditLog: readonly WireDeletionAuditEntry[] };

export type WireDeletion = { readonly isDeleted: boolean; readonly deletionDate: string | null };

export type WireDevice = {
  readonly id: string;
  readonly username: string;
  readonly createdAt: string;
  readonly createdByDevice: string;
  readonly lastLogin: { readonly time: string } | null;
  readonly communicationLanguage: string;
  readonly isBackupDevice: boolean;
};

/** `restored` says that the caller was behind: its store is an old copy. `restores` counts how often that was so. */
export type WireEpoch = {
  readonly epoch: number;
  /** Messages that the device has sent. */
  readonly sent: number;
  readonly restored: boolean;
  readonly restores: number;
};

/** What registering a device answers. */
export type WireNewDevice = {
  readonly id: string;
  readonly username: string;
  readonly createdAt: string;
  readonly createdByDevice: string;
  readonly isBackupDevice: boolean;
};
export type WirePushRegistration = { readonly devicePushIdentifier: string };

/** What creating a template, message or token answers. */
export type WireCreated = { readonly id: string; readonly createdAt: string };

export type WireTemplate = {
  readonly id: string;
  readonly createdBy: string;
  readonly createdByDevice: string;
  readonly maxNumberOfAllocations: number | null;
  readonly forIdentity: string | null;
  readonly expiresAt: string | null;
  readonly content: string;
  readonly createdAt: string;
};

export type WireCanCreate = { readonly canCreate: boolean; readonly code: string | null };

/** The wire and the chart name statuses alike. */
export type WireRelationshipStatus = RelationshipStatus;

/** The wire and the chart name reasons alike. */
export type WireAuditReason = RelationshipAuditReason;

export type WireAuditEntry = {
  readonly createdAt: string;
  readonly createdBy: string;
  readonly createdByDevice: string | null;
  readonly reason: WireAuditReason;
  readonly oldStatus: WireRelationshipStatus | null;
  readonly newStatus: WireRelationshipStatus;
};

/** A relationship as writing operations answer it. */
export type WireRelationship = {
  readonly id: string;
  readonly relationshipTemplateId: string | null;
  readonly from: string;
  readonly to: string;
  readonly createdAt: string;
  readonly status: WireRelationshipStatus;
  readonly auditLog: readonly WireAuditEntry[];
};

/** A relationship as reading operations answer it. */
export type WireRelationshipWithContents = WireRelationship & {
  readonly creationContent: string | null;
  readonly creationResponseContent: string | null;
};

export type WireRecipient = {
  readonly address: string;
  readonly encryptedKey: string;
  readonly receivedAt: string | null;
  readonly receivedByDevice: string | null;
};

/** `body` is absent only when the caller asked for `noBody`. */
export type WireMessage = {
  readonly id: string;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly createdByDevice: string;
  readonly body?: string;
  readonly attachments: readonly { readonly id: string }[];
  readonly recipients: readonly WireRecipient[];
};

/** `createdByDevice` is null once the identity that created it was erased. */
type WireFileHead = {
  readonly id: string;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly createdByDevice: string | null;
  readonly modifiedAt: string;
  readonly modifiedBy: string;
  readonly modifiedByDevice: string;
  readonly deletedAt: null;
  readonly deletedBy: null;
  readonly deletedByDevice: null;
  readonly owner: string;
  readonly ownerSignature: string;
  readonly ownershipIsLocked: boolean;
  readonly cipherSize: number;
  readonly cipherHash: string;
  readonly expiresAt: string | null;
};
/** A File as reading answers it. */
export type WireFile = WireFileHead & { readonly encryptedProperties: string };
/** A File as its upload answers it, the only time that somebody sees the token. */
export type WireUploadedFile = WireFileHead & { readonly ownershipToken: string };

/** A token as updating its content answers it. */
export type WireTokenWithoutContent = {
  readonly id: string;
  readonly createdBy: string | null;
  readonly createdByDevice: string | null;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly forIdentity: string | null;
  readonly isPasswordProtected: boolean;
};
export type WireToken = WireTokenWithoutContent & { readonly content: string | null };

export type WireModification = {
  readonly id: string;
  readonly index: number;
  readonly objectIdentifier: string;
  readonly payloadCategory: string | null;
  readonly createdAt: string;
  readonly createdByDevice: string;
  readonly collection: string;
  readonly type: "Create" | "Update" | "Delete" | "CacheChanged";
  readonly encryptedPayload: string | null;
  readonly datawalletVersion: number;
};

export type WirePushedModification = { readonly id: string; readonly index: number; readonly createdAt: string };
export type WireSyncRunType = "ExternalEventSync" | "DatawalletVersionUpgrade";

export type WireSyncRun = {
  readonly id: string;
  readonly type: WireSyncRunType;
  readonly expiresAt: string;
  readonly index: number;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly createdByDevice: string;
  readonly eventCount: number;
};

export type WireSyncRunStart =
  | { readonly status: "Created"; readonly syncRun: WireSyncRun }
  | { readonly status: "NoNewEvents"; readonly syncRun: null };

export const externalEventTypes = [
  "RelationshipStatusChanged",
  "RelationshipReactivationRequested",
  "RelationshipReactivationCompleted",
  "MessageReceived",
  "MessageDelivered",
  "PeerToBeDeleted",
  "PeerDeletionCancelled",
  "PeerDeleted",
  "IdentityDeletionProcessStarted",
  "IdentityDeletionProcessStatusChanged",
  "RelationshipTemplateAllocationsExhausted",
  "FileOwnershipLocked",
  "FileOwnershipClaimed",
  "TokenLocked",
  "PeerFeatureFlagsChanged",
] as const;
export type WireExternalEventType = (typeof externalEventTypes)[number];

export type WireExternalEvent = {
  readonly id: string;
  readonly type: WireExternalEventType;
  readonly index: number;
  readonly createdAt: string;
  readonly syncErrorCount: number;
  readonly payload: { readonly [member: string]: string };
};

export type WireUpgradeFinalized = {
  readonly newDatawalletModificationIndex: number | null;
  readonly datawalletModifications: readonly WirePushedModification[];
};
export type WireSyncFinalized = WireUpgradeFinalized & { readonly newUnsyncedExternalEventsExist: boolean };

/** Text of an announcement in one language. */
export type WireAnnouncement = {
  readonly id: string;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly severity: "Low" | "Medium" | "High";
  readonly title: string;
  readonly body: string;
  readonly iqlQuery: string | null;
  readonly actions: readonly { readonly displayName: string; readonly link: string }[];
};

/** The limits that one metric has. */
export type WireMetricQuotas = {
  readonly metricKey: string;
  readonly quotas: readonly {
    readonly source: "Tier" | "Individual";
    readonly metricKey: string;
    readonly max: number;
    readonly usage: number;
    readonly period: "Hour" | "Day" | "Week" | "Month" | "Year" | "Total";
  }[];
};

/** A template that a client shows to its identities. */
export type WirePublicTemplateReference = {
  readonly title: string;
  readonly description: string;
  readonly truncatedReference: string;
};
