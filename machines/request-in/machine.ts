// The lifecycle of an incoming LocalRequest (spec/domain.md 4.2). Ignoring is an addition of ours: the Request stays
// ManualDecisionRequired, nothing is sent, and it expires like any other; a person may still decide it.
import { assign, setup } from "xstate";
import { createChart, type Envelope } from "../chart.ts";
import {
  type IncomingRequestContext,
  type IncomingRequestTag,
  type IncomingRequestValue,
  markIgnored,
} from "./context.ts";
import { type IncomingRequestEffect, incomingRequestWishes, moved } from "./effects.ts";
import type { IncomingRequestFact } from "./facts.ts";
import { incomingRequestGuards } from "./guards.ts";
import { type IncomingRequestCode, refuseIncomingRequest } from "./refusals.ts";
import { incomingRequestUpgrades } from "./upgrades.ts";

const changes = { markIgnored };

/** The chart itself. */
export const incomingRequestMachine = setup({
  types: {} as { context: IncomingRequestContext; events: IncomingRequestFact; tags: IncomingRequestTag },
  guards: incomingRequestGuards,
  actions: {
    ...incomingRequestWishes,
    markIgnored: assign(({ context, event }) => markIgnored(context, event)),
  },
}).createMachine({
  id: "request-in",
  context: { source: "RelationshipTemplate", expiresAt: null, ignoredUntil: null },
  initial: "Open",
  states: {
    Open: {
      tags: ["open", "expirable"],
      on: {
        "prerequisites.met": { target: "DecisionRequired", actions: moved("Open", "DecisionRequired") },
        "clock.reached": { guard: "isOverdue", target: "Expired", actions: moved("Open", "Expired") },
      },
    },
    DecisionRequired: {
      tags: ["open", "decidable", "expirable"],
      on: {
        "automation.declined": {
          target: "ManualDecisionRequired",
          actions: moved("DecisionRequired", "ManualDecisionRequired"),
        },
        "rule.ignored": {
          target: "ManualDecisionRequired",
          actions: ["markIgnored", ...moved("DecisionRequired", "ManualDecisionRequired")],
        },
        "recipient.accepted": { target: "Decided.accepted", actions: moved("DecisionRequired", "Decided") },
        "recipient.rejected": { target: "Decided.rejected", actions: moved("DecisionRequired", "Decided") },
        "clock.reached": { guard: "isOverdue", target: "Expired", actions: moved("DecisionRequired", "Expired") },
      },
    },
    ManualDecisionRequired: {
      tags: ["open", "decidable", "expirable"],
      on: {
        "rule.ignored": { guard: "isNotIgnored", actions: ["markIgnored"] },
        "recipient.accepted": { target: "Decided.accepted", actions: moved("ManualDecisionRequired", "Decided") },
        "recipient.rejected": { target: "Decided.rejected", actions: moved("ManualDecisionRequired", "Decided") },
        "clock.reached": { guard: "isOverdue", target: "Expired", actions: moved("ManualDecisionRequired", "Expired") },
      },
    },
    Decided: {
      tags: ["open", "decided", "expirable"],
      initial: "accepted",
      on: { "clock.reached": { guard: "isOverdue", target: "Expired", actions: moved("Decided", "Expired") } },
      states: {
        accepted: {
          on: {
            "response.delivered": {
              guard: "hasSource",
              target: "#request-in.Completed",
              actions: moved("Decided", "Completed"),
            },
          },
        },
        rejected: {
          on: {
            "response.delivered": {
              guard: "hasSourceOrIsFromTemplate",
              target: "#request-in.Completed",
              actions: moved("Decided", "Completed"),
            },
          },
        },
      },
    },
    Completed: { type: "final", tags: ["completed", "final"] },
    Expired: { tags: ["expired"], on: { "request.deleted": { actions: ["removeRequest"] } } },
  },
});

/** The types of this chart. */
export interface IncomingRequestKind {
  readonly value: IncomingRequestValue;
  readonly context: IncomingRequestContext;
  readonly fact: IncomingRequestFact;
  readonly effect: IncomingRequestEffect;
  readonly code: IncomingRequestCode;
  readonly tag: IncomingRequestTag;
}

/** An incoming LocalRequest's state, as stored. */
export type IncomingRequestEnvelope = Envelope<IncomingRequestKind>;

/** The chart with all that is needed to ask it. */
export const incomingRequestChart = createChart<IncomingRequestKind>({
  name: "request-in",
  version: 2,
  upgrades: incomingRequestUpgrades,
  machine: incomingRequestMachine,
  guards: incomingRequestGuards,
  changes,
  refuse: refuseIncomingRequest,
});

/** The state of a Request that was just received: Open. */
export function receivedRequest(
  source: IncomingRequestContext["source"],
  expiresAt: string | undefined,
): IncomingRequestEnvelope {
  const { name, version } = incomingRequestChart;
  return {
    machine: name,
    version,
    value: "Open",
    context: { source, expiresAt: expiresAt ?? null, ignoredUntil: null },
  };
}
