import { accountTurn } from "../engine/change.ts";
import { type CommandOptions, type CommandTag, once, recordResult, tagged, tagOf } from "../engine/commands.ts";
import type { Account } from "../engine/context.ts";
import { closeIntent, draftIntent, type IntentKind, knownAs, openIntent, secretOfIntent } from "../engine/intents.ts";
import { perform } from "../engine/performing.ts";
import { protectionView, type TemplateSecret, type TokenView } from "../engine/present.ts";
import { passwordLocations, referenceOf } from "../engine/templates-view.ts";
import { putSecret, readSecret } from "../engine/vault.ts";
import { fault } from "../errors/rapport-error.ts";
import { allow, type Outcome, refuse } from "../errors/refusal.ts";
import { newId } from "../model/ids.ts";
import { instantOf } from "../model/instant.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf } from "../model/keys.ts";
import type { PasswordProtection, TemplateRecord, TokenRecord } from "../model/records.ts";
import { isSameJson } from "../model/same-json.ts";
import { isAddress } from "../sealed/address.ts";
import { sealToken } from "../sealed/token.ts";
import type { WireCreated } from "../wire/shapes.ts";
import { atTheDoor, futureInstant, jsonObject, object, optional, options, text } from "./door.ts";
import { checkProtection, protect } from "./protection.ts";

/** Input of `tokens.createForTemplate`. */
export interface NewTemplateToken {
  readonly templateId: string;
  /** Default: the template's. */
  readonly expiresAt?: string;
  /** Default true: the token is not kept here. */
  readonly ephemeral?: boolean;
  readonly forIdentity?: string;
  readonly passwordProtection?: PasswordProtection;
}

/** Tokens of one account (spec/domain.md 2.4): short references that are handed out instead of a template's own. */
export interface Tokens {
  /** Makes a token for an own template. Refuses with the codes of 2.4. */
  createForTemplate(input: NewTemplateToken, options?: CommandOptions): Promise<TokenView>;
}

/** The service of one account. */
export function createTokens(account: Account): Tokens {
  const service: Tokens = {
    createForTemplate: (input, given) =>
      once<TokenView>(
        account,
        { name: "tokens.createForTemplate", input, options: given },
        {
          run: (tag) => create(account, input, tag),
          replay: async ({ id }) => present(account, String(id)),
        },
      ),
  };
  return atTheDoor(service, { createForTemplate: [newToken, options] });
}

const newToken = object("input", {
  templateId: text("templateId"),
  passwordProtection: optional(jsonObject("passwordProtection")),
  ephemeral: optional((given) =>
    typeof given === "boolean" ? allow(given) : refuse(invalid, "ephemeral must be a boolean."),
  ),
});
const invalid = "error.runtime.validation.invalidPropertyValue";

const lifeWithoutTemplateMs = 12 * 24 * 60 * 60 * 1000;

type Facts = {
  readonly content: JsonObject;
  readonly expiresAt: string;
  readonly forIdentity?: string;
  readonly isEphemeral: boolean;
  readonly templateId: string;
};

async function create(account: Account, input: NewTemplateToken, tag: CommandTag): Promise<Outcome<TokenView>> {
  const template = (await account.store.get<TemplateRecord>(keyOf(account.id, "templates", input.templateId)))
    ?.document;
  if (template === undefined)
    return refuse("error.runtime.recordNotFound", `There is no template ${input.templateId}.`);
  const secret = await readSecret<TemplateSecret & JsonObject>(account, account.store.get, `template-${template.id}`);
  if (secret === undefined) return refuse("error.runtime.recordNotFound", `The keys of ${template.id} are missing.`);
  const checked = checkToken(account, template, { input, secret });
  if (!checked.ok) return checked;
  const { expiresAt, forIdentity, passwordProtection } = checked.value;
  const protection = passwordProtection === undefined ? undefined : await protect(account, passwordProtection);
  const content = contentFor(template, secret);
  const sealed = sealToken(account, content);
  const personal = forIdentity === undefined ? {} : { forIdentity };
  const facts: Facts = {
    content: { "@type": "TokenContentRelationshipTemplate", templateId: template.id },
    expiresAt,
    ...personal,
    isEphemeral: input.ephemeral ?? true,
    templateId: template.id,
  };
  const intent = draftIntent(account, {
    entity: newId("NEW", account.entropy),
    kind: "createToken",
    operation: "createToken",
    body: {
      content: sealed.content,
      expiresAt: facts.expiresAt,
      ...personal,
      ...(protection === undefined ? {} : { password: protection.hash }),
    },
    ...tagged(tag, facts),
  });
  const kept: TemplateSecret = { secretKey: sealed.secretKey, ...protection?.secret };
  const begun = await accountTurn(account, {
    gather: async () => undefined,
    plan: (_facts, change) => {
      openIntent(account, change, { intent: intent, secret: { ...kept, content } });
      return allow(intent);
    },
  });
  return begun.ok ? perform<TokenView>(account, begun.value) : begun;
}

interface Checked extends Pick<NewTemplateToken, "forIdentity" | "passwordProtection"> {
  readonly expiresAt: string;
}

