// Tokens (spec/connector-api.md 1.10).
import type { NewToken } from "rapport";
import { type Ask, type Handler, type HandlersOf, listed, nothing, type Reply, result } from "../handler.ts";
import type { tokenOperations } from "../operations/tokens.ts";
import { passwordIn, pictureOf, referenceIn } from "./references.ts";
import { inTerms, termsOfLoading } from "./rest-codes.ts";

/** Carries out the routes of tokens. */
export const tokenHandlers: HandlersOf<typeof tokenOperations> = {
  createOwnToken: async ({ account, profile, body, command }) => {
    // The contract has checked the shape, and the engine checks it again.
    const token = await account.tokens.create(body as unknown as NewToken, command);
    return result(profile.token(token), `/Tokens/${token.id}`);
  },
  loadPeerToken: load,
  getOwnTokens: async (ask) => list(ask, true),
  getPeerTokens: async (ask) => list(ask, false),
  getToken: async (ask) => {
    const token = await ask.account.tokens.get(ask.params["id"] ?? "");
    return ask.wants === "png" ? pictureOf(ask, token) : result(ask.profile.token(token));
  },
  deleteToken: async ({ account, params: { id = "" }, command }) => {
    await account.tokens.delete(id, command);
    return nothing;
  },
};

async function load(ask: Ask): ReturnType<Handler> {
  const { account, profile, body, command } = ask;
  const ephemeral = typeof body["ephemeral"] === "boolean" ? { ephemeral: body["ephemeral"] } : {};
  const input = { reference: referenceIn(ask, "token"), ...passwordIn(ask), ...ephemeral };
  const token = await inTerms(termsOfLoading("token"), () => account.tokens.load(input, command));
  return result(profile.token(token), `/Tokens/${token.id}`);
}

function list({ account, profile, filter, page }: Ask, isOwn: boolean): Reply {
  const items = account.tokens.each({ ...filter, isOwn: String(isOwn) }, page);
  return listed({ resource: "tokens", items, render: profile.token });
}
