// Everything that reaches the relay, and everything that it keeps. The story shows its view beside that of the parties.
import type { Relay, RelayOptions } from "rapport/relay";

/** What the relay learned in some time. */
export interface Sight {
  readonly calls: readonly string[];
  readonly bytes: number;
  readonly ciphertexts: number;
  readonly ciphertextBytes: number;
}

/** A ciphertext as it was sent. */
export interface Sealed {
  readonly operation: string;
  readonly text: string;
}

/** Stands between the engine and the relay, and between the relay and its store, and changes nothing. */
export interface Witness {
  relay(relay: Relay): Relay;
  store(store: RelayOptions["store"]): RelayOptions["store"];
  /** What happened since the last glance. */
  glance(): Sight;
  total(): Sight;
  /** The last ciphertext that the relay wrote down, as bytes. */
  latest(): Uint8Array | undefined;
  /** Every ciphertext that the relay heard so far, in order, with the operation that brought it. */
  sealed(): readonly Sealed[];
  /** How many of these ciphertexts are still in something that the relay keeps. */
  left(sealed: readonly Sealed[]): number;
  /** Which of these texts reached the relay readable: as they are, or within any layer of base64. */
  readable(texts: readonly string[]): readonly string[];
}

/** Members of requests that carry ciphertext. */
const sealedMembers = new Set(["content", "creationContent", "creationResponseContent", "body", "encryptedKey"]);

const nothing: Sight = { calls: [], bytes: 0, ciphertexts: 0, ciphertextBytes: 0 };

/** Makes one that has seen nothing. */
export function createWitness(): Witness {
  const heard: string[] = [];
  const everySealed: Sealed[] = [];
  const kept = new Map<string, string>();
  let total = nothing;
  let recent = nothing;
  let latest: Uint8Array | undefined;

  const hear = (operation: string, body = "") => {
    const sealed = sealedIn(body);
    const ciphertextBytes = sealed.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    const sight = { calls: [operation], bytes: Buffer.byteLength(body), ciphertexts: sealed.length, ciphertextBytes };
    heard.push(body);
    for (const text of sealed) everySealed.push({ operation, text });
    total = plus(total, sight);
    recent = plus(recent, sight);
  };
  const keep = (key: string, document: unknown) => {
    const text = JSON.stringify(document);
    kept.set(key, text);
    const [sealed] = sealedIn(text);
    if (sealed !== undefined) latest = innermost(sealed);
  };

  return {
    relay: (relay) => ({
      ...relay,
      call: (call, caller) => {
        hear(call.operation, call.body);
        return relay.call(call, caller);
      },
    }),
    store: (store) => ({
      ...store,
      commit: async (batch) => {
        const result = await store.commit(batch);
        if (!result.ok) return result;
        for (const { key, document } of batch.puts ?? []) keep(key, document);
        for (const { key } of batch.deletes ?? []) kept.delete(key);
        return result;
      },
    }),
    glance: () => {
      const sight = recent;
      recent = nothing;
      return sight;
    },
    total: () => total,
    latest: () => latest,
    sealed: () => [...everySealed],
    left: (sealed) =>
      sealed.filter(({ text }) => [...kept.values()].some((document) => document.includes(text))).length,
    readable: (texts) => {
      const all = [...heard, ...kept.values()].flatMap((text) => layersOf(text)).join("\n");
      return texts.filter((text) => all.includes(text));
    },
  };
}

function plus(one: Sight, other: Sight): Sight {
  return {
    calls: [...one.calls, ...other.calls],
    bytes: one.bytes + other.bytes,
    ciphertexts: one.ciphertexts + other.ciphertexts,
    ciphertextBytes: one.ciphertextBytes + other.ciphertextBytes,
  };
}

function sealedIn(json: string): readonly string[] {
  const found: string[] = [];
  if (json === "") return found;
  JSON.parse(json, (member, value: unknown) => {
    if (sealedMembers.has(member) && typeof value === "string") found.push(value);
    return value;
  });
  return found;
}

// Sealed objects are JSON in base64; `cph` is the ciphertext itself.
function innermost(sealed: string): Uint8Array {
  const [, cipher] = /"cph":"([^"]+)"/.exec(layersOf(JSON.stringify(sealed)).join("\n")) ?? [];
  return Buffer.from(cipher ?? sealed, "base64url");
}

const layersMax = 5;

// Every text in the JSON, and every text in what those texts say when they are read as base64, and so on.
function layersOf(json: string, depth = 0): readonly string[] {
  const texts: string[] = [];
  try {
    JSON.parse(json, (_member, value: unknown) => {
      if (typeof value === "string") texts.push(value);
      return value;
    });
  } catch {
    return [];
  }
  if (depth === layersMax) return texts;
  return texts.flatMap((text) => {
    if (!/^[\w+/-]{16,}=*$/.test(text)) return [text];
    const decoded = Buffer.from(text, "base64url").toString();
    return [text, decoded, ...layersOf(decoded, depth + 1)];
  });
}
