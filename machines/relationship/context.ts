import type { RelationshipAuditReason } from "./facts.ts";

/** Every status; `ReadyForDeletion` is seen by the relay only. */
export const relationshipStatuses = [
  "Pending",
  "Active",
  "Rejected",
  "Revoked",
  "Terminated",
  "DeletionProposed",
  "ReadyForDeletion",
] as const;
/** A status; the name of a state of the chart without its sub-state. */
export type RelationshipStatus = (typeof relationshipStatuses)[number];

/** A state of the chart, as stored. */
export type RelationshipValue =
  | Exclude<RelationshipStatus, "Terminated" | "DeletionProposed">
  | { readonly Terminated: "quiet" | "requestedByInitiator" | "requestedByTemplator" }
  | { readonly DeletionProposed: "byInitiator" | "byTemplator" };

/** The chart says it all; nothing is remembered beside it. */
export type RelationshipContext = Readonly<Record<string, never>>;

/** What other code may ask of a state instead of comparing statuses. */
export type RelationshipTag =
  /** Counts as existing: blocks a new Relationship of the pair (R1). */
  | "existing"
  /** Waits for the templator's answer; only now a template's Response becomes an outgoing LocalRequest. */
  | "pending"
  /** Every kind of Message may be sent. */
  | "messages"
  /** Notifications may be sent. */
  | "notifications"
  /** The relay takes Messages. */
  | "relayTakesMessages"
  /** The relay keeps Messages back until the Relationship is Active. */
  | "relayHoldsMessages"
  /** Requests to the peer may be created. */
  | "requestCreatable"
  /** Incoming Requests from a template may be decided. */
  | "decideTemplateRequest"
  /** Incoming Requests from a Message may be decided. */
  | "decideMessageRequest"
  /** Loading a template of the peer makes no Request. */
  | "blocksTemplateRequest"
  /** Responses to template Requests travel by Message, and templates are read by `onExistingRelationship`. */
  | "answersByMessage"
  /** A reactivation is requested and not answered. */
  | "reactivationOpen"
  /** What exists in it may be shown to third parties. */
  | "sharedWithThirdParties"
  /** Never came about: both sides delete what they exchanged. */
  | "declined"
  /** The peer has left; the deletion info of attributes may be set. */
  | "peerLeft"
  /** The side that still holds the Relationship may decompose it. */
  | "decomposable"
  /** Nothing can happen any more. */
  | "final";

/** Which status answers yes to which question (spec/domain.md 3.1, 4.3, 4.5; spec/backbone-protocol.md 6, 12.4). */
export const tagsOf: Readonly<Record<RelationshipStatus, RelationshipTag[]>> = {
  Pending: [
    "existing",
    "pending",
    "relayTakesMessages",
    "relayHoldsMessages",
    "requestCreatable",
    "blocksTemplateRequest",
  ],
  Active: [
    "existing",
    "messages",
    "notifications",
    "relayTakesMessages",
    "requestCreatable",
    "decideTemplateRequest",
    "decideMessageRequest",
    "answersByMessage",
    "sharedWithThirdParties",
  ],
  Terminated: [
    "existing",
    "notifications",
    "relayTakesMessages",
    "relayHoldsMessages",
    "blocksTemplateRequest",
    "decomposable",
    "sharedWithThirdParties",
  ],
  DeletionProposed: ["existing", "blocksTemplateRequest", "peerLeft", "decomposable", "sharedWithThirdParties"],
  Rejected: ["decideTemplateRequest", "declined", "final"],
  Revoked: ["decideTemplateRequest", "declined", "final"],
  ReadyForDeletion: ["final"],
};

/** The status of a stored state. */
export function statusOfRelationship(value: RelationshipValue): RelationshipStatus {
  if (typeof value === "string") return value;
  return "Terminated" in value ? "Terminated" : "DeletionProposed";
}

/** One line of the audit log, as far as this module reads it. */
export interface RelationshipAuditEntry {
  readonly createdAt: string;
  readonly createdBy: string;
  readonly createdByDevice?: string | null;
  readonly reason: RelationshipAuditReason;
}

/** The Creation change of the older generation (spec/domain.md 2.6), without the contents, which the facade adds. */
export interface OlderChange {
  readonly id: string;
  readonly type: "Creation";
  readonly status: "Pending" | "Accepted" | "Rejected" | "Revoked";
  readonly request: OlderChangePart;
  readonly response?: OlderChangePart;
}

/** Who made one half of a change, and when. */
export interface OlderChangePart {
  readonly createdAt: string;
  readonly createdBy: string;
  readonly createdByDevice?: string;
  /** What they said with it, if anything. */
  readonly content?: unknown;
}

const answers = {
  AcceptanceOfCreation: "Accepted",
  RejectionOfCreation: "Rejected",
  RevocationOfCreation: "Revoked",
} as const;

/**
 * The Relationship read through the older generation: always exactly one change, whose status follows the audit log. `said`
 * is what went with its two halves.
 */
export function olderView(
  relationshipId: string,
  auditLog: readonly RelationshipAuditEntry[],
  said: { readonly request?: unknown; readonly response?: unknown } = {},
): OlderChange {
  const creation = auditLog[0];
  if (creation === undefined) throw new Error(`The audit log of ${relationshipId} is empty.`);
  const change = {
    id: olderChangeId(relationshipId),
    type: "Creation",
    request: partOf(creation, said.request),
  } as const;
  for (const entry of auditLog) {
    const { reason } = entry;
    if (reason === "AcceptanceOfCreation" || reason === "RejectionOfCreation" || reason === "RevocationOfCreation") {
      return { ...change, status: answers[reason], response: partOf(entry, said.response) };
    }
  }
  return { ...change, status: "Pending" };
}

/** The id of that one change: the same 17 characters as the Relationship's. */
export function olderChangeId(relationshipId: string): string {
  return `RCH${relationshipId.slice(3)}`;
}

function partOf({ createdAt, createdBy, createdByDevice }: RelationshipAuditEntry, content: unknown): OlderChangePart {
  return {
    createdAt,
    createdBy,
    ...(createdByDevice == null ? {} : { createdByDevice }),
    ...(content === undefined ? {} : { content }),
  };
}
