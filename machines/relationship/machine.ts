// The lifecycle of a Relationship (spec/domain.md 3.3) as the relay sees it; both engines ask the same chart.
// Rejected and Revoked are final even when an identity is deleted: the old Relationship stays readable (R3).
import { setup } from "xstate";
import { createChart, type Envelope } from "../chart.ts";
import { type RelationshipContext, type RelationshipTag, type RelationshipValue, tagsOf } from "./context.ts";
import {
  accepted,
  decomposed,
  decomposedLast,
  deletedLast,
  deletedWhile,
  type RelationshipEffect,
  reactivated,
  reactivationAsked,
  reactivationRejected,
  reactivationRevoked,
  rejected,
  relationshipWishes,
  revoked,
  terminated,
} from "./effects.ts";
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
      tags: tagsOf.Pending,
      on: {
        "creation.accepted": { guard: "byTemplator", target: "Active", actions: accepted },
        "creation.rejected": { guard: "byTemplator", target: "Rejected", actions: rejected },
        "creation.revoked": { guard: "byInitiator", target: "Revoked", actions: revoked },
        "identity.deleted": [
          { guard: "byInitiator", target: "DeletionProposed.byInitiator", actions: deletedWhile("Pending") },
          { guard: "byTemplator", target: "DeletionProposed.byTemplator", actions: deletedWhile("Pending") },
        ],
      },
    },
    Active: {
      tags: tagsOf.Active,
      on: {
        "relationship.terminated": { target: "Terminated", actions: terminated },
        "identity.deleted": [
          { guard: "byInitiator", target: "DeletionProposed.byInitiator", actions: deletedWhile("Active") },
          { guard: "byTemplator", target: "DeletionProposed.byTemplator", actions: deletedWhile("Active") },
        ],
      },
    },
    Terminated: {
      tags: tagsOf.Terminated,
      initial: "quiet",
      on: {
        "relationship.decomposed": [
          { guard: "byInitiator", target: "DeletionProposed.byInitiator", actions: decomposed },
          { guard: "byTemplator", target: "DeletionProposed.byTemplator", actions: decomposed },
        ],
        "identity.deleted": [
          { guard: "byInitiator", target: "DeletionProposed.byInitiator", actions: deletedWhile("Terminated") },
          { guard: "byTemplator", target: "DeletionProposed.byTemplator", actions: deletedWhile("Terminated") },
        ],
      },
      states: {
        quiet: {
          on: {
            "reactivation.requested": [
              { guard: "byInitiator", target: "requestedByInitiator", actions: reactivationAsked },
              { guard: "byTemplator", target: "requestedByTemplator", actions: reactivationAsked },
            ],
          },
        },
        requestedByInitiator: {
          tags: ["reactivationOpen"],
          on: {
            "reactivation.accepted": { guard: "byTemplator", target: "#relationship.Active", actions: reactivated },
            "reactivation.rejected": { guard: "byTemplator", target: "quiet", actions: reactivationRejected },
            "reactivation.revoked": { guard: "byInitiator", target: "quiet", actions: reactivationRevoked },
          },
        },
        requestedByTemplator: {
          tags: ["reactivationOpen"],
          on: {
            "reactivation.accepted": { guard: "byInitiator", target: "#relationship.Active", actions: reactivated },
            "reactivation.rejected": { guard: "byInitiator", target: "quiet", actions: reactivationRejected },
            "reactivation.revoked": { guard: "byTemplator", target: "quiet", actions: reactivationRevoked },
          },
        },
      },
    },
    DeletionProposed: {
      tags: tagsOf.DeletionProposed,
      // XState wants one; every way in names the side that left.
      initial: "byInitiator",
      states: {
        byInitiator: {
          on: {
            "relationship.decomposed": {
              guard: "byTemplator",
              target: "#relationship.ReadyForDeletion",
              actions: decomposedLast,
            },
            "identity.deleted": {
              guard: "byTemplator",
              target: "#relationship.ReadyForDeletion",
              actions: deletedLast,
            },
          },
        },
        byTemplator: {
          on: {
            "relationship.decomposed": {
              guard: "byInitiator",
              target: "#relationship.ReadyForDeletion",
              actions: decomposedLast,
            },
            "identity.deleted": {
              guard: "byInitiator",
              target: "#relationship.ReadyForDeletion",
              actions: deletedLast,
            },
          },
        },
      },
    },
    Rejected: { type: "final", tags: tagsOf.Rejected },
    Revoked: { type: "final", tags: tagsOf.Revoked },
    ReadyForDeletion: { type: "final", tags: tagsOf.ReadyForDeletion },
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
