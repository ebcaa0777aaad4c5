import fc from "fast-check";
import { expect, test } from "vitest";
import {
  addressOf,
  hostOf,
  isAddress,
  isAddressOf,
  isHost,
  pseudonymOf,
  relayPseudonymOf,
} from "../../src/sealed/address.ts";
import { newSigningKeyPair } from "../../src/sealed/keys.ts";
import { crypto, suiteOf, vectors } from "./suites.ts";

test("addresses and pseudonyms are those of the vectors", () => {
  for (const { host, publicKey, address } of vectors.address) {
    expect(addressOf(crypto, publicKey, host)).toBe(address);
    expect(isAddressOf(crypto, address, publicKey)).toBe(true);
    expect(hostOf(address)).toBe(host);
  }
  expect(pseudonymOf(crypto, "localhost")).toBe(vectors.addressClientPseudonym.address);
  expect(relayPseudonymOf(crypto, "localhost")).toBe(vectors.addressServerPseudonym.address);
});

test("the address of one key is not the address of another, and an altered one is none", () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat({ max: 79 }), fc.constantFrom(..."0123456789abcdef"), (seed, place, digit) => {
      const suite = suiteOf(seed);
      const { publicKey } = newSigningKeyPair(suite);
      const address = addressOf(crypto, publicKey, "relay.example.org");
      const at = address.length - 1 - (place % 22);
      const altered = address.slice(0, at) + digit + address.slice(at + 1);

      expect(isAddress(crypto, address)).toBe(true);
      expect(isAddressOf(crypto, address, newSigningKeyPair(suite).publicKey)).toBe(false);
      expect(isAddressOf(crypto, altered, publicKey)).toBe(altered === address);
    }),
  );
});

test("a wrong checksum is noticed", () => {
  const { address } = vectors.address[0];

  expect(isAddress(crypto, `${address.slice(0, -2)}00`)).toBe(false);
});

test("anything may be asked whether it is an address", () => {
  fc.assert(
    fc.property(fc.anything(), fc.string(), (thing, text) => {
      expect(isAddress(crypto, thing)).toBe(false);
      expect(isAddress(crypto, `did:e:${text}`)).toBe(false);
      expect(isAddressOf(crypto, vectors.address[0].address, text)).toBe(false);
    }),
  );
});

test.for(["127.0.0.1", "ab", "UPPER.org", "under_score.org", "-", `${"a".repeat(50)}.org`])("%s is no host", (host) => {
  expect(isHost(host)).toBe(false);
});

test.for(["localhost", "relay.example.org", "a-b.co"])("%s is a host", (host) => {
  expect(isHost(host)).toBe(true);
});
