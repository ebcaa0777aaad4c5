import type { Row } from "./row.ts";

/** Codes of what an account does besides Relationships and Requests (spec/domain.md 10, spec/connector-api.md 1.12). */
export const accountCodes = {
  "error.runtime.identityDeletionProcess.activeIdentityDeletionProcessAlreadyExists": {
    http: 400,
    exit: 5,
    retry: false,
    advice: "the deletion of this identity was started before; cancel it or let it go on",
  },
  "error.runtime.identityDeletionProcess.noActiveIdentityDeletionProcess": {
    http: 400,
    exit: 5,
    retry: false,
    advice: "no deletion of this identity is going on; there is nothing to cancel",
  },
  "error.runtime.identityMetadata.notFound": {
    http: 400,
    exit: 3,
    retry: false,
    advice: "nothing is noted about this identity under this key",
  },
  "error.runtime.identityMetadata.unfamiliarReferencedIdentity": {
    http: 400,
    exit: 2,
    retry: false,
    advice: "notes can only be kept about oneself and about peers of Relationships",
  },
  "error.transport.backboneNotifications.noActiveRelationshipFoundForRecipients": {
    http: 400,
    exit: 2,
    retry: false,
    advice: "the listed recipients have no Active Relationship",
  },
  "error.transport.challenges.challengeTypeRequiresActiveRelationship": {
    http: 400,
    exit: 5,
    retry: false,
    advice: "a challenge can only be signed for a Relationship that is Active",
  },
} as const satisfies Record<string, Row>;
