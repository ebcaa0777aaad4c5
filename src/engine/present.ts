// What embedders see of stored documents (spec/domain.md 2). Pure.
import { type OlderChange, olderView } from "rapport/machines";
import { extended } from "../model/extended.ts";
import type { Json, JsonObject } from "../model/json.ts";
import type {
  MessageRecord,
  RelationshipRecord,
  RequestRecord,
  TemplateRecord,
  TokenRecord,
} from "../model/records.ts";

/** A reference in both forms (spec/backbone-protocol.md 11). */
export type Reference = { readonly truncated: string; readonly url: string };

/** What the vault holds of a template; the reference is written from it. */
export type TemplateSecret = {
  readonly secretKey: string;
  readonly privateKey?: string;
  readonly password?: string;
  readonly passwordIsPin?: true;
  readonly passwordLocationIndicator?: number | string;
  readonly salt?: string;
};

/** A Relationship without what only the engine needs. */
export type RelationshipView = Omit<RelationshipRecord, "state" | "role" | "publicRequest" | "judged">;

/** A LocalRequest without what only the engine needs. */
export type RequestView = Omit<RequestRecord, "state">;

/** A message, as it is kept. */
export type MessageView = MessageRecord;

/** A template with its reference. */
export type TemplateView = Omit<
  TemplateRecord,
  "identityPublicKey" | "templateKey" | "requestId" | "isPasswordProtected"
> & {
  readonly passwordProtection?: JsonObject;
  readonly reference: Reference;
  /** The older generation's forms of the same (seed 000). */
  readonly truncatedReference: string;
  readonly secretKey: string;
};

/** A token with its reference. */
export type TokenView = Omit<TokenRecord, "isPasswordProtected" | "templateId" | "fileId"> & {
  readonly content: Json;
  readonly passwordProtection?: JsonObject;
  readonly reference: Reference;
  readonly truncatedReference: string;
};

/** A Relationship as embedders see it. */
export function relationshipView(record: RelationshipRecord): RelationshipView {
  const { state: _state, role: _role, publicRequest: _publicRequest, judged: _judged, ...view } = record;
  return view;
}

/** The older generation's one change of a Relationship (spec/domain.md 2.6). Pure. */
export function olderChange({ id, auditLog, creationContent, responseContent }: RelationshipView): OlderChange {
  const { "@type": type, response, value } = creationContent;
  const request =
    type === "RelationshipCreationContent"
      ? { "@type": "RelationshipCreationChangeRequestContent", response }
      : (value ?? undefined);
  return olderView(id, auditLog as Parameters<typeof olderView>[1], { request, response: responseContent });
}

/** A LocalRequest as embedders see it. */
export function requestView(record: RequestRecord): RequestView {
  const { state: _state, ...view } = record;
  return view;
}

/** A template as embedders see it. */
export function templateView(record: TemplateRecord, secret: TemplateSecret, reference: Reference): TemplateView {
  const {
    identityPublicKey: _identity,
    templateKey: _key,
    requestId: _request,
    isPasswordProtected: _protected,
    ...view
  } = record;
  const protection = protectionView(secret);
  return extended(view, {
    ...(protection === undefined ? {} : { passwordProtection: protection }),
    reference,
    truncatedReference: reference.truncated,
    secretKey: secret.secretKey,
  });
}

/** The password protection in a secret as users gave it. */
export function protectionView(secret: TemplateSecret): JsonObject | undefined {
  const { password, passwordIsPin, passwordLocationIndicator } = secret;
  if (password === undefined) return undefined;
  return {
    password,
    ...(passwordIsPin === undefined ? {} : { passwordIsPin }),
    ...(passwordLocationIndicator === undefined ? {} : { passwordLocationIndicator }),
  };
}
