// What may be asked of a token before it is made: its content, and the protection of what it leads to (spec/domain.md 2.4).

import type { CommandTag } from "../engine/commands.ts";
import type { Account } from "../engine/context.ts";
import { protectionView, type TemplateSecret, type TokenView } from "../engine/present.ts";
import { passwordLocations } from "../engine/templates-view.ts";
import { referenceInToken, tokenTargets } from "../engine/token-reading.ts";
import { readSecret } from "../engine/vault.ts";
import { allow, type Outcome, refuse } from "../errors/refusal.ts";
import { tokenLifeMs } from "../limits.ts";
import type { FileRecord } from "../model/file-record.ts";
import { instantOf } from "../model/instant.ts";
import type { Json, JsonObject } from "../model/json.ts";
import { keyOf } from "../model/keys.ts";
import type { TemplateRecord } from "../model/records.ts";
import { isSameJson } from "../model/same-json.ts";
import { isObject } from "../model/shape.ts";
import { checkLimits, makeToken, type TokenLimits } from "./token-creation.ts";

/** Input of `tokens.create`. */
export interface NewToken extends TokenLimits {
  /** Any JSON. */
  readonly content: Json;
  readonly expiresAt: string;
  /** Default false; true: the token is not kept here. */
  readonly ephemeral?: boolean;
}

/** Input of `tokens.createForTemplate`. */
export interface NewTemplateToken extends TokenLimits {
  readonly templateId: string;
  /** Default: the template's. */
  readonly expiresAt?: string;
  /** Default true: the token is not kept here. */
  readonly ephemeral?: boolean;
}

/** Input of `tokens.createForFile`. */
export interface NewFileToken extends TokenLimits {
  readonly fileId: string;
  /** Default: the file's. */
  readonly expiresAt?: string;
  /** Default true: the token is not kept here. */
  readonly ephemeral?: boolean;
}

/** Makes a token with content of the caller's. */
export async function createToken(account: Account, input: NewToken, tag: CommandTag): Promise<Outcome<TokenView>> {
  const { content, ephemeral: isEphemeral = false } = input;
  const fitting = checkContent(content);
  if (!fitting.ok) return fitting;
  const limits = checkLimits(account, input);
  return limits.ok ? makeToken(account, { content, limits: limits.value, isEphemeral }, tag) : limits;
}

// Typed contents must be what their type says; keys of a whole identity never leave through here.
function checkContent(content: Json): Outcome<unknown> {
  const type = isObject(content) ? content["@type"] : undefined;
  for (const target of ["RelationshipTemplate", "File"] as const)
    if (tokenTargets[target].type === type) return referenceInToken(content, target);
  return type === deviceContent
    ? refuse("error.runtime.invalidTokenContent", "Tokens that bring in a device are not made by hand.")
    : allow(content);
}

/** The content of tokens that bring in a device: it is the whole identity. */
export const deviceContent = "TokenContentDeviceSharedSecret";

/** Makes a token for an own template, which inherits its protection. */
export async function createTemplateToken(
  account: Account,
  input: NewTemplateToken,
  tag: CommandTag,
): Promise<Outcome<TokenView>> {
  const { templateId: id, ephemeral: isEphemeral = true } = input;
  const template = (await account.store.get<TemplateRecord>(keyOf(account.id, "templates", id)))?.document;
  if (template === undefined) return refuse("error.runtime.recordNotFound", `There is no template ${id}.`);
  const secret = await readSecret<TemplateSecret & JsonObject>(account, account.store.get, `template-${id}`);
  if (secret === undefined) return refuse("error.runtime.recordNotFound", `The keys of ${id} are missing.`);
  const expiresAt = input.expiresAt ?? template.expiresAt ?? instantOf(account.clock.now() + tokenLifeMs);
  const limits = checkLimits(account, { ...input, expiresAt }, (wanted) => inherit({ template, secret }, wanted));
  if (!limits.ok) return limits;
  const content = contentFor(template, secret);
  return makeToken(account, { content, limits: limits.value, isEphemeral, leadsTo: { templateId: id } }, tag);
}

function inherit(
  { template, secret }: { readonly template: TemplateRecord; readonly secret: TemplateSecret },
  { forIdentity, passwordProtection }: TokenLimits,
): Outcome<undefined> {
  if (!template.isOwn) {
    return refuse("error.runtime.relationshipTemplates.cannotCreateTokenForPeerTemplate", "The template is a peer's.");
  }
  if (template.forIdentity !== undefined && template.forIdentity !== forIdentity) {
    const message = "The template is personalised. Give the token the same forIdentity.";
    return refuse("error.runtime.relationshipTemplates.personalizationMustBeInherited", message);
  }
  const wanted = protectionView(secret);
  if (wanted !== undefined && !isSameJson(wanted, passwordProtection as JsonObject | undefined)) {
    const message = "The template is password protected. Give the token the same protection.";
    return refuse("error.runtime.relationshipTemplates.passwordProtectionMustBeInherited", message);
  }
  return allow(undefined);
}

function contentFor(template: TemplateRecord, secret: TemplateSecret): JsonObject {
  const { salt, password, passwordIsPin, passwordLocationIndicator: place } = secret;
  const number = typeof place === "string" ? passwordLocations.indexOf(place) : place;
  return {
    "@type": tokenTargets.RelationshipTemplate.type,
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

/** Makes a token for a file, own or a peer's: whoever can read it may pass it on. */
export async function createFileToken(
  account: Account,
  input: NewFileToken,
  tag: CommandTag,
): Promise<Outcome<TokenView>> {
  const { fileId, ephemeral: isEphemeral = true } = input;
  const file = (await account.store.get<FileRecord>(keyOf(account.id, "files", fileId)))?.document;
  if (file === undefined) return refuse("error.runtime.recordNotFound", `There is no file ${fileId}.`);
  const secret = await readSecret<{ secretKey: string }>(account, account.store.get, `file-${fileId}`);
  if (secret === undefined) return refuse("error.runtime.recordNotFound", `The keys of ${fileId} are missing.`);
  const limits = checkLimits(account, { ...input, expiresAt: input.expiresAt ?? file.expiresAt });
  if (!limits.ok) return limits;
  const content = {
    "@type": tokenTargets.File.type,
    fileId,
    secretKey: { key: secret.secretKey, alg: 3 },
  };
  return makeToken(account, { content, limits: limits.value, isEphemeral, leadsTo: { fileId } }, tag);
}
