// Changes of Relationships, derived from the audit log (spec/connector-api.md 5.3; seeds 001 and 002).
import type { AnswerOptions } from "rapport";
import { fault, type Json, type JsonObject } from "rapport/core";
import { type Ask, type Handler, type HandlersOf, result } from "../handler.ts";
import type { relationshipChangeOperations } from "../operations/relationship-changes.ts";
import { relationshipShown } from "./relationship-views.ts";
import { inTerms, termsOfChanges } from "./rest-codes.ts";

/** Carries out the routes of changes. */
export const relationshipChangeHandlers: HandlersOf<typeof relationshipChangeOperations> = {
  acceptRelationshipChange: answer("accept"),
  rejectRelationshipChange: answer("reject"),
  revokeRelationshipChange: answer("revoke"),
  createRelationshipChange: async ({ account, params: { id = "" } }) => {
    await account.relationships.get(id);
    throw fault(
      "error.transport.notSupported",
      "There is one change, the creation. To end a Relationship, terminate it.",
    );
  },
};

function answer(name: "accept" | "reject" | "revoke"): Handler {
  return async (ask) => {
    const id = await relationshipOf(ask);
    const { relationships } = ask.account;
    const view = await inTerms(termsOfChanges, () => relationships[name](id, optionsFor(name, ask)));
    return result(await relationshipShown(ask, view));
  };
}

async function relationshipOf({ account, params: { id = "", changeId = "" } }: Ask): Promise<string> {
  const change = await account.relationships.changes(id);
  if (change.id === changeId) return id;
  throw fault(
    "error.runtime.recordNotFound",
    `The Relationship ${id} has no change ${changeId}. Its change is ${change.id}.`,
  );
}

// What goes with an answer reaches the other side; who takes a creation back has nobody to tell.
function optionsFor(name: string, { body: { content }, command }: Ask): AnswerOptions {
  return name === "revoke" || !isObject(content) ? command : { ...command, content };
}

function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}
