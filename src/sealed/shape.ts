// Reading what strangers wrote: nothing here throws, whatever the text is.
import { type Outcome, refuse } from "../errors/refusal.ts";
import { fromBase64, fromBase64Url, fromUtf8 } from "../model/bytes.ts";
import type { Json, JsonObject } from "../model/json.ts";
import { suiteId } from "./suite.ts";

/** Objects and arrays inside each other in received content: writing JSON recurses, so deeper ones could stop a process. */
export const nestingMax = 128;

/** The refusal for something that is not what the protocol says. */
export function malformed(what: string): Outcome<never> {
  return refuse("seal.malformed", `The ${what} does not have the protocol's shape. Ask its sender for a new one.`);
}

/** The refusal for a ciphertext that its key does not open. */
export function broken(what: string): Outcome<never> {
  return refuse("seal.broken", `The ${what} does not open with this key: it was changed or belongs to something else.`);
}

/** The refusal for an algorithm id other than the one there is. */
export function unsupported(what: string): Outcome<never> {
  return refuse(
    "seal.unsupported",
    `The ${what} uses an algorithm that is not supported. Its sender has to use another.`,
  );
}

/** The JSON object that the text is, or undefined. For wrappers of which only known members are read. */
export function parseObject(text: string): JsonObject | undefined {
  const value = parse(text);
  return isObject(value) ? value : undefined;
}

/** The same for texts that carry content on which somebody else will call JSON.stringify. */
export function parseShallow(text: string): JsonObject | undefined {
  return isTooDeep(text) ? undefined : parseObject(text);
}

/** The same for content of any type. */
export function parseContent(text: string): Json | undefined {
  return isTooDeep(text) ? undefined : parse(text);
}

/** The JSON object inside base64url(UTF-8(JSON)), or undefined. A relay may also have left the text out. */
export function parseEncoded(text: Json | undefined): JsonObject | undefined {
  const bytes = typeof text === "string" ? fromBase64(text) : undefined;
  return bytes === undefined ? undefined : parseBytes(bytes);
}

/** The JSON object inside UTF-8(JSON), or undefined. */
export function parseBytes(bytes: Uint8Array): JsonObject | undefined {
  const json = fromUtf8(bytes);
  return json === undefined ? undefined : parseObject(json);
}

/** True for a JSON object. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The bytes of a base64url member of exactly that length. */
export function bytesOf(value: Json | undefined, length: number): Uint8Array | undefined {
  if (typeof value !== "string" || value.length !== Math.ceil((length * 4) / 3)) return undefined;
  return fromBase64Url(value);
}

/** The bytes of a `{ pub, alg: 3 }` member. */
export function publicKeyOf(value: Json | undefined, what: string): Outcome<Uint8Array> {
  return keyMemberOf(value, "pub", what);
}

/** The bytes of a `{ key, alg: 3 }` member. */
export function secretKeyOf(value: Json | undefined, what: string): Outcome<Uint8Array> {
  return keyMemberOf(value, "key", what);
}

function keyMemberOf(value: Json | undefined, member: "pub" | "key", what: string): Outcome<Uint8Array> {
  if (!isObject(value) || typeof value["alg"] !== "number") return malformed(what);
  if (value["alg"] !== suiteId) return unsupported(what);
  const bytes = bytesOf(value[member], 32);
  return bytes === undefined ? malformed(what) : { ok: true, value: bytes };
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function isTooDeep(text: string): boolean {
  let depth = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 34) quoted = !quoted;
    else if (quoted) index += code === 92 ? 1 : 0;
    else if (code === 123 || code === 91) depth += 1;
    else if (code === 125 || code === 93) depth -= 1;
    if (depth > nestingMax) return true;
  }
  return false;
}
