// Publishing an own template (spec/domain.md 2.3, create checks in order).

import { accountTurn } from "../engine/change.ts";
import { type CommandTag, recordResult, tagged, tagOf } from "../engine/commands.ts";
import type { Account } from "../engine/context.ts";
import { closeIntent, draftIntent, type IntentKind, knownAs, openIntent, secretOfIntent } from "../engine/intents.ts";
import { gatherKnown, infoFor, lookAtRelay } from "../engine/knowledge.ts";
import { contentTooLarge } from "../engine/outgoing-message.ts";
import { perform } from "../engine/performing.ts";
import type { TemplateSecret, TemplateView } from "../engine/present.ts";
import { type Protected, protect } from "../engine/protection.ts";
import { viewOfTemplate } from "../engine/templates-view.ts";
import { refusalOfValidation } from "../engine/validation-refusal.ts";
import { putSecret, readSecret } from "../engine/vault.ts";
import { allow, type Outcome, refuse } from "../errors/refusal.ts";
import { canCreateRequest } from "../items/can-create-request.ts";
import { parseTemplateContent, type TemplateContent } from "../model/contents.ts";
import { extended } from "../model/extended.ts";
import { newId } from "../model/ids.ts";
import { instantOf } from "../model/instant.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf } from "../model/keys.ts";
import type { PasswordProtection, TemplateRecord } from "../model/records.ts";
import type { Request } from "../model/request.ts";
import { isAddress } from "../sealed/address.ts";
import { newExchangeKeyPair } from "../sealed/keys.ts";
import { sealTemplate } from "../sealed/template.ts";
import type { WireCreated } from "../wire/shapes.ts";
import { futureInstant } from "./door.ts";
import { looking } from "./looking.ts";
import { checkProtection } from "./protection.ts";

/** Input of `templates.create`. Instants are ISO 8601. */
export interface NewTemplate {
  readonly content: JsonObject;
  /** Must lie in the future. */
  readonly expiresAt: string;
  /** At least 1; absent means unlimited. */
  readonly maxNumberOfAllocations?: number;
  /** The only address that may load it. */
  readonly forIdentity?: string;
  readonly passwordProtection?: PasswordProtection;
}

interface Checked extends NewTemplate {
  readonly content: JsonObject;
}

type CreationFacts = {
  readonly content: JsonObject;
  readonly expiresAt: string;
  readonly maxNumberOfAllocations?: number;
  readonly forIdentity?: string;
  readonly templateKey: { readonly id: string; readonly publicKey: string };
};

/** Checks, seals, and sends the template under an intent. */
export async function createTemplate(
  account: Account,
  input: NewTemplate,
  tag: CommandTag,
): Promise<Outcome<TemplateView>> {
  const checked = await check(account, input);
  if (!checked.ok) return checked;
  const { content, expiresAt, maxNumberOfAllocations, forIdentity, passwordProtection } = checked.value;
  const protection = passwordProtection === undefined ? undefined : await protect(account, passwordProtection);
  const pair = newExchangeKeyPair(account);
  const templateKey = { id: newId("TRPRTK", account.entropy), publicKey: pair.publicKey };
  const identity = { address: account.self, publicKey: account.record.publicKey, privateKey: account.keys.identity };
  const sealed = sealTemplate(account, { content, identity, templateKey });
  const tooLarge = contentTooLarge(sealed.content, "template");
  if (tooLarge !== undefined) return tooLarge;
  const limits = {
    ...(maxNumberOfAllocations === undefined ? {} : { maxNumberOfAllocations }),
    ...(forIdentity === undefined ? {} : { forIdentity }),
  };
  const facts: CreationFacts = { content, expiresAt, ...limits, templateKey };
  const intent = draftIntent(account, {
    entity: newId("NEW", account.entropy),
    kind: "createTemplate",
    operation: "createTemplate",
    body: {
      content: sealed.content,
      expiresAt,
      ...limits,
      ...(protection === undefined ? {} : { password: protection.hash }),
    },
    ...tagged(tag, facts),
  });
  const secret = secretOf({ secretKey: sealed.secretKey, privateKey: pair.privateKey }, protection);
  const begun = await accountTurn(account, {
    gather: async () => undefined,
    plan: (_facts, change) => {
      openIntent(account, change, { intent: intent, secret: secret });
      return allow(intent);
    },
  });
  return begun.ok ? perform<TemplateView>(account, begun.value) : begun;
}

