import type { Outcome } from "../errors/refusal.ts";
import { toBase64Url, utf8 } from "../model/bytes.ts";
import type { Json } from "../model/json.ts";
import type { Crypto } from "../ports/crypto.ts";
import { decrypt, encrypt } from "./cipher.ts";
import { newSecretKey, ownBytes } from "./keys.ts";
import { bytesOf, malformed, parseContent, parseEncoded } from "./shape.ts";
import { type Suite, secretKeyBytes } from "./suite.ts";

/** Seals the content of a token (spec/backbone-protocol.md 10.5). An empty token's key is given when it is filled. */
export function sealToken(
  suite: Suite,
  content: Json,
  secretKey: string = newSecretKey(suite.entropy),
): { readonly content: string; readonly secretKey: string } {
  const sealed = encrypt(suite, JSON.stringify(content), ownBytes(secretKey), true);
  return { content: toBase64Url(utf8(sealed)), secretKey };
}

/** Opens the content of a token. Nobody signed it: what it points at is verified when it is opened. */
export function openToken(
  crypto: Crypto,
  sealed: { readonly content: string; readonly secretKey: string },
): Outcome<Json> {
  const key = bytesOf(sealed.secretKey, secretKeyBytes);
  const cipher = parseEncoded(sealed.content);
  if (key === undefined || cipher === undefined) return malformed("token");
  const text = decrypt(crypto, cipher, key, "token");
  if (!text.ok) return text;
  const content = parseContent(text.value);
  return content === undefined ? malformed("token") : { ok: true, value: content };
}
