import { createSodium } from "rapport/plugins/crypto-sodium";
import { createMemoryDisk, createMemoryStore } from "rapport/plugins/storage-memory";
import { expect, test } from "vitest";
import { openStoreKey } from "../../src/engine/store-key.ts";
import { createSeededEntropy } from "../kit/seeded-entropy.ts";

test("of two processes that begin at the same time with different keys, the second to write is refused", async () => {
  const crypto = createSodium();
  await crypto.open();
  const shared = createMemoryStore({ disk: createMemoryDisk() });
  await shared.open([]);
  const processWith = (fill: number) => {
    let asked = 0;
    const store = {
      ...shared,
      sealKey: async () => new Uint8Array(32).fill(fill),
      // Both look before either has written.
      get: (async (key: string) => (asked++ === 0 ? undefined : shared.get(key))) as typeof shared.get,
    };
    return openStoreKey({ store, crypto, entropy: createSeededEntropy(fill) });
  };

  expect(await processWith(1)).toEqual(new Uint8Array(32).fill(1));
  await expect(processWith(2)).rejects.toMatchObject({ code: "store.keyWrong" });
  expect(await processWith(1)).toEqual(new Uint8Array(32).fill(1));
});
