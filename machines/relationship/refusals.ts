// Status beats actor: a fact that the state does not hear is a matter of status, a guard that fails one of the actor.
import type { RefusalCodes } from "../chart.ts";
import type { OlderChange } from "./context.ts";
import type { RelationshipFactType } from "./facts.ts";

const ours = "error.transport.relationships";
const theirs = "error.platform.validation.relationship";

const wrongStatus = `${ours}.wrongRelationshipStatus` as const;
const wrongActor = `${ours}.operationOnlyAllowedForPeer` as const;
const notRequested = `${ours}.reactivationNotRequested` as const;
const alreadyRequested = `${ours}.reactivationAlreadyRequested` as const;
/** The one who decomposed has nothing left; it sees what is seen of an unknown id. */
const gone = "error.runtime.recordNotFound" as const;

const relayWrongStatus = `${theirs}.relationshipIsNotInCorrectStatus` as const;
const relayAddressedToOther = `${theirs}.cannotAcceptOrRejectRelationshipAddressedToSomeoneElse` as const;
const relayCreatedByOther = `${theirs}.cannotRevokeRelationshipNotCreatedByYourself` as const;
const relayRequestOpen = `${theirs}.cannotRequestReactivationWhenThereIsAnOpenReactivationRequest` as const;
const relayNoAcceptable = `${theirs}.noAcceptableRelationshipReactivationRequestExists` as const;
const relayNoRejectable = `${theirs}.noRejectableReactivationRequestExists` as const;
const relayNoRevocable = `${theirs}.noRevocableReactivationRequestExists` as const;
const relayDecomposed = `${theirs}.relationshipAlreadyDecomposed` as const;

/** Every code the chart refuses with. */
export type RelationshipCode =
  | typeof wrongStatus
  | typeof wrongActor
  | typeof notRequested
  | typeof alreadyRequested
  | typeof gone
  | typeof relayWrongStatus
  | typeof relayAddressedToOther
  | typeof relayCreatedByOther
  | typeof relayRequestOpen
  | typeof relayNoAcceptable
  | typeof relayNoRejectable
  | typeof relayNoRevocable
  | typeof relayDecomposed;

type Codes = RefusalCodes<RelationshipCode>;

/** For one fact: the codes when a guard fails, in some states that do not hear it, and in all others. */
interface Refusing {
  readonly actor: Codes;
  readonly at?: Readonly<Record<string, Codes>>;
  readonly status: Codes;
}

const byStatus: Codes = { local: wrongStatus, relay: relayWrongStatus };
const decomposed: Codes = { local: gone, relay: relayDecomposed };
const requestOpen: Codes = { local: alreadyRequested, relay: relayRequestOpen };
const answering: Codes = { local: wrongActor, relay: relayAddressedToOther };

const refusing: Readonly<Record<RelationshipFactType, Refusing>> = {
  "creation.accepted": { actor: answering, status: byStatus },
  "creation.rejected": { actor: answering, status: byStatus },
  "creation.revoked": { actor: { local: wrongActor, relay: relayCreatedByOther }, status: byStatus },
  "relationship.terminated": { actor: byStatus, status: byStatus },
  "reactivation.requested": {
    actor: byStatus,
    at: { "Terminated.requestedByInitiator": requestOpen, "Terminated.requestedByTemplator": requestOpen },
    status: byStatus,
  },
  "reactivation.accepted": completing(relayNoAcceptable),
  "reactivation.rejected": completing(relayNoRejectable),
  "reactivation.revoked": completing(relayNoRevocable),
  "relationship.decomposed": { actor: decomposed, at: { ReadyForDeletion: decomposed }, status: byStatus },
  "identity.deleted": { actor: decomposed, at: { ReadyForDeletion: decomposed }, status: byStatus },
};

/** Why the chart did not take the fact in this state. */
export function refuseRelationship(state: string, fact: RelationshipFactType, failed: string | undefined): Codes {
  const { actor, at, status } = refusing[fact];
  if (failed !== undefined) return actor;
  const codes = at?.[state] ?? status;
  return state === "ReadyForDeletion" ? { local: gone, relay: codes.relay } : codes;
}

// The relay has one code for every way in which there is no request that this side could complete.
function completing(relay: RelationshipCode): Refusing {
  return {
    actor: { local: wrongActor, relay },
    at: { "Terminated.quiet": { local: notRequested, relay } },
    status: { local: wrongStatus, relay },
  };
}

/** Why a change of the older generation cannot be accepted, rejected or revoked; undefined when it can (domain.md 3.4). */
export function refuseOlderChange(change: OlderChange): "error.transport.relationships.wrongChangeStatus" | undefined {
  return change.status === "Pending" ? undefined : "error.transport.relationships.wrongChangeStatus";
}
