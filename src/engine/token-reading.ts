// Reading what somebody left at the relay under a reference (spec/domain.md 2.3 steps 2 to 5, 2.4).

import { isCode } from "../errors/catalogue.ts";
import { fault } from "../errors/rapport-error.ts";
import { allow, type Outcome, refuse } from "../errors/refusal.ts";
import { isId } from "../model/ids.ts";
import type { Json } from "../model/json.ts";
import { isObject } from "../model/shape.ts";
import { isReferenceFor, type Reference } from "../sealed/reference.ts";
import { openToken } from "../sealed/token.ts";
import type { WireToken } from "../wire/shapes.ts";
import type { Account } from "./context.ts";
import { type Protected, unlock } from "./protection.ts";
import { isPassing } from "./relay-refusals.ts";

/** What to read, and the password that the caller gave. */
export interface Fetching {
  readonly operation: "getTemplate" | "getToken";
  readonly reference: Reference;
  readonly password: string | undefined;
}

/** Fetches it. What is for somebody else, or lacks its password, is refused before the relay hears of it. */
export async function fetchProtected<W>(
  account: Account,
  { operation, reference, password }: Fetching,
): Promise<Outcome<{ readonly wire: W; readonly protection: Protected | undefined }>> {
  if (!isReferenceFor(reference, account.self)) {
    return refuse("error.transport.general.notIntendedForYou", "It is personalised for another identity.");
  }
  const unlocked = await unlock(account, reference.passwordProtection, password);
  if (!unlocked.ok) return unlocked;
  const protection = unlocked.value;
  const query = protection === undefined ? {} : { query: { password: protection.hash } };
  const answer = await account.transport.call({ operation, params: { id: reference.id }, ...query }, account.session);
  if (answer.ok) return allow({ wire: answer.result as unknown as W, protection });
  const { code, message } = answer.error;
  if (isPassing(answer)) throw fault("relay.unreachable", `The relay could not answer: ${message}`);
  return refuse(isCode(code) ? code : "relay.refused", message, { id: reference.id });
}

/** A token as it was read and opened. */
export interface ReadToken {
  readonly wire: WireToken;
  readonly content: Json;
  readonly protection: Protected | undefined;
}

/** Reads a token at the relay and opens it. Refuses with the codes of 2.4. */
export async function readToken(
  account: Account,
  { reference, password }: Omit<Fetching, "operation">,
): Promise<Outcome<ReadToken>> {
  const given = password ?? reference.passwordProtection?.password;
  const fetched = await fetchProtected<WireToken>(account, { operation: "getToken", reference, password: given });
  if (!fetched.ok) return fetched;
  const { wire, protection } = fetched.value;
  if (wire.content === null) return refuse("error.transport.tokens.emptyToken", "The token holds nothing yet.");
  const opened = openToken(account.crypto, { content: wire.content, secretKey: reference.secretKey });
  return opened.ok ? allow({ wire, content: opened.value, protection }) : opened;
}

/** Contents of tokens that lead to something else. */
export const tokenTargets = {
  RelationshipTemplate: { type: "TokenContentRelationshipTemplate", member: "templateId", prefix: "RLT" },
  File: { type: "TokenContentFile", member: "fileId", prefix: "FIL" },
} as const;

/** The reference to what a token leads to. Refuses `error.runtime.invalidTokenContent` when it leads to nothing of the kind. */
export function referenceInToken(content: Json, target: keyof typeof tokenTargets): Outcome<Reference> {
  const { type, member, prefix } = tokenTargets[target];
  const {
    [member]: id,
    secretKey,
    forIdentity,
    passwordProtection: shared,
    ...rest
  } = isObject(content) ? content : {};
  const key = isObject(secretKey) ? secretKey["key"] : secretKey;
  if (rest["@type"] !== type || !isId(id, prefix) || typeof key !== "string") {
    const message = `The token does not hold a ${target}. Use the call for its content.`;
    return refuse("error.runtime.invalidTokenContent", message);
  }
  const isShared = isObject(shared) && "salt" in shared && "passwordType" in shared;
  return allow({
    id,
    secretKey: key,
    ...(typeof forIdentity === "string" ? { forIdentityTruncated: forIdentity.slice(-4) } : {}),
    ...(isShared ? { passwordProtection: shared as unknown as NonNullable<Reference["passwordProtection"]> } : {}),
  });
}
