// References (spec/backbone-protocol.md 11). They hold the key, so they go from person to person and never to a relay.
import { type Outcome, refuse } from "../errors/refusal.ts";
import { fromBase64, fromBase64Url, fromUtf8, toBase64, toBase64Url, utf8 } from "../model/bytes.ts";
import { isId } from "../model/ids.ts";
import { ownBytes } from "./keys.ts";
import { saltBytes } from "./password.ts";
import { bytesOf } from "./shape.ts";
import { secretKeyBytes, suiteId } from "./suite.ts";

/** How a password has to be typed in; also the member of token contents. `salt` is base64url. */
export type SharedPasswordProtection = {
  /** `pw`, or `pin` and the number of digits (4 to 16). */
  readonly passwordType: string;
  readonly salt: string;
  /** 0 to 99; what the numbers mean is in spec/domain.md 2.1. */
  readonly passwordLocationIndicator?: number;
  /** The password itself: only in references to empty tokens, as line 7.0 of the official client writes them. */
  readonly password?: string;
};

/** What a reference says. `secretKey` is base64url. */
export type Reference = {
  readonly id: string;
  readonly secretKey: string;
  readonly backboneBaseUrl?: string;
  /** The last 4 characters of the only address that may use it. */
  readonly forIdentityTruncated?: string;
  readonly passwordProtection?: SharedPasswordProtection;
};

/** Prefixes of what can be referred to: template, token, file. */
export const referencePrefixes = ["RLT", "TOK", "FIL"] as const;

const urlShape = /^(https?:\/\/[^|?#]+)\/r\/([A-Za-z0-9]{20})(?:\?[^#]*)?#([A-Za-z0-9_-]+)$/;
const passwordTypeShape = /^(?:pw|pin(?:[4-9]|1[0-6]))$/;
const locationShape = /^[0-9]{1,2}$/;
const forIdentityShape = /^[0-9a-f]{4}$/;
/** Ten times the longest one that we write; a longer text is somebody's mistake. */
const referenceLengthMax = 8192;

/** The truncated form. */
export function writeReference(reference: Reference): string {
  const { id, backboneBaseUrl } = reference;
  const place = backboneBaseUrl === undefined ? id : `${id}@${backboneBaseUrl}`;
  return toBase64Url(utf8(`${place}|${secretPart(reference)}`));
}

/** The URL form; `app` asks the landing page to open that app. */
export function writeReferenceUrl(reference: Reference, app?: string): Outcome<string> {
  const { id, backboneBaseUrl } = reference;
  if (backboneBaseUrl === undefined) {
    const message = "A URL needs the relay's base URL, and this reference has none. Use the truncated form.";
    return refuse("error.core-types.missingBackboneBaseUrl", message);
  }
  const query = app === undefined ? "" : `?app=${encodeURIComponent(app)}`;
  return { ok: true, value: `${backboneBaseUrl}/r/${id}${query}#${toBase64Url(utf8(secretPart(reference)))}` };
}

/** Reads either form; refuses everything that is not exactly right. */
export function readReference(text: string): Outcome<Reference> {
  if (text.length > referenceLengthMax) return invalid();
  return text.startsWith("http") ? readUrl(text) : readTruncated(text);
}

/** True when an address may use what the reference points at, as far as the reference says. */
export function isReferenceFor(reference: Reference, address: string): boolean {
  return reference.forIdentityTruncated === undefined || address.endsWith(reference.forIdentityTruncated);
}

function secretPart({ secretKey, forIdentityTruncated = "", passwordProtection }: Reference): string {
  return `${suiteId}|${secretKey}|${forIdentityTruncated}|${passwordPart(passwordProtection)}`;
}

function passwordPart(protection: SharedPasswordProtection | undefined): string {
  if (protection === undefined) return "";
  const { passwordType, salt, passwordLocationIndicator, password } = protection;
  const parts = [passwordType, toBase64(ownBytes(salt))];
  if (passwordLocationIndicator !== undefined || password !== undefined)
    parts.push(`${passwordLocationIndicator ?? ""}`);
  if (password !== undefined) parts.push(password);
  return parts.join("&");
}

function readUrl(text: string): Outcome<Reference> {
  const [, base, id, fragment] = urlShape.exec(text) ?? [];
  if (base === undefined || id === undefined || fragment === undefined) return invalid();
  const secret = decoded(fragment);
  return secret === undefined ? invalid() : readFields(`${id}@${base}`, secret.split("|"));
}

function readTruncated(text: string): Outcome<Reference> {
  const [place, ...secret] = decoded(text)?.split("|") ?? [];
  return place === undefined ? invalid() : readFields(place, secret);
}

function readFields(place: string, secret: readonly string[]): Outcome<Reference> {
  const [algorithm, secretKey, forIdentity = "", password = ""] = secret;
  if (secret.length !== 2 && secret.length !== 4) return invalid();
  if (algorithm !== `${suiteId}` || secretKey === undefined) return invalid();
  const separator = place.indexOf("@");
  const id = separator < 0 ? place : place.slice(0, separator);
  const base = separator < 0 ? undefined : place.slice(separator + 1);
  if (!referencePrefixes.some((prefix) => isId(id, prefix)) || base === "") return invalid();
  if (bytesOf(secretKey, secretKeyBytes) === undefined) return invalid();
  if (forIdentity !== "" && !forIdentityShape.test(forIdentity)) return invalid();
  const protection = password === "" ? undefined : readPassword(password);
  if (password !== "" && protection === undefined) return invalid();
  return {
    ok: true,
    value: {
      id,
      secretKey,
      ...(base === undefined ? {} : { backboneBaseUrl: base }),
      ...(forIdentity === "" ? {} : { forIdentityTruncated: forIdentity }),
      ...(protection === undefined ? {} : { passwordProtection: protection }),
    },
  };
}

function readPassword(part: string): SharedPasswordProtection | undefined {
  const parts = part.split("&");
  const [passwordType = "", saltText = "", location = "", password] = parts;
  const salt = fromBase64(saltText);
  if (parts.length > 4 || !passwordTypeShape.test(passwordType) || salt?.length !== saltBytes) return undefined;
  if (location === "" ? parts.length === 3 : !locationShape.test(location)) return undefined;
  return {
    passwordType,
    salt: toBase64Url(salt),
    ...(location === "" ? {} : { passwordLocationIndicator: Number(location) }),
    ...(password === undefined ? {} : { password }),
  };
}

function decoded(text: string): string | undefined {
  const bytes = fromBase64Url(text);
  return bytes === undefined ? undefined : fromUtf8(bytes);
}

function invalid(): Outcome<never> {
  const message = "This is not a reference. Copy the whole text of the reference or its link.";
  return refuse("error.core-types.invalidTruncatedReference", message);
}
