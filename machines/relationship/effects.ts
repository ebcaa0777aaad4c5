import type { RelationshipStatus } from "./context.ts";
import type { RelationshipAuditReason } from "./facts.ts";

/** The relay's event types that the chart wishes for (spec/backbone-protocol.md 6). */
export type RelationshipExternalEvent =
  | "RelationshipStatusChanged"
  | "RelationshipReactivationRequested"
  | "RelationshipReactivationCompleted";

/** The engine's event names, without their namespace `transport.` (spec/domain.md 9). */
export type RelationshipLocalEvent =
  | "relationshipChanged"
  | "relationshipReactivationRequested"
  | "relationshipReactivationCompleted"
  | "relationshipDecomposedBySelf";

/** Write one audit entry. Every legal step wishes for it. */
export interface AppendAudit {
  readonly reason: RelationshipAuditReason;
  readonly oldStatus?: RelationshipStatus;
  readonly newStatus: RelationshipStatus;
}

/** At the relay: put this external event into the inbox of the one who did not act. */
export interface TellPeer {
  readonly event: RelationshipExternalEvent;
}

/** At an engine: events in order, for the actor at once (`events`) and for the peer when it synchronises (`onSync`). */
export interface AnnounceRelationship {
  readonly events: readonly RelationshipLocalEvent[];
  readonly onSync: readonly RelationshipLocalEvent[];
}

/** What the chart may wish for. */
export type RelationshipEffect =
  | { readonly type: "appendAudit"; readonly params: AppendAudit }
  | { readonly type: "tellPeer"; readonly params: TellPeer }
  | { readonly type: "announce"; readonly params: AnnounceRelationship };

/** The names of the wishes with their parameters. Doing them is for others. */
export const relationshipWishes = {
  appendAudit: (_at: unknown, _wish: AppendAudit): void => undefined,
  tellPeer: (_at: unknown, _wish: TellPeer): void => undefined,
  announce: (_at: unknown, _wish: AnnounceRelationship): void => undefined,
};

/** The wishes of the step before the chart begins: somebody created the Relationship. */
export const relationshipCreated: readonly RelationshipEffect[] = [
  { type: "appendAudit", params: { reason: "Creation", newStatus: "Pending" } },
  ...seenByBoth("RelationshipStatusChanged", ["relationshipChanged"]),
];

/** The templator accepted the creation. */
export const accepted = changed("AcceptanceOfCreation", "Pending", "Active");
/** The templator rejected the creation. */
export const rejected = changed("RejectionOfCreation", "Pending", "Rejected");
/** The initiator took the creation back. */
export const revoked = changed("RevocationOfCreation", "Pending", "Revoked");
/** One side ended the Relationship. */
export const terminated = changed("Termination", "Active", "Terminated");
/** One side asked to revive it; the status stays. */
export const reactivationAsked = asked();
/** The other side agreed to revive it. */
export const reactivated = answered("AcceptanceOfReactivation", "Active");
/** The other side did not agree. */
export const reactivationRejected = answered("RejectionOfReactivation", "Terminated");
/** The side that asked took it back. */
export const reactivationRevoked = answered("RevocationOfReactivation", "Terminated");
/** One side left; the other remains and is told. */
export const decomposed = left("Decomposition", "Terminated", ["relationshipDecomposedBySelf"]);
/** The second side left; nobody remains to be told. */
export const decomposedLast: RelationshipEffect[] = [
  recorded("Decomposition", "DeletionProposed", "ReadyForDeletion"),
  { type: "announce", params: { events: ["relationshipDecomposedBySelf"], onSync: [] } },
];
/** The identity of the second side was deleted; nobody remains to be told, or to hear anything. */
export const deletedLast: RelationshipEffect[] = [
  recorded("DecompositionDueToIdentityDeletion", "DeletionProposed", "ReadyForDeletion"),
];

/** The identity of one side was deleted; the other remains and is told. */
export function deletedWhile(oldStatus: RelationshipStatus): RelationshipEffect[] {
  return left("DecompositionDueToIdentityDeletion", oldStatus, []);
}

function changed(
  reason: RelationshipAuditReason,
  oldStatus: RelationshipStatus,
  newStatus: RelationshipStatus,
): RelationshipEffect[] {
  return [recorded(reason, oldStatus, newStatus), ...seenByBoth("RelationshipStatusChanged", ["relationshipChanged"])];
}

function asked(): RelationshipEffect[] {
  return [
    recorded("ReactivationRequested", "Terminated", "Terminated"),
    ...seenByBoth("RelationshipReactivationRequested", ["relationshipChanged", "relationshipReactivationRequested"]),
  ];
}

function answered(reason: RelationshipAuditReason, newStatus: RelationshipStatus): RelationshipEffect[] {
  return [
    recorded(reason, "Terminated", newStatus),
    ...seenByBoth("RelationshipReactivationCompleted", ["relationshipChanged", "relationshipReactivationCompleted"]),
  ];
}

function left(
  reason: RelationshipAuditReason,
  oldStatus: RelationshipStatus,
  events: readonly RelationshipLocalEvent[],
): RelationshipEffect[] {
  return [
    recorded(reason, oldStatus, "DeletionProposed"),
    { type: "tellPeer", params: { event: "RelationshipStatusChanged" } },
    { type: "announce", params: { events, onSync: ["relationshipChanged"] } },
  ];
}

function recorded(
  reason: RelationshipAuditReason,
  oldStatus: RelationshipStatus,
  newStatus: RelationshipStatus,
): RelationshipEffect {
  return { type: "appendAudit", params: { reason, oldStatus, newStatus } };
}

// The actor hears relationshipChanged first; a peer that synchronises hears it last (spec/domain.md 3.6).
function seenByBoth(event: RelationshipExternalEvent, events: readonly RelationshipLocalEvent[]): RelationshipEffect[] {
  return [
    { type: "tellPeer", params: { event } },
    { type: "announce", params: { events, onSync: events.toReversed() } },
  ];
}
