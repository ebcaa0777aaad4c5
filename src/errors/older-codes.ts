import type { Row } from "./row.ts";

/** Codes that only clients of earlier generations are answered with (spec/connector-api.md 1.8, 1.11, 1.12). */
export const olderCodes = {
  "error.transport.messages.missingOrInactiveRelationship": {
    http: 400,
    exit: 2,
    retry: false,
    advice: "there is no Active Relationship with the listed recipients (second generation)",
  },
  "error.transport.messages.noMatchingRelationship": {
    http: 400,
    exit: 2,
    retry: false,
    advice: "there is no Active Relationship with the listed recipients (first generation)",
  },
  "error.runtime.attributes.isNotRepositoryAttribute": {
    http: 400,
    exit: 2,
    retry: false,
    advice: "the attribute is no own IdentityAttribute, or a copy that was shared; choose another (second generation)",
  },
  "error.runtime.attributes.isNotOwnSharedAttribute": {
    http: 400,
    exit: 2,
    retry: false,
    advice: "the attribute is no copy of an own one that was shared; choose another (second generation)",
  },
  "error.runtime.attributes.isNotPeerSharedAttribute": {
    http: 400,
    exit: 2,
    retry: false,
    advice: "the attribute was not given by a peer; choose another (second generation)",
  },
  "error.runtime.attributes.isNotThirdPartyRelationshipAttribute": {
    http: 400,
    exit: 2,
    retry: false,
    advice: "the attribute does not come from a Relationship with somebody else; choose another (second generation)",
  },
  "error.runtime.attributes.noPreviousVersionOfRepositoryAttributeHasBeenSharedWithPeerBefore": {
    http: 400,
    exit: 2,
    retry: false,
    advice: "the peer has no version of this attribute; share it instead (second generation)",
  },
  "error.runtime.attributes.repositoryAttributeHasAlreadyBeenSharedWithPeer": {
    http: 400,
    exit: 2,
    retry: false,
    advice: "the peer has this version of the attribute already (second generation)",
  },
  "error.consumption.attributes.wrongOwnerOfRepositoryAttribute": {
    http: 400,
    exit: 2,
    retry: false,
    advice: "an own attribute belongs to this account; leave the owner out (second generation)",
  },
  "error.runtime.identityDeletionProcess.noApprovedIdentityDeletionProcess": {
    http: 400,
    exit: 5,
    retry: false,
    advice: "no deletion of this identity is going on (second generation)",
  },
} as const satisfies Record<string, Row>;
