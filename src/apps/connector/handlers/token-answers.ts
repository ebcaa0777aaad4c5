// Tokens for templates and files: one way to make them, two ways to show them (spec/connector-api.md 1.4, 1.9, 1.15).
import type { NewTemplateToken, TokenView } from "rapport";
import { type Ask, type Reply, result } from "../handler.ts";
import { pictureOf } from "./references.ts";

type Limits = Omit<NewTemplateToken, "templateId">;

/** Makes the token and shows it. A picture of one is all that anybody needs of it, so it is not kept. */
export async function tokenMade(ask: Ask, make: (limits: Limits) => Promise<TokenView>): Promise<Reply> {
  const isPicture = ask.wants === "png";
  // The contract has checked the shape, and the engine checks it again.
  const limits = ask.body as unknown as Limits;
  const token = await make(isPicture ? { ...limits, ephemeral: true } : limits);
  const location = `/Tokens/${token.id}`;
  return isPicture ? pictureOf(ask, token, location) : result(ask.profile.token(token), location);
}
