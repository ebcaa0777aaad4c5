// The pages under docs/machines. `npm run docs` sets RAPPORT_WRITE_DOCS and so writes them instead of comparing.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import {
  incomingRequestChart,
  incomingRequestFactTypes,
  outgoingRequestChart,
  outgoingRequestFactTypes,
  relationshipChart,
  relationshipFactTypes,
} from "rapport/machines";
import { expect, test } from "vitest";
import { describeMachine } from "./describe-machine.ts";

const pages = {
  relationship: describeMachine(relationshipChart, {
    title: "The lifecycle of a Relationship",
    intro:
      "The relay's view of both sides. The initiator created the Relationship, the templator owns the template. Every fact " +
      "has an actor; for `identity.deleted` it is the one whose identity was deleted. The engines of both sides and the " +
      "relay ask this one chart. A side that left sees the Relationship as removed, the other sees DeletionProposed. " +
      "Rejected and Revoked stay as they are when an identity is deleted.",
    facts: relationshipFactTypes,
  }),
  "request-in": describeMachine(incomingRequestChart, {
    title: "The lifecycle of an incoming LocalRequest",
    intro:
      "The side that was asked. A Request that a rule ignores waits as ManualDecisionRequired, marked in its context, " +
      "and can still be decided by a person. Before any command the engine feeds `clock.reached`, so that a Request that is " +
      "overdue is never decided.",
    facts: incomingRequestFactTypes,
  }),
  "request-out": describeMachine(outgoingRequestChart, {
    title: "The lifecycle of an outgoing LocalRequest",
    intro:
      "The side that asks. A Response that was given in time completes even an Expired Request; listeners are then told " +
      "that it was Open. A Request answered through a template is sent and answered in one turn.",
    facts: outgoingRequestFactTypes,
  }),
};

const folder = new URL("../../docs/machines/", import.meta.url);

test.for(Object.entries(pages))(
  "docs/machines/%s.md says what the chart says; else run npm run docs",
  ([name, page]) => {
    const file = new URL(`${name}.md`, folder);
    if (process.env["RAPPORT_WRITE_DOCS"] === "1") {
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, page);
    }

    expect(readFileSync(file, "utf8")).toBe(page);
  },
);
