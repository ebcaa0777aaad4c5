// Loading a token by reference (spec/domain.md 2.4).

import { accountTurn } from "../engine/change.ts";
import { type CommandTag, recordResult } from "../engine/commands.ts";
import type { Account } from "../engine/context.ts";
import type { TokenView } from "../engine/present.ts";
import { type ReadToken, readToken } from "../engine/token-reading.ts";
import { putSecret, readSecret } from "../engine/vault.ts";
import { allow, type Outcome, refuse } from "../errors/refusal.ts";
import { isId } from "../model/ids.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf } from "../model/keys.ts";
import type { TokenRecord } from "../model/records.ts";
import { isObject } from "../model/shape.ts";
import { type Reference, readReference } from "../sealed/reference.ts";
import { deviceContent } from "./token-inputs.ts";
import { type TokenSecret, tokenView } from "./token-view.ts";

/** Input of `tokens.load`. */
export interface LoadToken {
  /** Truncated or URL. */
  readonly reference: string;
  readonly password?: string;
  /** Default false; true: the token is only shown, and not kept. */
  readonly ephemeral?: boolean;
}

/** Reads the token, here or at the relay, and keeps it unless it is only to be shown. */
export async function loadToken(account: Account, input: LoadToken, tag: CommandTag): Promise<Outcome<TokenView>> {
  const parsed = readReference(input.reference);
  if (!parsed.ok) return parsed;
  const reference = parsed.value;
  if (!isId(reference.id, "TOK")) return refuse("error.runtime.invalidReference", "The reference is not of a token.");
  const { password } = input;
  if (reference.passwordProtection !== undefined && password === undefined)
    return refuse("error.transport.noPasswordProvided", "The token is password protected. Give its password.");
  return account.lanes.run(`load-${reference.id}`, async () => {
    if (await isKept(account, reference)) return take(account, { reference, keeps: true, tag });
    const read = await readToken(account, { reference, password });
    if (!read.ok) return read;
    if (isObject(read.value.content) && read.value.content["@type"] === deviceContent) {
      const message = "The token brings a device into an identity. What it holds is not shown.";
      return refuse("error.runtime.invalidTokenContent", message);
    }
    return take(account, { reference, read: read.value, keeps: input.ephemeral !== true, tag });
  });
}

async function isKept(account: Account, { id }: Reference): Promise<boolean> {
  const stored = await account.store.get<TokenRecord>(keyOf(account.id, "tokens", id));
  return stored?.document.isEphemeral === false;
}

interface Taken {
  readonly reference: Reference;
  readonly read?: ReadToken;
  readonly keeps: boolean;
  readonly tag: CommandTag;
}

function take(account: Account, { reference, read, keeps, tag }: Taken): Promise<Outcome<TokenView>> {
  const { id } = reference;
  return accountTurn(account, {
    gather: async (reads) => ({
      stored: (await reads.get<TokenRecord>(keyOf(account.id, "tokens", id)))?.document,
      secret: await readSecret<TokenSecret & JsonObject>(account, reads.get, `token-${id}`),
    }),
    plan({ stored, secret }, change): Outcome<TokenView> {
      const known = stored?.isEphemeral === false ? stored : undefined;
      const record = known ?? (read === undefined ? undefined : recordOf(account, read, keeps));
      if (record === undefined) return refuse("error.runtime.recordNotFound", `The token ${id} was just deleted.`);
      const kept = known !== undefined && secret !== undefined ? secret : secretOf(reference, read);
      if (known === undefined && keeps) {
        change.put("tokens", id, record);
        putSecret(account, change, { id: `token-${id}`, secret: kept });
      }
      if (keeps) recordResult(account, change, { tag, result: { id } });
      return allow(tokenView(account, record, kept));
    },
  });
}

function secretOf({ secretKey }: Reference, read: ReadToken | undefined): TokenSecret & JsonObject {
  return { secretKey, ...read?.protection?.secret, content: read?.content ?? null };
}

function recordOf(account: Account, { wire, protection }: ReadToken, keeps: boolean): TokenRecord {
  const { id, createdBy, createdByDevice, createdAt, expiresAt, forIdentity } = wire;
  return {
    id,
    isOwn: createdBy === account.self,
    createdBy: createdBy ?? "",
    createdByDevice: createdByDevice ?? "",
    createdAt,
    expiresAt,
    ...(forIdentity === null ? {} : { forIdentity }),
    ...(protection === undefined ? {} : { isPasswordProtected: true as const }),
    isEphemeral: !keeps,
  };
}
