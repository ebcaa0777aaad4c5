// RelationshipTemplates (spec/connector-api.md 1.4).
import type { NewTemplate } from "rapport";
import { type Ask, type Handler, type HandlersOf, listed, nothing, type Reply, result } from "../handler.ts";
import type { templateOperations } from "../operations/templates.ts";
import { templateContent } from "./given-contents.ts";
import { passwordIn, pictureOf, referenceIn } from "./references.ts";
import { inTerms, termsOfLoading } from "./rest-codes.ts";
import { tokenMade } from "./token-answers.ts";

/** Carries out the routes of templates. */
export const templateHandlers: HandlersOf<typeof templateOperations> = {
  getRelationshipTemplates: async (ask) => list(ask),
  getOwnRelationshipTemplates: async (ask) => list(ask, true),
  getPeerRelationshipTemplates: async (ask) => list(ask, false),
  getRelationshipTemplate: async (ask) => {
    const template = await ask.account.templates.get(ask.params["id"] ?? "");
    return ask.wants === "png" ? pictureOf(ask, template) : result(ask.profile.template(template));
  },
  createOwnRelationshipTemplate: create,
  loadPeerRelationshipTemplate: load,
  createTokenForOwnRelationshipTemplate: (ask) =>
    tokenMade(ask, (limits) =>
      ask.account.tokens.createForTemplate({ templateId: ask.params["id"] ?? "", ...limits }, ask.command),
    ),
  deleteRelationshipTemplate: async ({ account, params: { id = "" }, command }) => {
    await account.templates.delete(id, command);
    return nothing;
  },
};

function list({ account, profile, filter, page }: Ask, isOwn?: boolean): Reply {
  const query = isOwn === undefined ? filter : { ...filter, isOwn: String(isOwn) };
  const items = account.templates.each(query, page);
  return listed({ resource: "templates", items, render: profile.template });
}

async function create(ask: Ask): ReturnType<Handler> {
  const { account, profile, body, command } = ask;
  const input = { ...body, content: templateContent(ask) };
  // The contract has checked the shape, and the engine checks it again.
  const template = await account.templates.create(input as unknown as NewTemplate, command);
  return made(profile.template(template), template.id);
}

async function load(ask: Ask): ReturnType<Handler> {
  const { account, profile, command } = ask;
  const what = "relationship template";
  const input = { reference: referenceIn(ask, what), ...passwordIn(ask) };
  const template = await inTerms(termsOfLoading(what), () => account.templates.load(input, command));
  return made(profile.template(template), template.id);
}

function made(template: ReturnType<Ask["profile"]["template"]>, id: string): Reply {
  return result(template, `/RelationshipTemplates/${id}`);
}
