/** The two sides: the initiator created the Relationship (`from`), the templator owns the template (`to`). */
export const relationshipRoles = ["initiator", "templator"] as const;
/** One side of a Relationship. */
export type RelationshipRole = (typeof relationshipRoles)[number];

/** Everything that can happen to a Relationship after its creation. */
export const relationshipFactTypes = [
  "creation.accepted",
  "creation.rejected",
  "creation.revoked",
  "relationship.terminated",
  "reactivation.requested",
  "reactivation.accepted",
  "reactivation.rejected",
  "reactivation.revoked",
  "relationship.decomposed",
  "identity.deleted",
] as const;
/** The name of a fact. */
export type RelationshipFactType = (typeof relationshipFactTypes)[number];

/** A fact and its actor; for `identity.deleted` the actor is the one whose identity was deleted. */
export type RelationshipFact = {
  [T in RelationshipFactType]: { readonly type: T; readonly by: RelationshipRole };
}[RelationshipFactType];

/** Why an audit entry was written. */
export const relationshipAuditReasons = [
  "Creation",
  "AcceptanceOfCreation",
  "RejectionOfCreation",
  "RevocationOfCreation",
  "Termination",
  "ReactivationRequested",
  "AcceptanceOfReactivation",
  "RejectionOfReactivation",
  "RevocationOfReactivation",
  "Decomposition",
  "DecompositionDueToIdentityDeletion",
] as const;
/** The reason of an audit entry. */
export type RelationshipAuditReason = (typeof relationshipAuditReasons)[number];

const factByReason = {
  AcceptanceOfCreation: "creation.accepted",
  RejectionOfCreation: "creation.rejected",
  RevocationOfCreation: "creation.revoked",
  Termination: "relationship.terminated",
  ReactivationRequested: "reactivation.requested",
  AcceptanceOfReactivation: "reactivation.accepted",
  RejectionOfReactivation: "reactivation.rejected",
  RevocationOfReactivation: "reactivation.revoked",
  Decomposition: "relationship.decomposed",
  DecompositionDueToIdentityDeletion: "identity.deleted",
} as const satisfies Record<Exclude<RelationshipAuditReason, "Creation">, RelationshipFactType>;

/** The fact that an audit entry with this reason records; none for the creation, with which the chart begins. */
export function factOfAuditReason(reason: RelationshipAuditReason): RelationshipFactType | undefined {
  return reason === "Creation" ? undefined : factByReason[reason];
}
