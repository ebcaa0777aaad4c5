import fc from "fast-check";
import { expect, test } from "vitest";
import { openSecret, sealSecret } from "../../src/sealed/at-rest.ts";
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
