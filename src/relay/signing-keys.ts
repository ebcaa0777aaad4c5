/**
 * The keys that sign access tokens (design.md 6): one document in the store, sealed under the store key, so that every
 * process of the relay accepts the tokens of all others. A store without `sealKey` keeps no secret: there the keys live in
 * the memory of the process, and its tokens end with it.
 *
 * G1. A key signs for `signingKeyLifeMs`; then one commit puts the next one in front. The two newest are valid.
 * G2. The next key is announced before it signs, by more than any process waits between two looks at the store. So a token
 *     of a key that is in use is known everywhere at the latest after one look.
 * G3. Whoever shows an unknown key makes the process look at the store, but at most once in `signingKeysLookMs`.
 */
import { fault } from "../errors/rapport-error.ts";
import { unwrap } from "../errors/refusal.ts";
import { signingKeyAheadMs, signingKeyLifeMs, signingKeysLookMs, turnRerunsMax } from "../limits.ts";
import { fromBase64Url, toBase64Url } from "../model/bytes.ts";
import { randomText } from "../model/ids.ts";
import type { Document } from "../ports/store.ts";
import { openSecret, type SealedSecret, sealSecret, storeKeyOf } from "../sealed/at-rest.ts";
import { takeTurn } from "../turn/turn.ts";
import type { Desk } from "./desk.ts";
import { signingKeysKey } from "./documents.ts";
import { headerOf, type TokenKey } from "./signed-token.ts";

/** The signing keys as one process knows them. */
export interface SigningKeys {
  /** Makes or reads the store key, and sees that it opens what is there. Throws `store.keyMissing` or `store.keyWrong`. */
  open(): Promise<void>;
  /** The key to sign with; the first call and those after a key's life make a new one. */
  current(): Promise<TokenKey>;
  /** The valid key with this header. */
  find(header: string): Promise<TokenKey | undefined>;
}

interface SigningKey extends TokenKey {
  readonly kept: KeptKey;
}

/** One key within the sealed document. */
type KeptKey = {
  readonly id: string;
  readonly seed: string;
  readonly createdAtMs: number;
  readonly signsFromMs: number;
};

type Place = Pick<Desk, "store" | "clock" | "entropy" | "crypto">;

const keyIdCharsMax = 16;
const seedBytes = 32;
const validMax = 2;

/** The keys of this process, newest first. Nothing happens before the first call. */
export function createSigningKeys(place: Place): SigningKeys {
  const { store, clock } = place;
  let keys: readonly SigningKey[] = [];
  let nextLookMs = Number.NEGATIVE_INFINITY;
  let work: Promise<void> | undefined;

  // Who comes while another one is at the store waits for that, and is as wise afterwards.
  const together = (does: () => Promise<readonly KeptKey[]>) => {
    work ??= does()
      .then((kept) => {
        keys = kept.map((one) => keys.find((key) => key.kept.id === one.id) ?? keyOf(place, one));
      })
      .finally(() => {
        work = undefined;
      });
    return work;
  };

  return {
    open: async () => {
      if (store.sealKey !== undefined) await together(() => read(place));
    },
    current: async () => {
      // Joining somebody who only read may leave nothing to sign with; then it is our turn.
      for (let tries = 0; tries <= turnRerunsMax; tries += 1) {
        const nowMs = clock.now();
        const usable = keys.find(({ kept }) => kept.signsFromMs <= nowMs) ?? keys.at(-1);
        if (usable !== undefined && !isDue(keys[0]?.kept, nowMs)) return usable;
        const before = keys.map(({ kept }) => kept);
        await together(() => (store.sealKey === undefined ? Promise.resolve(next(place, before)) : renew(place)));
      }
      throw fault("store.contended", "There is no key to sign with. Log in again.");
    },
    find: async (header) => {
      const known = keys.find((key) => key.header === header);
      if (known !== undefined || store.sealKey === undefined) return known;
      // Before the first key of all there is nothing to announce, so whoever knows none always looks.
      if (work === undefined && keys.length > 0 && nextLookMs > clock.now()) return undefined;
      nextLookMs = clock.now() + signingKeysLookMs;
      await together(() => read(place));
      return keys.find((key) => key.header === header);
    },
  };
}

function isDue(newest: KeptKey | undefined, nowMs: number): boolean {
  return newest === undefined || newest.createdAtMs + signingKeyLifeMs <= nowMs;
}

/** Puts a new key in front of the newest one. The first key of all signs at once. */
function next({ clock, entropy }: Place, before: readonly KeptKey[]): readonly KeptKey[] {
  const createdAtMs = clock.now();
  const fresh: KeptKey = {
    id: randomText(keyIdCharsMax, entropy),
    seed: toBase64Url(entropy.bytes(seedBytes)),
    createdAtMs,
    signsFromMs: before.length === 0 ? createdAtMs : createdAtMs + signingKeyAheadMs,
  };
  return [fresh, ...before].slice(0, validMax);
}

async function read(place: Place): Promise<readonly KeptKey[]> {
  const storeKey = await storeKeyOf(place);
  const stored = await place.store.get<SealedSecret>(signingKeysKey);
  return stored === undefined ? [] : opened(place, storeKey, stored.document);
}

/** One turn: whoever comes second finds the new key of the first. */
async function renew(place: Place): Promise<readonly KeptKey[]> {
  const storeKey = await storeKeyOf(place);
  const taken = await takeTurn(place, {
    gather: (reads) => reads.get<SealedSecret>(signingKeysKey),
    plan: (stored) => {
      const before = stored === undefined ? [] : opened(place, storeKey, stored.document);
      if (!isDue(before[0], place.clock.now())) return { ok: true, value: { value: before } };
      const kept = next(place, before);
      const document = sealSecret(place, { storeKey, documentId: signingKeysKey, secret: { keys: kept } });
      return { ok: true, value: { value: kept, puts: [{ key: signingKeysKey, document }] } };
    },
  });
  return unwrap(taken);
}

function opened(place: Place, storeKey: Uint8Array, document: Document): readonly KeptKey[] {
  const secret = unwrap(openSecret(place, { storeKey, documentId: signingKeysKey, document }));
  // Sealed by ourselves, so it has the shape that `renew` gave it.
  return (secret as { readonly keys: readonly KeptKey[] }).keys;
}

function keyOf({ crypto }: Place, kept: KeptKey): SigningKey {
  const pair = crypto.signing.keyPair(fromBase64Url(kept.seed) ?? new Uint8Array(seedBytes));
  return { ...pair, header: headerOf(kept.id), kept };
}
