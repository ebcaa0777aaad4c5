// Slips in the charts: guards, targets, wishes, and which code comes first.
import type { Mutant } from "./mutant.ts";
import { check, histories, laws } from "./proofs.ts";

const chart = "machines/relationship/machine.ts";

/** Planted bugs of `machines/`. */
export const machineMutants: readonly Mutant[] = [
  {
    name: "accept-own-creation",
    sentence: "The initiator may accept the Relationship that it asked for itself.",
    file: chart,
    find: `"creation.accepted": { guard: "byTemplator", target: "Active", actions: accepted },`,
    replace: `"creation.accepted": { target: "Active", actions: accepted },`,
    killers: [laws("test/machines/relationship-table.test.ts")],
  },
  {
    name: "accept-after-revoke",
    sentence: "A creation that was revoked can still be accepted.",
    file: chart,
    find: `    Revoked: { type: "final", tags: tagsOf.Revoked },`,
    replace: `    Revoked: {
      tags: tagsOf.Revoked,
      on: { "creation.accepted": { guard: "byTemplator", target: "Active", actions: accepted } },
    },`,
    killers: [check("handshake")],
  },
  {
    name: "reactivation-accepted-by-asker",
    sentence: "Who asked for the reactivation may also accept it.",
    file: chart,
    find: `            "reactivation.accepted": { guard: "byTemplator", target: "#relationship.Active", actions: reactivated },`,
    replace: `            "reactivation.accepted": { target: "#relationship.Active", actions: reactivated },`,
    killers: [laws("test/machines/relationship-table.test.ts")],
  },
  {
    name: "reactivation-stays-open",
    sentence: "A reactivation that the templator rejected stays open.",
    file: chart,
    find: `"reactivation.rejected": { guard: "byTemplator", target: "quiet", actions: reactivationRejected },`,
    replace: `"reactivation.rejected": { guard: "byTemplator", actions: reactivationRejected },`,
    killers: [laws("test/machines/relationship-table.test.ts")],
  },
  {
    name: "reactivation-asked-twice",
    sentence: "While the initiator's request for a reactivation is open, the templator may place its own.",
    file: chart,
    find: `        requestedByInitiator: {
          tags: ["reactivationOpen"],
          on: {`,
    replace: `        requestedByInitiator: {
          tags: ["reactivationOpen"],
          on: {
            "reactivation.requested": {
              guard: "byTemplator",
              target: "requestedByTemplator",
              actions: reactivationAsked,
            },`,
    killers: [histories],
  },
  {
    name: "decomposed-by-the-wrong-side",
    sentence: "When the initiator leaves, the chart notes that the templator left.",
    file: chart,
    find: `        "relationship.decomposed": [
          { guard: "byInitiator", target: "DeletionProposed.byInitiator", actions: decomposed },`,
    replace: `        "relationship.decomposed": [
          { guard: "byInitiator", target: "DeletionProposed.byTemplator", actions: decomposed },`,
    killers: [histories],
  },
  {
    name: "decompose-while-active",
    sentence: "An Active Relationship can be decomposed without ending it first.",
    file: chart,
    find: `        "relationship.terminated": { target: "Terminated", actions: terminated },`,
    replace: `        "relationship.terminated": { target: "Terminated", actions: terminated },
        "relationship.decomposed": [
          { guard: "byInitiator", target: "DeletionProposed.byInitiator", actions: decomposed },
          { guard: "byTemplator", target: "DeletionProposed.byTemplator", actions: decomposed },
        ],`,
    killers: [check("ending")],
  },
  {
    name: "wrong-audit-reason",
    sentence: "The audit log says Rejection where a reactivation was revoked.",
    file: "machines/relationship/effects.ts",
    find: `answered("RevocationOfReactivation", "Terminated")`,
    replace: `answered("RejectionOfReactivation", "Terminated")`,
    killers: [check("reviving")],
  },
  {
    name: "peer-not-told",
    sentence: "The relay tells the peer nothing when a Relationship is accepted, rejected, revoked or ended.",
    file: "machines/relationship/effects.ts",
    find: `  return [recorded(reason, oldStatus, newStatus), ...seenByBoth("RelationshipStatusChanged", ["relationshipChanged"])];`,
    replace: `  return [recorded(reason, oldStatus, newStatus), ...seenByBoth("RelationshipStatusChanged", ["relationshipChanged"]).slice(1)];`,
    killers: [histories],
  },
  {
    name: "actor-before-status",
    sentence: "A command in the wrong status is refused as one of the wrong person.",
    file: "machines/relationship/refusals.ts",
    find: `    status: { local: wrongStatus, relay },`,
    replace: `    status: { local: wrongActor, relay },`,
    killers: [histories],
  },
  {
    name: "late-decision",
    sentence: "A Request that waits for a person never expires.",
    file: "machines/request-in/machine.ts",
    find: `        "clock.reached": { guard: "isOverdue", target: "Expired", actions: moved("ManualDecisionRequired", "Expired") },`,
    replace: "",
    killers: [histories],
  },
  {
    name: "decided-twice",
    sentence: "An accepted Request may be rejected afterwards.",
    file: "machines/request-in/machine.ts",
    find: `        accepted: {
          on: {`,
    replace: `        accepted: {
          on: {
            "recipient.rejected": { target: "rejected", actions: moved("DecisionRequired", "Decided") },`,
    killers: [laws("test/machines/request-in.test.ts")],
  },
  {
    name: "expires-a-moment-early",
    sentence: "A Request expires at its deadline and not after it.",
    file: "machines/request-in/guards.ts",
    find: `event.now > deadline;`,
    replace: `event.now >= deadline;`,
    killers: [laws("test/machines/request-in.test.ts")],
  },
  {
    name: "late-answer-dropped",
    sentence: "A Response that was given in time and arrives late is refused.",
    file: "machines/request-out/machine.ts",
    find: `          guard: "wasAnsweredInTime",
          target: "Completed",`,
    replace: `          guard: "isOverdue",
          target: "Completed",`,
    killers: [laws("test/machines/request-out.test.ts")],
  },
];
