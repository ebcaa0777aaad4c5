import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createSodium } from "rapport/plugins/crypto-sodium";
import { createSodiumNative, isSodiumNativeInstalled } from "rapport/plugins/crypto-sodium-native";

/** The quickest suite there is here: which binding it is has its own tests. */
export const crypto = isSodiumNativeInstalled() ? createSodiumNative() : createSodium();
await crypto.open();

/** The same bytes for the same seed and calls. */
export function seededEntropy(seed: number) {
  let block = 0;
  let left = Buffer.alloc(0);
  return {
    bytes(count: number): Uint8Array {
      while (left.length < count) {
        left = Buffer.concat([left, createHash("sha512").update(`${seed}/${block++}`).digest()]);
      }
      const drawn = Uint8Array.from(left.subarray(0, count));
      left = left.subarray(count);
      return drawn;
    },
  };
}

/** A suite whose randomness follows from the seed. */
export const suiteOf = (seed: number) => ({ crypto, entropy: seededEntropy(seed) });

const fixtures = new URL("../fixtures/", import.meta.url);
const lines = (name: string) =>
  readFileSync(new URL(name, fixtures), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));

/** test/fixtures/crypto-vectors.json. */
export const vectors = JSON.parse(readFileSync(new URL("crypto-vectors.json", fixtures), "utf8"));

/** test/fixtures/plaintexts.jsonl: what is inside the captured ciphertexts, and the keys. */
export const plaintexts: readonly Plaintext[] = lines("plaintexts.jsonl");

/** Every captured exchange. */
export const exchanges: readonly Exchange[] = readdirSync(fixtures)
  .filter((name) => /^\d\d-.*\.jsonl$/.test(name))
  .sort()
  .flatMap(lines);

/** One captured layer of encryption. */
export interface Plaintext {
  readonly phase: string;
  readonly layer: string;
  readonly plaintext: string;
  readonly key: string;
  readonly cipher: { readonly cph: string; readonly alg: number; readonly nnc?: string; readonly cnt?: number };
  readonly nonceBase?: string;
}

/** One captured request and its answer. */
export interface Exchange {
  readonly phase: string;
  readonly actor: string;
  // biome-ignore lint/suspicious/noExplicitAny: captured bodies have as many shapes as the protocol has routes.
  readonly request: { readonly method: string; readonly path: string; readonly body?: any };
  // biome-ignore lint/suspicious/noExplicitAny: the same.
  readonly response: { readonly status: number; readonly body?: any };
}

/** base64url(JSON), as most sealed members are. */
// biome-ignore lint/suspicious/noExplicitAny: captured shapes.
export const decoded = (text: string): any => JSON.parse(Buffer.from(text, "base64url").toString("utf8"));

/** base64url(JSON) of a value. */
export const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
