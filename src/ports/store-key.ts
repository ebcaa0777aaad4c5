/** Where the key that seals secrets comes from (design.md 6), for every store that keeps it in the environment or beside itself. */
import { fault } from "../errors/rapport-error.ts";

/** The world around one store, as far as its key is concerned. */
export interface StoreKeyPlace {
  /** The value of RAPPORT_STORE_KEY, if it is set. It goes before everything else. */
  readonly environment: string | undefined;
  /** The text kept beside the store, if there is one. */
  readonly read: () => Promise<string | undefined>;
  /** Keeps the text beside the store, durably, readable by its owner alone. */
  readonly create: (text: string) => Promise<void>;
  readonly hasDocuments: () => Promise<boolean>;
  readonly make: () => Uint8Array;
}

/** The 32 bytes that seal this store's secrets. Faults: `store.keyWrong` when malformed, `store.keyMissing`. */
export async function storeKeyFrom(place: StoreKeyPlace): Promise<Uint8Array> {
  if (place.environment !== undefined) return decode(place.environment, "RAPPORT_STORE_KEY");
  const kept = await place.read();
  if (kept !== undefined) return decode(kept, "The key file");
  if (await place.hasDocuments()) {
    throw fault(
      "store.keyMissing",
      "The store has documents but no key. Set RAPPORT_STORE_KEY or restore the key file.",
    );
  }
  const key = place.make();
  await place.create(encode(key));
  return key;
}

function decode(text: string, source: string): Uint8Array {
  const digits = text.trim();
  const bytes = /^[0-9a-f]{64}$/i.test(digits) ? fromHex(digits) : fromBase64Url(digits);
  if (bytes?.length === 32) return bytes;
  throw fault("store.keyWrong", `${source} must hold 32 bytes, as 43 base64url or 64 hexadecimal digits.`);
}

function fromHex(digits: string): Uint8Array {
  return Uint8Array.from({ length: digits.length / 2 }, (_, at) =>
    Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16),
  );
}

function fromBase64Url(digits: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9_-]{43}=?$/.test(digits)) return undefined;
  const binary = atob(digits.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}

function encode(key: Uint8Array): string {
  return btoa(String.fromCharCode(...key))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
