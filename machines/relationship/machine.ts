// The lifecycle of a Relationship (spec/domain.md 3.3) as the relay sees it; both engines ask the same chart.
// Rejected and Revoked are final even when an identity is deleted: the old Relationship stays readable (R3).
import { setup } from "xstate";
import { createChart, type Envelope } from "../chart.ts";
import type { RelationshipContext, RelationshipTag, RelationshipValue } from "./context.ts";
import { answered, asked, changed, left, leftLast, type RelationshipEffect, relationshipWishes } from "./effects.ts";
import type { RelationshipFact } from "./facts.ts";
import { relationshipGuards } from "./guards.ts";
import { type RelationshipCode, refuseRelationship } from "./refusals.ts";

/** The chart itself. */
export const relationshipMachine = setup({
  types: {} as { context: RelationshipContext; events: RelationshipFact; tags: RelationshipTag },
  guards: relationshipGuards,
  actions: relationshipWishes,
}).createMachine({
  id: "relationship",
  context: {},
  initial: "Pending",
  states: {
    Pending: {
      tags: [
        "existing",
        "pending",
        "relayTakesMessages",
        "relayHoldsMessages",
        "requestCreatable",
        "blocksTemplateRequest",
      ],
      on: {
        "creation.accepted": {
          guard: "byTemplator",
          target: "Active",
          actions: changed("AcceptanceOfCreation", "Pending", "Active"),
        },
        "creation.rejected": {
          guard: "byTemplator",
          target: "Rejected",
          actions: changed("RejectionOfCreation", "Pending", "Rejected"),
        },
        "creation.revoked": {
          guard: "byInitiator",
          target: "Revoked",
          actions: changed("RevocationOfCreation", "Pending", "Revoked"),
        },
        "identity.deleted": [
          {
            guard: "byInitiator",
            target: "DeletionProposed.byInitiator",
            actions: left("DecompositionDueToIdentityDeletion", "Pending"),
          },
          {
            guard: "byTemplator",
            target: "DeletionProposed.byTemplator",
            actions: left("DecompositionDueToIdentityDeletion", "Pending"),
          },
        ],
      },
    },
    Active: {
      tags: [
        "existing",
        "messages",
        "notifications",
        "relayTakesMessages",
        "requestCreatable",
        "decideTemplateRequest",
        "decideMessageRequest",
        "answersByMessage",
      ],
      on: {
        "relationship.terminated": { target: "Terminated", actions: changed("Termination", "Active", "Terminated") },
        "identity.deleted": [
          {
            guard: "byInitiator",
            target: "DeletionProposed.byInitiator",
            actions: left("DecompositionDueToIdentityDeletion", "Active"),
          },
          {
            guard: "byTemplator",
            target: "DeletionProposed.byTemplator",
            actions: left("DecompositionDueToIdentityDeletion", "Active"),
          },
        ],
      },
    },
    Terminated: {
      tags: [
        "existing",
        "notifications",
        "relayTakesMessages",
        "relayHoldsMessages",
        "blocksTemplateRequest",
        "decomposable",
      ],
      initial: "quiet",
      on: {
        "relationship.decomposed": [
          {
            guard: "byInitiator",
            target: "DeletionProposed.byInitiator",
            actions: left("Decomposition", "Terminated"),
          },
          {
            guard: "byTemplator",
            target: "DeletionProposed.byTemplator",
            actions: left("Decomposition", "Terminated"),
          },
        ],
        "identity.deleted": [
          {
            guard: "byInitiator",
            target: "DeletionProposed.byInitiator",
            actions: left("DecompositionDueToIdentityDeletion", "Terminated"),
          },
          {
            guard: "byTemplator",
            target: "DeletionProposed.byTemplator",
            actions: left("DecompositionDueToIdentityDeletion", "Terminated"),
          },
        ],
      },
      states: {
        quiet: {
          on: {
            "reactivation.requested": [
              { guard: "byInitiator", target: "requestedByInitiator", actions: asked() },
              { guard: "byTemplator", target: "requestedByTemplator", actions: asked() },
            ],
          },
        },
        requestedByInitiator: {
          tags: ["reactivationOpen"],
          on: {
            "reactivation.accepted": {
              guard: "byTemplator",
              target: "#relationship.Active",
              actions: answered("AcceptanceOfReactivation", "Active"),
            },
            "reactivation.rejected": {
              guard: "byTemplator",
              target: "quiet",
              actions: answered("RejectionOfReactivation", "Terminated"),
            },
            "reactivation.revoked": {
              guard: "byInitiator",
              target: "quiet",
              actions: answered("RevocationOfReactivation", "Terminated"),
            },
          },
        },
        requestedByTemplator: {
          tags: ["reactivationOpen"],
          on: {
            "reactivation.accepted": {
              guard: "byInitiator",
              target: "#relationship.Active",
              actions: answered("AcceptanceOfReactivation", "Active"),
            },
            "reactivation.rejected": {
              guard: "byInitiator",
              target: "quiet",
              actions: answered("RejectionOfReactivation", "Terminated"),
            },
            "reactivation.revoked": {
              guard: "byTemplator",
              target: "quiet",
              actions: answered("RevocationOfReactivation", "Terminated"),
            },
          },
        },
      },
    },
    DeletionProposed: {
      tags: ["existing", "blocksTemplateRequest", "peerLeft", "decomposable"],
      initial: "byInitiator",
      states: {
        byInitiator: {
          on: {
            "relationship.decomposed": {
              guard: "byTemplator",
              target: "#relationship.ReadyForDeletion",
              actions: leftLast("Decomposition"),
            },
            "identity.deleted": {
              guard: "byTemplator",
              target: "#relationship.ReadyForDeletion",
              actions: leftLast("DecompositionDueToIdentityDeletion"),
            },
          },
        },
        byTemplator: {
          on: {
            "relationship.decomposed": {
              guard: "byInitiator",
              target: "#relationship.ReadyForDeletion",
              actions: leftLast("Decomposition"),
            },
            "identity.deleted": {
              guard: "byInitiator",
              target: "#relationship.ReadyForDeletion",
              actions: leftLast("DecompositionDueToIdentityDeletion"),
            },
          },
        },
      },
    },
    Rejected: { type: "final", tags: ["decideTemplateRequest", "declined", "final"] },
    Revoked: { type: "final", tags: ["decideTemplateRequest", "declined", "final"] },
    ReadyForDeletion: { type: "final", tags: ["final"] },
  },
});

/** The types of this chart. */
export interface RelationshipKind {
  readonly value: RelationshipValue;
  readonly context: RelationshipContext;
  readonly fact: RelationshipFact;
  readonly effect: RelationshipEffect;
  readonly code: RelationshipCode;
  readonly tag: RelationshipTag;
}

/** A Relationship's state, as stored. */
export type RelationshipEnvelope = Envelope<RelationshipKind>;

/** The chart with all that is needed to ask it. */
export const relationshipChart = createChart<RelationshipKind>({
  name: "relationship",
  version: 1,
  machine: relationshipMachine,
  guards: relationshipGuards,
  changes: {},
  refuse: refuseRelationship,
});

/** The state of a Relationship that was just created: Pending. Its wishes are `relationshipCreated`. */
export function createdRelationship(): RelationshipEnvelope {
  return { machine: relationshipChart.name, version: relationshipChart.version, value: "Pending", context: {} };
}