/** Turn 2: the relay gave the template its id. */
export const createTemplateIntent: IntentKind = {
  async applied(account, intent, result): Promise<Outcome<TemplateView>> {
    const { id, createdAt } = result as WireCreated;
    const facts = intent.facts as CreationFacts;
    return accountTurn(account, {
      gather: async (reads) => {
        const known = await knownAs<TemplateRecord>(reads, keyOf(account.id, "templates", id));
        const secret =
          known === undefined
            ? await secretOfIntent<TemplateSecret & JsonObject>(account, reads, intent)
            : await readSecret<TemplateSecret & JsonObject>(account, reads.peek, `template-${id}`);
        return { known, secret };
      },
      plan({ known, secret }, change) {
        const kept = secret ?? { secretKey: "" };
        if (known !== undefined) return allow(viewOfTemplate(account, known, kept));
        const record = recordOf(account, { id, createdAt, facts, isProtected: kept.password !== undefined });
        change.put("templates", id, record);
        putSecret(account, change, { id: `template-${id}`, secret: kept });
        closeIntent(change, intent);
        recordResult(account, change, { tag: tagOf(intent), result: { id } });
        return allow(viewOfTemplate(account, record, kept));
      },
    });
  },
};

function recordOf(
  account: Account,
  made: { id: string; createdAt: string; facts: CreationFacts; isProtected: boolean },
): TemplateRecord {
  const { content, expiresAt, maxNumberOfAllocations, forIdentity, templateKey } = made.facts;
  return {
    id: made.id,
    isOwn: true,
    createdBy: account.self,
    createdByDevice: account.record.deviceId,
    createdAt: made.createdAt,
    expiresAt,
    ...(maxNumberOfAllocations === undefined ? {} : { maxNumberOfAllocations }),
    ...(forIdentity === undefined ? {} : { forIdentity }),
    ...(made.isProtected ? { isPasswordProtected: true as const } : {}),
    content,
    identityPublicKey: account.record.publicKey,
    templateKey,
  };
}

function secretOf(keys: TemplateSecret, protection: Protected | undefined): TemplateSecret {
  return protection === undefined ? keys : { ...keys, ...protection.secret };
}

async function check(account: Account, input: NewTemplate): Promise<Outcome<Checked>> {
  const limits = checkLimits(account, input);
  if (!limits.ok) return limits;
  const parsed = parseTemplateContent(input.content, account.kinds);
  if (!parsed.ok) return parsed;
  const { expiresAt } = limits.value;
  const completed = completeRequests(parsed.value, expiresAt);
  if (!completed.ok) return completed;
  const now = instantOf(account.clock.now());
  for (const name of ["onNewRelationship", "onExistingRelationship"] as const) {
    const request = (completed.value as { [name: string]: unknown })[name] as Request | undefined;
    if (request === undefined) continue;
    const info = infoFor(account, { now });
    const looked = await lookAtRelay(account, { request, info });
    const asked = { request, info: extended(info, { known: looked }) };
    const known = await gatherKnown(account, looking(account), asked);
    const judged = canCreateRequest({ request, kinds: account.kinds, info: extended(info, { known }) });
    if (!judged.isSuccess) return refusalOfValidation(judged, name);
  }
  return allow({ ...limits.value, content: completed.value });
}

function checkLimits(account: Account, input: NewTemplate): Outcome<NewTemplate> {
  const { expiresAt, maxNumberOfAllocations, forIdentity, passwordProtection } = input;
  const expiry = futureInstant(expiresAt, account.clock.now());
  if (!expiry.ok) return expiry;
  if (
    maxNumberOfAllocations !== undefined &&
    !(Number.isInteger(maxNumberOfAllocations) && maxNumberOfAllocations >= 1)
  ) {
    return wrong("maxNumberOfAllocations must be a whole number of at least 1");
  }
  if (forIdentity !== undefined && !isAddress(account.crypto, forIdentity))
    return wrong("forIdentity must be an address");
  const protection = passwordProtection === undefined ? undefined : checkProtection(passwordProtection);
  if (protection?.ok === false) return protection;
  const checked = protection === undefined ? {} : { passwordProtection: protection.value };
  return allow({ ...input, expiresAt: expiry.value, ...checked });
}

// onNewRelationship expires with the template at the latest; onExistingRelationship is left as it is.
function completeRequests(content: TemplateContent, expiresAt: string): Outcome<JsonObject> {
  if (content["@type"] !== "RelationshipTemplateContent") return allow(content as unknown as JsonObject);
  const { onNewRelationship } = content as { onNewRelationship: Request };
  if (onNewRelationship.expiresAt === undefined) {
    return allow({ ...content, onNewRelationship: { ...onNewRelationship, expiresAt } } as unknown as JsonObject);
  }
  if (onNewRelationship.expiresAt > expiresAt) {
    const message = `onNewRelationship.expiresAt is after the template's expiresAt (${expiresAt}). Make it expire earlier.`;
    return refuse("error.runtime.relationshipTemplates.requestCannotExpireAfterRelationshipTemplate", message);
  }
  return allow(content as unknown as JsonObject);
}

function wrong(message: string): Outcome<never> {
  return refuse("error.runtime.validation.invalidPropertyValue", `${message}.`);
}
