// Relationships (spec/connector-api.md 1.5).
import type { CommandOptions, RelationshipView } from "rapport";
import { fault } from "rapport/core";
import { type Ask, type Handler, type HandlersOf, listed, nothing, result } from "../handler.ts";
import type { relationshipOperations } from "../operations/relationships.ts";
import { creationContent, noCreationContent } from "./given-contents.ts";
import { attributesShown, relationshipShown } from "./relationship-views.ts";

/** Carries out the routes of Relationships. */
export const relationshipHandlers: HandlersOf<typeof relationshipOperations> = {
  canCreateRelationship: async (ask) => {
    const content = creationContent(ask);
    const { templateId } = ask.body;
    const input = { templateId: String(templateId), ...(content === undefined ? {} : { creationContent: content }) };
    return result(await ask.account.relationships.canCreate(input));
  },
  createRelationship: create,
  getRelationships: async (ask) =>
    listed<RelationshipView>({
      resource: "relationships",
      items: ask.account.relationships.each(ask.filter, ask.page),
      render: (view) => relationshipShown(ask, view),
    }),
  getRelationship: async (ask) => shown(ask, await found(ask)),
  getAttributesForRelationship: async (ask) => result(await attributesShown(ask, (await found(ask)).peer)),
  acceptRelationship: step("accept"),
  rejectRelationship: step("reject"),
  revokeRelationship: step("revoke"),
  terminateRelationship: step("terminate"),
  requestRelationshipReactivation: step("requestReactivation"),
  acceptRelationshipReactivation: step("acceptReactivation"),
  rejectRelationshipReactivation: step("rejectReactivation"),
  revokeRelationshipReactivation: step("revokeReactivation"),
  decomposeRelationship: async ({ account, params: { id = "" }, command }) => {
    await account.relationships.decompose(id, command);
    return nothing;
  },
};

function found({ account, params: { id = "" } }: Ask): Promise<RelationshipView> {
  return account.relationships.get(id);
}

async function shown(ask: Ask, view: RelationshipView): ReturnType<Handler> {
  return result(await relationshipShown(ask, view));
}

type Step =
  | "accept"
  | "reject"
  | "revoke"
  | "terminate"
  | "requestReactivation"
  | "acceptReactivation"
  | "rejectReactivation"
  | "revokeReactivation";

function step(name: Step): Handler {
  return async (ask) => {
    const run: (id: string, options?: CommandOptions) => Promise<RelationshipView> = ask.account.relationships[name];
    return shown(ask, await run(ask.params["id"] ?? "", ask.command));
  };
}

async function create(ask: Ask): ReturnType<Handler> {
  const { account, profile, body, command } = ask;
  const content = creationContent(ask);
  const isOptional = profile.name === "union" || profile.name === "gen1";
  if (content === undefined && !isOptional)
    throw fault("error.runtime.validation.invalidPropertyValue", "must have required property 'creationContent'");
  const input = { templateId: String(body["templateId"]), creationContent: content ?? noCreationContent };
  const view = await account.relationships.create(input, command);
  return result(await relationshipShown(ask, view), `/Relationships/${view.id}`);
}
