import { accountTurn } from "../engine/change.ts";
import { type CommandOptions, type CommandTag, once, recordResult } from "../engine/commands.ts";
import type { Account } from "../engine/context.ts";
import type { TokenView } from "../engine/present.ts";
import { isPassing } from "../engine/relay-refusals.ts";
import { fault } from "../errors/rapport-error.ts";
import { allow, type Outcome } from "../errors/refusal.ts";
import type { TokenRecord } from "../model/records.ts";
import { atTheDoor, flag, id, json, jsonObject, listOptions, object, optional, options, query, text } from "./door.ts";
import { protectionAsked, protectionFields } from "./field-reading.ts";
import { each, found, type List, type Listed, type ListOptions, type Query, same } from "./listing.ts";
import type { NewFileToken, NewTemplateToken, NewToken } from "./token-inputs.ts";
import { createFileToken, createTemplateToken, createToken } from "./token-inputs.ts";
import { type LoadToken, loadToken } from "./token-loading.ts";
import { presentToken, secretOfToken, tokenOf } from "./token-view.ts";

export type { LoadToken, NewFileToken, NewTemplateToken, NewToken };

/** Tokens of one account (spec/domain.md 2.4): short references to any content, a template or a file. */
export interface Tokens {
  /** Makes a token with any JSON. Refuses with the codes of 2.4. */
  create(input: NewToken, options?: CommandOptions): Promise<TokenView>;
  /** Makes a token for an own template. Refuses with the codes of 2.4. */
  createForTemplate(input: NewTemplateToken, options?: CommandOptions): Promise<TokenView>;
  /** Makes a token for a file of this account. */
  createForFile(input: NewFileToken, options?: CommandOptions): Promise<TokenView>;
  /** Loads somebody's token, and keeps it unless it is ephemeral. One that is kept already is shown as it is. */
  load(input: LoadToken, options?: CommandOptions): Promise<TokenView>;
  /** Ephemeral tokens are never found. */
  get(id: string): Promise<TokenView>;
  find(query?: Query, options?: ListOptions): Promise<TokenView[]>;
  /** The same one by one, complete without a limit. */
  each(query?: Query, options?: ListOptions): AsyncIterable<Listed<TokenView>>;
  /** Deletes an own token at the relay too, a peer's only here. */
  delete(id: string, options?: CommandOptions): Promise<void>;
}

const fields = {
  ...same("id", "isOwn", "createdAt", "createdBy", "createdByDevice", "expiresAt", "forIdentity", "isEphemeral"),
  ...protectionFields,
};

/** The service of one account. */
export function createTokens(account: Account): Tokens {
  const present = (record: TokenRecord) => presentToken(account, record);
  const always = { isEphemeral: [{ anyOf: [false] }] };
  const beside = {
    members: ["passwordProtection"],
    of: async ({ id, isPasswordProtected }: TokenRecord) =>
      isPasswordProtected ? protectionAsked(await secretOfToken(account, id)) : {},
  };
  const list: List<TokenRecord, TokenView> = { kind: "tokens", fields, always, beside, view: present };

  /** A command that makes a token, and shows the same one when it is repeated. */
  const making =
    <I>(name: string, make: (account: Account, input: I, tag: CommandTag) => Promise<Outcome<TokenView>>) =>
    (input: I, given?: CommandOptions) =>
      once<TokenView>(
        account,
        { name: `tokens.${name}`, input, options: given },
        {
          run: (tag) => make(account, input, tag),
          replay: async ({ id }) => present(await tokenOf(account, String(id))),
        },
      );

  const service: Tokens = {
    create: making("create", createToken),
    createForTemplate: making("createForTemplate", createTemplateToken),
    createForFile: making("createForFile", createFileToken),
    load: making("load", loadToken),
    get: async (id) => present(kept(await tokenOf(account, id))),
    find: (query, options) => found(account, list, { query, options }),
    each: (query, options) => each(account, list, { query, options }),
    delete: (id, given) =>
      once<undefined>(
        account,
        { name: "tokens.delete", input: { id }, options: given },
        { run: (tag) => remove(account, id, tag), replay: async () => undefined },
      ),
  };
  const limits = {
    passwordProtection: optional(jsonObject("passwordProtection")),
    ephemeral: optional(flag("ephemeral")),
  };
  return atTheDoor(service, {
    create: [object("input", { content: json("content"), ...limits }), options],
    createForTemplate: [object("input", { templateId: text("templateId"), ...limits }), options],
    createForFile: [object("input", { fileId: text("fileId"), ...limits }), options],
    load: [
      object("input", {
        reference: text("reference"),
        password: optional(text("password")),
        ephemeral: optional(flag("ephemeral")),
      }),
      options,
    ],
    get: [id],
    find: [query, listOptions],
    each: [query, listOptions],
    delete: [id, options],
  });
}

function kept(record: TokenRecord): TokenRecord {
  if (!record.isEphemeral) return record;
  throw fault("error.runtime.recordNotFound", `The token ${record.id} is ephemeral and not kept.`);
}

// Without an intent: deleting it once more at the relay does no harm, so a try that got no answer is simply repeated.
async function remove(account: Account, id: string, tag: CommandTag): Promise<Outcome<undefined>> {
  const { isOwn } = kept(await tokenOf(account, id));
  if (isOwn) {
    const answer = await account.transport.call({ operation: "deleteToken", params: { id } }, account.session);
    if (!answer.ok && answer.status !== 404)
      throw fault(isPassing(answer) ? "relay.unreachable" : "relay.refused", answer.error.message);
  }
  return accountTurn(account, {
    gather: async () => undefined,
    plan(_facts, change) {
      change.remove("tokens", id);
      change.remove("secrets", `token-${id}`);
      recordResult(account, change, { tag, result: {} });
      return allow(undefined);
    },
  });
}
