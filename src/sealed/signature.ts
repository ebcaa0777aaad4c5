import { type Outcome, refuse } from "../errors/refusal.ts";
import { toBase64Url } from "../model/bytes.ts";
import type { Json } from "../model/json.ts";
import type { Crypto } from "../ports/crypto.ts";
import { bytesOf, isObject, malformed, unsupported } from "./shape.ts";
import { signatureBytes } from "./suite.ts";

/** What a CryptoSignature's `alg` says: 1 by relationship keys, 2 by identity and device keys. A label only. */
export type SignatureLabel = 1 | 2;

/** Signs bytes; gives a CryptoSignature as JSON without `@type`. */
export function sign(
  crypto: Crypto,
  message: Uint8Array,
  { privateKey, label }: { readonly privateKey: Uint8Array; readonly label: SignatureLabel },
): string {
  return `{"sig":"${toBase64Url(crypto.signing.sign(message, privateKey))}","alg":${label}}`;
}

/** The 64 bytes of a CryptoSignature. */
export function readSignature(value: Json | undefined, what: string): Outcome<Uint8Array> {
  if (!isObject(value) || typeof value["alg"] !== "number") return malformed(what);
  if (value["alg"] !== 1 && value["alg"] !== 2) return unsupported(what);
  const bytes = bytesOf(value["sig"], signatureBytes);
  return bytes === undefined ? malformed(what) : { ok: true, value: bytes };
}

/** The refusal when content does not carry its author's signature. */
export function notSigned(what: string): Outcome<never> {
  return refuse("error.transport.signatureNotValid", `The signature of the ${what} does not match. Do not trust it.`);
}
