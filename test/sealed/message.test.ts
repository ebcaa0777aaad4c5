import fc from "fast-check";
import { expect, test } from "vitest";
import { unwrap } from "../../src/errors/refusal.ts";
import { counterMax } from "../../src/sealed/cipher.ts";
import { openMessage, sealMessage } from "../../src/sealed/message.ts";
import { codeOf, parties } from "./parties.ts";
import { crypto, decoded, encoded } from "./suites.ts";

const one = parties(1);
const two = parties(2);
const sender = one.acceptance.secrets;
const attachment = { id: "FILaaaaaaaaaaaaaaaaa", secretKey: "A".repeat(43), backboneBaseUrl: "http://localhost:8099" };
const toBoth = (counter: number) => [
  { address: one.requestor.address, secrets: sender, counter },
  { address: two.requestor.address, secrets: two.acceptance.secrets, counter },
];
const message = (counter = 1, content: object = { "@type": "Mail" }) => ({
  content: { ...content },
  createdAt: "2026-11-22T02:30:46.726Z",
  attachments: [attachment],
  recipients: toBoth(counter),
});
const keyFor = (sealed: { recipients: readonly { encryptedKey: string }[] }, index: number) =>
  sealed.recipients[index]?.encryptedKey ?? "";
const asOne = { self: one.requestor.address, secrets: one.accepted.secrets };

test("every recipient opens a message with its own key and reads the same", () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.integer({ min: 1, max: counterMax }),
      (value, counter) => {
        const content = { "@type": "ArbitraryMessageContent", value: JSON.parse(JSON.stringify(value)) };
        const sealed = unwrap(sealMessage(one.suite, message(counter, content)));
        const asTwo = { self: two.requestor.address, secrets: two.accepted.secrets };

        for (const [index, reader] of [asOne, asTwo].entries()) {
          const opened = openMessage(crypto, { body: sealed.body, encryptedKey: keyFor(sealed, index) }, reader);
          expect(opened).toEqual({
            ok: true,
            value: {
              content,
              createdAt: "2026-11-22T02:30:46.726Z",
              attachments: [attachment],
              recipients: [one.requestor.address, two.requestor.address],
            },
          });
        }
      },
    ),
    { numRuns: 25 },
  );
});

test("messages may come in any order: the counter travels with each", () => {
  const sealed = [3, 1, 2].map((counter) => unwrap(sealMessage(one.suite, message(counter))));

  for (const { body, recipients } of sealed) {
    expect(openMessage(crypto, { body, encryptedKey: recipients[0]?.encryptedKey ?? "" }, asOne).ok).toBe(true);
  }
  expect(sealed.map((each) => decoded(keyFor(each, 0)).cnt)).toEqual([3, 1, 2]);
});

test("the relay's limits hold: an encrypted key is 30 to 300 bytes", () => {
  const sealed = unwrap(sealMessage(one.suite, message(counterMax)));

  const length = Buffer.from(keyFor(sealed, 0), "base64url").length;
  expect(length).toBeGreaterThanOrEqual(30);
  expect(length).toBeLessThanOrEqual(300);
});

test("C2: after the last counter nothing is sealed", () => {
  expect(codeOf(sealMessage(one.suite, message(counterMax + 1)))).toBe("seal.counterExhausted");
});

test("C1: somebody who is not a recipient cannot open a message", () => {
  const sealed = unwrap(sealMessage(one.suite, message()));
  const stranger = { self: one.requestor.address, secrets: parties(3).accepted.secrets };

  expect(codeOf(openMessage(crypto, { body: sealed.body, encryptedKey: keyFor(sealed, 0) }, stranger))).toBe(
    "seal.broken",
  );
});

test("C1: a message that is not signed for its reader is refused as signatureListMismatch", () => {
  const sealed = unwrap(sealMessage(one.suite, message()));
  const reader = { ...asOne, self: one.templator.address };

  expect(codeOf(openMessage(crypto, { body: sealed.body, encryptedKey: keyFor(sealed, 0) }, reader))).toBe(
    "error.transport.messages.signatureListMismatch",
  );
});

test("C1: a message signed by another key than the peer's is refused as signatureNotValid", () => {
  const forged = { ...sender, signature: two.acceptance.secrets.signature };
  const recipients = [{ address: one.requestor.address, secrets: forged, counter: 1 }];
  const sealed = unwrap(sealMessage(one.suite, { ...message(), recipients }));

  expect(codeOf(openMessage(crypto, { body: sealed.body, encryptedKey: keyFor(sealed, 0) }, asOne))).toBe(
    "error.transport.messages.signatureNotValid",
  );
});

test("C1: a message whose text names others is refused as ownAddressNotInList", () => {
  const text = JSON.stringify({
    ...{ "@type": "MessageContentWrapper", attachments: [], content: {}, createdAt: "2026-11-22T02:30:46.726Z" },
    recipients: [two.requestor.address],
  });

  expect(codeOf(openSigned(text))).toBe("error.transport.messages.ownAddressNotInList");
});

test.for([
  ["[]", "seal.malformed"],
  ["{}", "seal.malformed"],
  ['{"content":1,"createdAt":"","recipients":[]}', "seal.malformed"],
  ['{"content":{},"createdAt":"","recipients":[1]}', "seal.malformed"],
  [`{"content":${"[".repeat(200)}${"]".repeat(200)}}`, "seal.malformed"],
] as const)("C1: the signed text %j is refused with %s", ([text, code]) => {
  expect(codeOf(openSigned(text))).toBe(code);
});

/** Opens, as `one`, a message whose sender signed this text. */
function openSigned(text: string) {
  const { body, recipients } = unwrap(sealMessage(one.suite, message()));
  const keyCipher = decoded(recipients[0]?.encryptedKey ?? "");
  const nonce = Buffer.from(sender.sendNonce, "base64url");
  nonce.writeUInt32LE((nonce.readUInt32LE(20) + keyCipher.cnt) >>> 0, 20);
  const bytes = (value: string) => Uint8Array.from(Buffer.from(value, "base64url"));
  const keyJson = crypto.cipher.decrypt(bytes(keyCipher.cph), Uint8Array.from(nonce), bytes(sender.sendKey));
  const key = bytes(JSON.parse(Buffer.from(keyJson ?? []).toString()).key);
  const signature = crypto.signing.sign(Buffer.from(text), bytes(sender.signature.privateKey));
  const sig = JSON.stringify({ sig: Buffer.from(signature).toString("base64url"), alg: 1 });
  const signed = { message: text, signatures: [{ recipient: one.requestor.address, signature: sig }] };
  const { nnc } = decoded(body);
  const cph = crypto.cipher.encrypt(Buffer.from(JSON.stringify(signed)), bytes(nnc), key);
  const forged = encoded({ cph: Buffer.from(cph).toString("base64url"), alg: 3, nnc });
  return openMessage(crypto, { body: forged, encryptedKey: recipients[0]?.encryptedKey ?? "" }, asOne);
}
