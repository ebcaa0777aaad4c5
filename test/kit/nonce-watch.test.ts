import { createSodium } from "rapport/plugins/crypto-sodium";
import { expect, test } from "vitest";
import { watchNonces } from "./nonce-watch.ts";

const bytes = (length: number, fill: number) => new Uint8Array(length).fill(fill);
const [key, nonce] = [bytes(32, 1), bytes(24, 2)];

async function watched() {
  const crypto = createSodium();
  await crypto.open();
  const watch = watchNonces();
  const { cipher } = watch.wrap(crypto);
  return { crypto, watch, cipher };
}

test("a watched suite does what the suite does", async () => {
  const { crypto, cipher } = await watched();

  const sealed = cipher.encrypt(bytes(5, 3), nonce, key, bytes(4, 4));

  expect(sealed).toEqual(crypto.cipher.encrypt(bytes(5, 3), nonce, key, bytes(4, 4)));
  expect(cipher.decrypt(sealed, nonce, key, bytes(4, 4))).toEqual(bytes(5, 3));
});

test("C2: one nonce for two plaintexts under one key is a repeat, under two keys it is none", async () => {
  const { watch, cipher } = await watched();
  cipher.encrypt(bytes(5, 3), nonce, key);

  cipher.encrypt(bytes(5, 4), nonce, bytes(32, 9));
  cipher.encrypt(bytes(5, 4), bytes(24, 9), key);
  expect(watch.repeats).toEqual([]);
  cipher.encrypt(bytes(5, 4), nonce, key);

  expect(watch.repeats).toEqual(["02".repeat(24)]);
  expect(watch.encryptions).toBe(3);
});

test("the same plaintext encrypted again is no repeat, with other associated data it is one", async () => {
  const { watch, cipher } = await watched();
  cipher.encrypt(bytes(5, 3), nonce, key);

  cipher.encrypt(bytes(5, 3), nonce, key);
  expect(watch.repeats).toEqual([]);
  cipher.encrypt(bytes(5, 3), nonce, key, bytes(1, 1));

  expect(watch.repeats).toHaveLength(1);
});

test("one watch sees the repeat of two suites", async () => {
  const { crypto, watch, cipher } = await watched();
  cipher.encrypt(bytes(5, 3), nonce, key);

  watch.wrap(crypto).cipher.encrypt(bytes(5, 4), nonce, key);

  expect(watch.repeats).toHaveLength(1);
});

test("a fork knows what was before it and tells nothing back", async () => {
  const { crypto, watch, cipher } = await watched();
  cipher.encrypt(bytes(5, 3), nonce, key);
  const fork = watch.fork();
  const other = fork.wrap(crypto).cipher;

  other.encrypt(bytes(5, 4), nonce, key);
  other.encrypt(bytes(5, 3), bytes(24, 7), key);
  cipher.encrypt(bytes(5, 4), bytes(24, 7), key);

  expect([watch.repeats.length, fork.repeats.length, fork.fork().repeats.length]).toEqual([0, 1, 1]);
  expect([watch.encryptions, fork.encryptions, fork.fork().encryptions]).toEqual([2, 2, 0]);
});
