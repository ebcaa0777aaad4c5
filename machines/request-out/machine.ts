// The lifecycle of an outgoing LocalRequest (spec/domain.md 4.4).
import { setup } from "xstate";
import { createChart, type Envelope } from "../chart.ts";
import type { OutgoingRequestContext, OutgoingRequestTag, OutgoingRequestValue } from "./context.ts";
import { moved, type OutgoingRequestEffect, outgoingRequestWishes } from "./effects.ts";
import type { OutgoingRequestFact } from "./facts.ts";
import { outgoingRequestGuards } from "./guards.ts";
import { type OutgoingRequestCode, refuseOutgoingRequest } from "./refusals.ts";

/** The chart itself. */
export const outgoingRequestMachine = setup({
  types: {} as { context: OutgoingRequestContext; events: OutgoingRequestFact; tags: OutgoingRequestTag },
  guards: outgoingRequestGuards,
  actions: outgoingRequestWishes,
}).createMachine({
  id: "request-out",
  context: { expiresAt: null },
  initial: "Draft",
  states: {
    Draft: {
      tags: ["draft", "expirable"],
      on: {
        "request.sent": { target: "Open", actions: moved("Draft", "Open") },
        "request.discarded": { actions: ["removeRequest"] },
        "clock.reached": { guard: "isOverdue", target: "Expired", actions: moved("Draft", "Expired") },
      },
    },
    Open: {
      tags: ["open", "expirable"],
      on: {
        "response.received": { target: "Completed", actions: moved("Open", "Completed") },
        "clock.reached": { guard: "isOverdue", target: "Expired", actions: moved("Open", "Expired") },
      },
    },
    Expired: {
      tags: ["expired"],
      on: {
        // Listeners are told Open (spec/domain.md 9); the status log tells the truth.
        "response.received": {
          guard: "wasAnsweredInTime",
          target: "Completed",
          actions: moved("Expired", "Completed", "Open"),
        },
      },
    },
    Completed: { type: "final", tags: ["completed", "final"] },
  },
});

/** The types of this chart. */
export interface OutgoingRequestKind {
  readonly value: OutgoingRequestValue;
  readonly context: OutgoingRequestContext;
  readonly fact: OutgoingRequestFact;
  readonly effect: OutgoingRequestEffect;
  readonly code: OutgoingRequestCode;
  readonly tag: OutgoingRequestTag;
}

/** An outgoing LocalRequest's state, as stored. */
export type OutgoingRequestEnvelope = Envelope<OutgoingRequestKind>;

/** The chart with all that is needed to ask it. */
export const outgoingRequestChart = createChart<OutgoingRequestKind>({
  name: "request-out",
  version: 1,
  machine: outgoingRequestMachine,
  guards: outgoingRequestGuards,
  changes: {},
  refuse: refuseOutgoingRequest,
});

/** The state of a Request that was just created: Draft. */
export function draftedRequest(expiresAt: string | undefined): OutgoingRequestEnvelope {
  const { name, version } = outgoingRequestChart;
  return { machine: name, version, value: "Draft", context: { expiresAt: expiresAt ?? null } };
}
