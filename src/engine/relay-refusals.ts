import type { Code } from "../errors/catalogue.ts";
import { isCode } from "../errors/catalogue.ts";
import type { Refusal } from "../errors/refusal.ts";
import type { Answer } from "../ports/transport.ts";

const r = "error.platform.validation.relationship.";
const t = "error.transport.relationships.";
const d = "error.platform.validation.device.";
const noActive = "error.runtime.identityDeletionProcess.noActiveIdentityDeletionProcess";

/** What a refusal of the relay means for the embedder, per operation; codes not listed pass through. */
const localCodes: { readonly [operation: string]: { readonly [relayCode: string]: Code } } = {
  createRelationship: {
    [`${r}relationshipToTargetAlreadyExists`]: `${t}relationshipNotYetDecomposedByPeer`,
    [`${r}peerIsToBeDeleted`]: `${t}activeIdentityDeletionProcessOfOwnerOfRelationshipTemplate`,
  },
  startDeletionProcess: {
    [`${d}onlyOneActiveDeletionProcessAllowed`]:
      "error.runtime.identityDeletionProcess.activeIdentityDeletionProcessAlreadyExists",
  },
  cancelDeletionProcess: {
    [`${d}deletionProcessIsNotInRequiredStatus`]: noActive,
    "error.platform.recordNotFound": noActive,
  },
  regenerateFileOwnershipToken: { "error.platform.forbidden": "error.runtime.files.notOwnedByYou" },
};

const byRelayCode: { readonly [relayCode: string]: Code } = {
  [`${r}relationshipIsNotInCorrectStatus`]: `${t}wrongRelationshipStatus`,
  [`${r}cannotAcceptOrRejectRelationshipAddressedToSomeoneElse`]: `${t}operationOnlyAllowedForPeer`,
  [`${r}cannotRevokeRelationshipNotCreatedByYourself`]: `${t}operationOnlyAllowedForPeer`,
  [`${r}cannotRequestReactivationWhenThereIsAnOpenReactivationRequest`]: `${t}reactivationAlreadyRequested`,
  [`${r}noAcceptableRelationshipReactivationRequestExists`]: `${t}reactivationNotRequested`,
  [`${r}noRejectableReactivationRequestExists`]: `${t}reactivationNotRequested`,
  [`${r}noRevocableReactivationRequestExists`]: `${t}reactivationNotRequested`,
};

/** True when the answer says nothing about the call but that it should be repeated later. An exhausted quota is a refusal. */
export function isPassing(answer: Answer): boolean {
  if (answer.ok) return false;
  return answer.status >= 500 || (answer.status === 429 && answer.error.code !== "error.platform.quotaExhausted");
}

/** The refusal an embedder sees. The relay's own code stays in the details. */
export function refusalOf(answer: Extract<Answer, { ok: false }>, operation: string): Refusal {
  const { code, message } = answer.error;
  const known = localCodes[operation]?.[code] ?? byRelayCode[code] ?? (isCode(code) ? code : "relay.refused");
  return { code: known, message, details: { relayCode: code, status: answer.status, operation } };
}
