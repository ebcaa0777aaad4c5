import { Crypto, createHost } from "rapport/core";
import { createSodium, sodium } from "rapport/plugins/crypto-sodium";
import { afterAll, expect, test } from "vitest";
import { cryptoContract } from "../../kit/contracts/crypto.ts";

const suite = createSodium();
afterAll(() => suite[Symbol.asyncDispose]());

cryptoContract("crypto-sodium", () => suite);

test("the plugin fills the Crypto slot", () => {
  const { use } = createHost([sodium()]);

  expect(use(Crypto).open).toBeTypeOf("function");
});

test("a password that waits when the suite is closed is refused, and the next one starts a new thread", async () => {
  const closing = createSodium();
  const hash = () => closing.hashing.password(new Uint8Array(1), new Uint8Array(16), { passes: 1, memoryBytes: 8192 });

  const waiting = expect(hash()).rejects.toThrow("ended before");
  await closing[Symbol.asyncDispose]();
  await waiting;

  expect(await hash()).toHaveLength(32);
  await closing[Symbol.asyncDispose]();
});

test("Argon2id's own limits come back as an error, not as a dead thread", async () => {
  const tooLittle = suite.hashing.password(new Uint8Array(1), new Uint8Array(16), { passes: 0, memoryBytes: 1 });

  await expect(tooLittle).rejects.toThrow("Argon2id failed");
});
