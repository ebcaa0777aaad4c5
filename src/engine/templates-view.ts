import { unwrap } from "../errors/refusal.ts";
import type { JsonObject } from "../model/json.ts";
import type { TemplateRecord } from "../model/records.ts";
import type { Document, Stored } from "../ports/store.ts";
import { type Reference as SealedReference, writeReference, writeReferenceUrl } from "../sealed/reference.ts";
import type { Account } from "./context.ts";
import { type Reference, type TemplateSecret, type TemplateView, templateView } from "./present.ts";
import { readSecret } from "./vault.ts";

type Get = <D extends Document>(key: string) => Promise<Stored<D> | undefined>;

/** The names of places where a password may be written, by their number (spec/domain.md 2.1). */
export const passwordLocations = ["RecoveryKit", "Self", "Letter", "RegistrationLetter", "Email", "SMS", "Website"];

/** A template as embedders see it, with the reference written from its secret. */
export async function presentTemplate(account: Account, record: TemplateRecord, get: Get): Promise<TemplateView> {
  return viewOfTemplate(account, record, (await secretOfTemplate(account, record.id, get)) ?? { secretKey: "" });
}

/** The keys of a template and its password. */
export function secretOfTemplate(account: Account, id: string, get: Get): Promise<TemplateSecret | undefined> {
  return readSecret<TemplateSecret & JsonObject>(account, get, `template-${id}`);
}

/** The same when the secret is at hand. */
export function viewOfTemplate(account: Account, record: TemplateRecord, secret: TemplateSecret): TemplateView {
  return templateView(record, secret, referenceOf(account, { id: record.id, forIdentity: record.forIdentity, secret }));
}

/** Both forms of the reference to a template or token. */
export function referenceOf(
  account: Account,
  to: { readonly id: string; readonly forIdentity: string | undefined; readonly secret: TemplateSecret },
): Reference {
  const { id, forIdentity, secret } = to;
  const { salt, password, passwordIsPin, passwordLocationIndicator: place } = secret;
  const number = typeof place === "string" ? passwordLocations.indexOf(place) : place;
  const reference: SealedReference = {
    id,
    secretKey: secret.secretKey,
    backboneBaseUrl: account.transport.baseUrl,
    ...(forIdentity === undefined ? {} : { forIdentityTruncated: forIdentity.slice(-4) }),
    ...(salt === undefined || password === undefined
      ? {}
      : {
          passwordProtection: {
            passwordType: passwordIsPin === true ? `pin${password.length}` : "pw",
            salt,
            ...(number === undefined ? {} : { passwordLocationIndicator: number }),
          },
        }),
  };
  return { truncated: writeReference(reference), url: unwrap(writeReferenceUrl(reference)) };
}
