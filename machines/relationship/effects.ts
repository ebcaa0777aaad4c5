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

/** An ordinary change of status. */
export function changed(
  reason: RelationshipAuditReason,
  oldStatus: RelationshipStatus,
  newStatus: RelationshipStatus,
): RelationshipEffect[] {
  return [
    { type: "appendAudit", params: { reason, oldStatus, newStatus } },
    ...seenByBoth("RelationshipStatusChanged", ["relationshipChanged"]),
  ];
}

/** A reactivation was asked for; the status stays. */
export function asked(): RelationshipEffect[] {
  return [
    {
      type: "appendAudit",
      params: { reason: "ReactivationRequested", oldStatus: "Terminated", newStatus: "Terminated" },
    },
    ...seenByBoth("RelationshipReactivationRequested", ["relationshipChanged", "relationshipReactivationRequested"]),
  ];
}

/** A requested reactivation was accepted, rejected or revoked. */
export function answered(reason: RelationshipAuditReason, newStatus: RelationshipStatus): RelationshipEffect[] {
  return [
    { type: "appendAudit", params: { reason, oldStatus: "Terminated", newStatus } },
    ...seenByBoth("RelationshipReactivationCompleted", ["relationshipChanged", "relationshipReactivationCompleted"]),
  ];
}

/** One side left, the other remains and is told. */
export function left(reason: LeavingReason, oldStatus: RelationshipStatus): RelationshipEffect[] {
  return [
    { type: "appendAudit", params: { reason, oldStatus, newStatus: "DeletionProposed" } },
    { type: "tellPeer", params: { event: "RelationshipStatusChanged" } },
    { type: "announce", params: { events: leaverSees[reason], onSync: ["relationshipChanged"] } },
  ];
}

/** The second side left; nobody remains to be told. */
export function leftLast(reason: LeavingReason): RelationshipEffect[] {
  return [
    { type: "appendAudit", params: { reason, oldStatus: "DeletionProposed", newStatus: "ReadyForDeletion" } },
    { type: "announce", params: { events: leaverSees[reason], onSync: [] } },
  ];
}

type LeavingReason = "Decomposition" | "DecompositionDueToIdentityDeletion";

const leaverSees = {
  Decomposition: ["relationshipDecomposedBySelf"],
  DecompositionDueToIdentityDeletion: [],
} as const satisfies Record<LeavingReason, readonly RelationshipLocalEvent[]>;

// The actor hears relationshipChanged first; a peer that synchronises hears it last (spec/domain.md 3.6).
function seenByBoth(event: RelationshipExternalEvent, events: readonly RelationshipLocalEvent[]): RelationshipEffect[] {
  return [
    { type: "tellPeer", params: { event } },
    { type: "announce", params: { events, onSync: events.toReversed() } },
  ];
}
