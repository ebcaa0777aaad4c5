// Tokens as embedders see them (spec/domain.md 2.4).

import type { Account } from "../engine/context.ts";
import { protectionView, type TemplateSecret, type TokenView } from "../engine/present.ts";
import { referenceOf } from "../engine/templates-view.ts";
import { readSecret } from "../engine/vault.ts";
import { fault } from "../errors/rapport-error.ts";
import type { Json, JsonObject } from "../model/json.ts";
import { keyOf } from "../model/keys.ts";
import type { TokenRecord } from "../model/records.ts";

/** What the vault holds of a token: its content too, since that may hold keys. */
export type TokenSecret = TemplateSecret & { readonly content?: Json };

/** A token with the reference that is written from its secret. */
export function tokenView(account: Account, record: TokenRecord, secret: TokenSecret): TokenView {
  const { isPasswordProtected: _protected, templateId: _template, fileId: _file, ...view } = record;
  const protection = protectionView(secret);
  const reference = referenceOf(account, { id: record.id, forIdentity: record.forIdentity, secret });
  return {
    ...view,
    content: secret.content ?? null,
    ...(protection === undefined ? {} : { passwordProtection: protection }),
    reference,
    truncatedReference: reference.truncated,
  };
}

/** The same from the store. */
export async function presentToken(account: Account, record: TokenRecord): Promise<TokenView> {
  return tokenView(account, record, (await secretOfToken(account, record.id)) ?? { secretKey: "" });
}

/** The keys of a token, its content, and its password. */
export function secretOfToken(account: Account, id: string): Promise<(TokenSecret & JsonObject) | undefined> {
  return readSecret<TokenSecret & JsonObject>(account, account.store.get, `token-${id}`);
}

/** The stored token. Throws `error.runtime.recordNotFound`. */
export async function tokenOf(account: Account, id: string): Promise<TokenRecord> {
  const stored = await account.store.get<TokenRecord>(keyOf(account.id, "tokens", id));
  if (stored === undefined) throw fault("error.runtime.recordNotFound", `There is no token ${id}. Check the id.`);
  return stored.document;
}
