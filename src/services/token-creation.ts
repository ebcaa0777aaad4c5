// Making tokens: with any content, for an own template, for a file (spec/domain.md 2.4).

import { accountTurn } from "../engine/change.ts";
import { type CommandTag, recordResult, tagged, tagOf } from "../engine/commands.ts";
import type { Account } from "../engine/context.ts";
import { closeIntent, draftIntent, type IntentKind, knownAs, openIntent, secretOfIntent } from "../engine/intents.ts";
import { contentTooLarge } from "../engine/outgoing-message.ts";
import { perform } from "../engine/performing.ts";
import type { TokenView } from "../engine/present.ts";
import { protect } from "../engine/protection.ts";
import { putSecret, readSecret } from "../engine/vault.ts";
import { allow, type Outcome, refuse } from "../errors/refusal.ts";
import { newId } from "../model/ids.ts";
import type { Json, JsonObject } from "../model/json.ts";
import { keyOf } from "../model/keys.ts";
import type { PasswordProtection, TokenRecord } from "../model/records.ts";
import { isAddress } from "../sealed/address.ts";
import { sealToken } from "../sealed/token.ts";
import type { WireCreated } from "../wire/shapes.ts";
import { futureInstant } from "./door.ts";
import { checkProtection } from "./protection.ts";
import { type TokenSecret, tokenView } from "./token-view.ts";

/** For whom a token is, and for how long. */
export interface TokenLimits {
  readonly forIdentity?: string;
  readonly passwordProtection?: PasswordProtection;
}

/** The limits of a token, of which nothing is wrong. */
export interface CheckedLimits extends TokenLimits {
  readonly expiresAt: string;
}

const invalid = "error.runtime.validation.invalidPropertyValue";

/** Checks what a caller wants of a token; `inherits` has its turn before the instant. */
export function checkLimits(
  account: Account,
  wanted: TokenLimits & { readonly expiresAt: string },
  inherits: (limits: TokenLimits) => Outcome<unknown> = allow,
): Outcome<CheckedLimits> {
  const { forIdentity, passwordProtection } = wanted;
  const protection = passwordProtection === undefined ? undefined : checkProtection(passwordProtection);
  if (protection?.ok === false) return protection;
  if (forIdentity !== undefined && !isAddress(account.crypto, forIdentity))
    return refuse(invalid, "forIdentity must be an address.");
  const limits: TokenLimits = {
    ...(forIdentity === undefined ? {} : { forIdentity }),
    ...(protection === undefined ? {} : { passwordProtection: protection.value }),
  };
  const inherited = inherits(limits);
  if (!inherited.ok) return inherited;
  const expiresAt = futureInstant(wanted.expiresAt, account.clock.now());
  return expiresAt.ok ? allow({ ...limits, expiresAt: expiresAt.value }) : expiresAt;
}

/** A token whose making was checked. */
export interface CheckedToken {
  readonly content: Json;
  readonly limits: CheckedLimits;
  readonly isEphemeral: boolean;
  /** What it leads to. */
  readonly leadsTo?: Pick<TokenRecord, "templateId" | "fileId">;
}

type Facts = Pick<TokenRecord, "expiresAt" | "forIdentity" | "isEphemeral" | "templateId" | "fileId"> & JsonObject;

/** Seals it and asks the relay to keep it. */
export async function makeToken(account: Account, token: CheckedToken, tag: CommandTag): Promise<Outcome<TokenView>> {
  const { content, isEphemeral, leadsTo = {} } = token;
  const { expiresAt, forIdentity, passwordProtection } = token.limits;
  const sealed = sealToken(account, content);
  const tooLarge = contentTooLarge(sealed.content, "token");
  if (tooLarge !== undefined) return tooLarge;
  const protection = passwordProtection === undefined ? undefined : await protect(account, passwordProtection);
  const personal = forIdentity === undefined ? {} : { forIdentity };
  const facts: Facts = { expiresAt, ...personal, isEphemeral, ...leadsTo };
  const intent = draftIntent(account, {
    entity: newId("NEW", account.entropy),
    kind: "createToken",
    operation: "createToken",
    body: {
      content: sealed.content,
      expiresAt,
      ...personal,
      ...(protection === undefined ? {} : { password: protection.hash }),
    },
    ...tagged(tag, facts),
  });
  const secret = { secretKey: sealed.secretKey, ...protection?.secret, content };
  const begun = await accountTurn(account, {
    gather: async () => undefined,
    plan: (_facts, change) => {
      openIntent(account, change, { intent, secret });
      return allow(intent);
    },
  });
  return begun.ok ? perform<TokenView>(account, begun.value) : begun;
}

/** Turn 2: the relay gave the token its id. */
export const createTokenIntent: IntentKind = {
  async applied(account, intent, result): Promise<Outcome<TokenView>> {
    const { id, createdAt } = result as WireCreated;
    const { expiresAt, forIdentity, isEphemeral, templateId, fileId } = intent.facts as Facts;
    return accountTurn(account, {
      gather: async (reads) => {
        const known = await knownAs<TokenRecord>(reads, keyOf(account.id, "tokens", id));
        const secret =
          known === undefined
            ? await secretOfIntent<TokenSecret & JsonObject>(account, reads, intent)
            : await readSecret<TokenSecret & JsonObject>(account, reads.peek, `token-${id}`);
        return { known, secret };
      },
      plan({ known, secret }, change) {
        const kept = secret ?? { secretKey: "" };
        if (known !== undefined) return allow(tokenView(account, known, kept));
        const record: TokenRecord = {
          id,
          isOwn: true,
          createdBy: account.self,
          createdByDevice: account.record.deviceId,
          createdAt,
          expiresAt,
          ...(forIdentity === undefined ? {} : { forIdentity }),
          ...(kept.password === undefined ? {} : { isPasswordProtected: true as const }),
          isEphemeral,
          ...(templateId === undefined ? {} : { templateId }),
          ...(fileId === undefined ? {} : { fileId }),
        };
        const tag = tagOf(intent);
        // An ephemeral one is kept for those who repeat the command, and for nobody else.
        if (!isEphemeral || tag !== undefined) {
          change.put("tokens", id, record);
          putSecret(account, change, { id: `token-${id}`, secret: kept });
        }
        closeIntent(change, intent);
        recordResult(account, change, { tag, result: { id } });
        return allow(tokenView(account, record, kept));
      },
    });
  },
};