function checkToken(
  account: Account,
  template: TemplateRecord,
  { input, secret }: { readonly input: NewTemplateToken; readonly secret: TemplateSecret },
): Outcome<Checked> {
  const { forIdentity, passwordProtection } = input;
  const protection = passwordProtection === undefined ? undefined : checkProtection(passwordProtection);
  if (protection?.ok === false) return protection;
  if (forIdentity !== undefined && !isAddress(account.crypto, forIdentity))
    return refuse(invalid, "forIdentity must be an address.");
  const given = { forIdentity, passwordProtection: protection?.value };
  const refusal = inheritanceRefusal(template, secret, given);
  if (refusal !== undefined) return refusal;
  const nowMs = account.clock.now();
  const wanted = input.expiresAt ?? template.expiresAt ?? instantOf(nowMs + lifeWithoutTemplateMs);
  const expiresAt = futureInstant(wanted, nowMs);
  if (!expiresAt.ok) return expiresAt;
  return allow({
    expiresAt: expiresAt.value,
    ...(forIdentity === undefined ? {} : { forIdentity }),
    ...(protection === undefined ? {} : { passwordProtection: protection.value }),
  });
}

function inheritanceRefusal(
  template: TemplateRecord,
  secret: TemplateSecret,
  input: {
    readonly forIdentity: string | undefined;
    readonly passwordProtection: PasswordProtection | undefined;
  },
): Outcome<never> | undefined {
  if (!template.isOwn) {
    return refuse("error.runtime.relationshipTemplates.cannotCreateTokenForPeerTemplate", "The template is a peer's.");
  }
  if (template.forIdentity !== undefined && template.forIdentity !== input.forIdentity) {
    const message = "The template is personalised. Give the token the same forIdentity.";
    return refuse("error.runtime.relationshipTemplates.personalizationMustBeInherited", message);
  }
  const wanted = protectionView(secret);
  if (wanted !== undefined && !isSameJson(wanted, input.passwordProtection as JsonObject | undefined)) {
    const message = "The template is password protected. Give the token the same protection.";
    return refuse("error.runtime.relationshipTemplates.passwordProtectionMustBeInherited", message);
  }
  return undefined;
}

function contentFor(template: TemplateRecord, secret: TemplateSecret): JsonObject {
  const { salt, password, passwordIsPin, passwordLocationIndicator: place } = secret;
  const number = typeof place === "string" ? passwordLocations.indexOf(place) : place;
  return {
    "@type": "TokenContentRelationshipTemplate",
    ...(template.forIdentity === undefined ? {} : { forIdentity: template.forIdentity }),
    ...(salt === undefined || password === undefined
      ? {}
      : {
          passwordProtection: {
            ...(number === undefined ? {} : { passwordLocationIndicator: number }),
            passwordType: passwordIsPin === true ? `pin${password.length}` : "pw",
            salt,
          },
        }),
    secretKey: { key: secret.secretKey, alg: 3 },
    templateId: template.id,
  };
}

/** Turn 2: the relay gave the token its id. */
export const createTokenIntent: IntentKind = {
  async applied(account, intent, result): Promise<Outcome<TokenView>> {
    const { id, createdAt } = result as WireCreated;
    const facts = intent.facts as Facts;
    return accountTurn(account, {
      gather: async (reads) => {
        const known = await knownAs<TokenRecord>(reads, keyOf(account.id, "tokens", id));
        const secret =
          known === undefined
            ? await secretOfIntent<TemplateSecret & JsonObject>(account, reads, intent)
            : await readSecret<TemplateSecret & JsonObject>(account, reads.peek, `token-${id}`);
        return { known, secret };
      },
      plan({ known, secret }, change) {
        const kept = secret ?? { secretKey: "" };
        if (known !== undefined) return allow(viewOf(account, known, kept));
        const { content: _sealed, templateId, expiresAt, forIdentity, isEphemeral } = facts;
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
          templateId,
        };
        const tag = tagOf(intent);
        if (!isEphemeral || tag !== undefined) {
          change.put("tokens", id, record);
          putSecret(account, change, { id: `token-${id}`, secret: kept });
        }
        closeIntent(change, intent);
        recordResult(account, change, { tag, result: { id } });
        return allow(viewOf(account, record, kept));
      },
    });
  },
};

async function present(account: Account, id: string): Promise<TokenView> {
  const record = (await account.store.get<TokenRecord>(keyOf(account.id, "tokens", id)))?.document;
  const secret = await readSecret<TemplateSecret & JsonObject>(account, account.store.get, `token-${id}`);
  if (record === undefined || secret === undefined)
    throw fault("error.runtime.recordNotFound", `There is no token ${id}.`);
  return viewOf(account, record, secret);
}

function viewOf(account: Account, record: TokenRecord, secret: TemplateSecret & { content?: unknown }): TokenView {
  const { isPasswordProtected: _protected, templateId: _template, ...view } = record;
  const protection = protectionView(secret);
  const reference = referenceOf(account, { id: record.id, forIdentity: record.forIdentity, secret });
  const content = (secret.content ?? {}) as JsonObject;
  return {
    ...view,
    content,
    ...(protection === undefined ? {} : { passwordProtection: protection }),
    reference,
    truncatedReference: reference.truncated,
  };
}
