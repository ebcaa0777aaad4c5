import { passwordBytesMax } from "../limits.ts";
import { newId } from "../model/ids.ts";
import { isAddress } from "../sealed/address.ts";
import { type Asked, work } from "./asked.ts";
import type { Desk } from "./desk.ts";
import { type TemplateDocument, type TokenDocument, templateKey, tokenKey } from "./documents.ts";
import { createDraft } from "./draft.ts";
import type { Fields } from "./fields.ts";
import { countAgainstQuota } from "./quotas.ts";
import { hashSecret } from "./secrets.ts";

/** Who may read a new template or token: everybody with the id, or one identity, with a password or without. */
export interface Audience {
  readonly forIdentity: string | null;
  readonly password: string | null;
}

type Given = "id" | "createdAt" | keyof Audience;
/** What is published, as far as its creator decides. */
export type Publication =
  | { readonly prefix: "RLT"; readonly rest: Omit<TemplateDocument, Given> }
  | { readonly prefix: "TOK"; readonly rest: Omit<TokenDocument, Given> };

/** The audience that a body asks for. */
export function audienceIn(fields: Fields, { crypto }: Desk): Audience {
  const forIdentity = fields.textOrNull("forIdentity");
  const password = fields.base64OrNull("password", { max: passwordBytesMax });
  if (forIdentity !== null && !isAddress(crypto, forIdentity)) fields.fail("forIdentity", "an address");
  return { forIdentity, password };
}

/** Stores a new template or token, and answers its id and time. */
export function publish(asked: Asked, desk: Desk, at: Publication & { readonly audience: Audience }) {
  const { prefix, rest, audience } = at;
  const id = newId(prefix, desk.entropy);
  const { now: createdAt } = asked;
  const { forIdentity } = audience;
  const password = audience.password === null ? null : hashSecret(desk, audience.password);
  const key = prefix === "RLT" ? templateKey(id) : tokenKey(id);
  return work({
    gather: async () => undefined,
    plan: () => {
      const draft = createDraft();
      draft.put(key, { id, createdAt, forIdentity, password, ...rest });
      const metric = prefix === "RLT" ? "NumberOfRelationshipTemplates" : "NumberOfTokens";
      const { createdBy: address } = rest;
      if (address !== null) countAgainstQuota(draft, desk, { address, metric, by: 1, nowMs: asked.nowMs });
      return draft.answer({ id, createdAt });
    },
  });
}
