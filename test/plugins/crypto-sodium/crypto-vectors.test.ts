import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as kit from "../../kit/contracts/crypto-vectors.ts";

const url = new URL("../../fixtures/crypto-vectors.json", import.meta.url);
const captured = JSON.parse(readFileSync(url, "utf8"));

test("the kit's vectors are the captured ones, all of them", () => {
  expect(captured.signature).toMatchObject(kit.signatureVector);
  expect(captured.cipherNonce).toMatchObject(kit.cipherVector);
  expect(captured.keyExchange).toEqual(kit.exchangeVector);
  expect(rows(captured.cipherCounter, "key", "nonceBaseHex", "counter", "effectiveNonceHex", "cipher")).toEqual(
    kit.counterVectors,
  );
  expect(rows(captured.kdf, "base", "id", "context", "derived")).toEqual(kit.derivationVectors);
  expect(rows(captured.passwordHash, "passwordUtf8", "salt", "hash")).toEqual(kit.passwordVectors);
});

function rows(entries: readonly Record<string, unknown>[], ...members: readonly string[]) {
  return entries.map((entry) => members.map((member) => entry[member]));
}
