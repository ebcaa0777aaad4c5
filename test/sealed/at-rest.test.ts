import fc from "fast-check";
import { createMemoryStore } from "rapport/plugins/storage-memory";
import { expect, test } from "vitest";
import { openSecret, sealSecret, storeKeyOf } from "../../src/sealed/at-rest.ts";
import { openToken, sealToken } from "../../src/sealed/token.ts";
import { codeOf } from "./parties.ts";
import { crypto, suiteOf } from "./suites.ts";

const storeKey = new Uint8Array(32).fill(1);
const documentId = "account/secrets/one";
const secrets = fc.dictionary(fc.string(), fc.jsonValue()).map((value) => JSON.parse(JSON.stringify(value)));

test("a secret opens with its store key and document id", () => {
  fc.assert(
    fc.property(secrets, fc.nat(), (secret, seed) => {
      const document = sealSecret(suiteOf(seed), { storeKey, documentId, secret });

      expect(openSecret({ crypto }, { storeKey, documentId, document })).toEqual({ ok: true, value: secret });
    }),
  );
});

test("another store key is store.keyWrong; another document id is seal.broken", () => {
  const document = sealSecret(suiteOf(1), { storeKey, documentId, secret: { key: "k" } });
  const open = (changes: object) => codeOf(openSecret({ crypto }, { storeKey, documentId, document, ...changes }));

  expect(open({ storeKey: new Uint8Array(32).fill(2) })).toBe("store.keyWrong");
  expect(open({ documentId: "account/secrets/two" })).toBe("seal.broken");
});

test("a change of any character of the document is refused", () => {
  const document = sealSecret(suiteOf(1), { storeKey, documentId, secret: { key: "k" } });
  const members = ["keyId", "nonce", "sealed"] as const;
  fc.assert(
    fc.property(fc.constantFrom(...members), fc.nat(), fc.constantFrom(..."Aa0-_=!"), (member, place, character) => {
      const text = document[member];
      const at = place % text.length;
      const changed = { ...document, [member]: text.slice(0, at) + character + text.slice(at + 1) };
      const opened = openSecret({ crypto }, { storeKey, documentId, document: changed });

      expect(opened.ok).toBe(changed[member] === text);
    }),
  );
});

test("any document may be opened, and nothing is thrown", () => {
  const json = fc.jsonValue();
  const anything = fc.dictionary(fc.constantFrom("keyId", "nonce", "sealed"), json);
  fc.assert(
    fc.property(anything, (document) => {
      const read = JSON.parse(JSON.stringify(document));

      expect(codeOf(openSecret({ crypto }, { storeKey, documentId, document: read }))).toBeDefined();
    }),
  );
});

test("the sealed document shows nothing of the secret, and never twice the same", () => {
  const suite = suiteOf(1);
  const secret = { privateKey: "very secret words" };

  const [one, other] = [1, 2].map(() => sealSecret(suite, { storeKey, documentId, secret }));

  expect(JSON.stringify(one)).not.toContain("secret words");
  expect(one?.nonce).not.toBe(other?.nonce);
  expect(one?.sealed).not.toBe(other?.sealed);
});

test("whoever asks for the key of one store gets the same one, also at the same time", async () => {
  const store = createMemoryStore();
  await store.open([]);
  const asked = [1, 2, 3].map((seed) => storeKeyOf({ store, entropy: suiteOf(seed).entropy }));

  const [first, ...others] = await Promise.all(asked);

  expect(first).toHaveLength(32);
  expect(others).toEqual([first, first]);
  expect(await storeKeyOf({ store, entropy: suiteOf(4).entropy })).toEqual(first);
});

test("a store that keeps no key has none to give, and one that failed is asked again", async () => {
  const { sealKey: _, ...keyless } = createMemoryStore();
  const store = createMemoryStore();
  const { entropy } = suiteOf(1);

  await expect(storeKeyOf({ store: keyless, entropy })).rejects.toMatchObject({ code: "store.keyMissing" });
  await expect(storeKeyOf({ store, entropy })).rejects.toMatchObject({ code: "store.closed" });
  await store.open([]);

  expect(await storeKeyOf({ store, entropy })).toHaveLength(32);
});

test("a token's content comes back, also under the key of an empty token", () => {
  fc.assert(
    fc.property(secrets, fc.nat(), (content, seed) => {
      const sealed = sealToken(suiteOf(seed), content);
      const filled = sealToken(suiteOf(seed + 1), content, sealed.secretKey);

      expect(openToken(crypto, sealed)).toEqual({ ok: true, value: content });
      expect(openToken(crypto, filled)).toEqual({ ok: true, value: content });
    }),
  );
});
