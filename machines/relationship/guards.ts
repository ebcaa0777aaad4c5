import type { RelationshipFact } from "./facts.ts";

/** The guards of the chart; both only look at the actor. */
export const relationshipGuards = {
  byInitiator: ({ event }: { event: RelationshipFact }) => event.by === "initiator",
  byTemplator: ({ event }: { event: RelationshipFact }) => event.by === "templator",
};
