import fc from "fast-check";
import { expect, test } from "vitest";
import { unwrap } from "../../src/errors/refusal.ts";
import { openRejection, sealAcceptance, sealRejection } from "../../src/sealed/acceptance.ts";
import { creationKey, exchangeChannels, firstMessageCounter } from "../../src/sealed/channels.ts";
import { decryptCounted } from "../../src/sealed/cipher.ts";
import { openCreation, sealCreation } from "../../src/sealed/creation.ts";
import { newExchangeKeyPair, newSigningKeyPair } from "../../src/sealed/keys.ts";
import { openTemplate, sealTemplate } from "../../src/sealed/template.ts";
import { codeOf, parties } from "./parties.ts";
import { crypto, decoded, vectors } from "./suites.ts";

const b64 = (text: string) => Uint8Array.from(Buffer.from(text, "base64url"));
const pair = ({ pub, prv }: { pub: { pub: string }; prv: { prv: string } }) => ({
  publicKey: b64(pub.pub),
  privateKey: b64(prv.prv),
});
const text64 = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString("base64url");

test("the keys of a handshake are those of the vector, on both sides", () => {
  const { requestSecrets, templatorSecrets, requestorSecrets, templateKeypair } = vectors.handshake;
  const template = { publicKey: b64(templateKeypair.pub), privateKey: b64(templateKeypair.prv) };
  const [eph, exc, answer] = [pair(requestSecrets.eph), pair(requestSecrets.exc), pair(templatorSecrets.exc)];

  const atRequestor = exchangeChannels(crypto, "requestor", { own: exc, peerKey: answer.publicKey });
  const atTemplator = exchangeChannels(crypto, "templator", { own: answer, peerKey: exc.publicKey });

  const { key } = requestSecrets.key;
  expect(text64(creationKey(crypto, "requestor", { own: eph, peerKey: template.publicKey }))).toBe(key);
  expect(text64(creationKey(crypto, "templator", { own: template, peerKey: eph.publicKey }))).toBe(key);
  expect(text64(atRequestor?.sendKey)).toBe(requestorSecrets.tx.key);
  expect(text64(atRequestor?.receiveKey)).toBe(requestorSecrets.rx.key);
  expect(text64(atTemplator?.sendKey)).toBe(templatorSecrets.tx.key);
  expect(text64(atTemplator?.receiveKey)).toBe(templatorSecrets.rx.key);
});

test("the messages of the vector's handshake open on the other side", () => {
  const { templatorMessages, requestorMessages, requestorSecrets, templatorSecrets } = vectors.handshake;
  const channel = ({ rx }: { rx: { key: string; nnc: string } }) => ({ key: b64(rx.key), nonce: b64(rx.nnc) });

  for (const { plaintextUtf8, cipher } of templatorMessages) {
    expect(unwrap(decryptCounted(crypto, cipher, channel(requestorSecrets), "message"))).toBe(plaintextUtf8);
  }
  for (const { plaintextUtf8, cipher } of requestorMessages) {
    expect(unwrap(decryptCounted(crypto, cipher, channel(templatorSecrets), "message"))).toBe(plaintextUtf8);
  }
});

test("after a handshake each side sends what the other receives, and knows the other's signature key", () => {
  fc.assert(
    fc.property(fc.nat(), fc.dictionary(fc.string(), fc.jsonValue()), (seed, content) => {
      const { creation, acceptance, accepted, requestor } = parties(seed, {
        creation: { value: content },
        answer: { value: content },
      });
      const [templator, initiator] = [acceptance.secrets, accepted.secrets];
      const plain = JSON.parse(JSON.stringify(content));

      expect(creation.content).toEqual({ "@type": "C", value: plain });
      expect(creation.identity).toEqual({ address: requestor.address, publicKey: requestor.publicKey });
      expect(accepted.content).toEqual({ "@type": "A", value: plain });
      expect([initiator.receiveKey, initiator.receiveNonce]).toEqual([templator.sendKey, templator.sendNonce]);
      expect([initiator.sendKey, initiator.sendNonce]).toEqual([templator.receiveKey, templator.receiveNonce]);
      expect(initiator.peerSignatureKey).toBe(templator.signature.publicKey);
      expect(templator.peerSignatureKey).toBe(initiator.signature.publicKey);
    }),
    { numRuns: 25 },
  );
});

test("an acceptance without content has the form of other clients, and opens without content", () => {
  const { acceptance, accepted } = parties(1);
  const sealed = decoded(acceptance.creationResponseContent);

  expect(Object.keys(sealed)).toEqual(["@type", "cipher", "publicCreationResponseContentCrypto"]);
  expect(Object.keys(sealed.publicCreationResponseContentCrypto)).toEqual(["exc", "sig", "sta"]);
  expect(sealed.cipher.cnt).toBe(0);
  expect(accepted.content).toBeUndefined();
});

test("a creation has the form of other clients", () => {
  const { cipher, publicCreationContentCrypto, ...rest } = decoded(parties(1).sealedCreation.creationContent);

  expect(rest).toEqual({ "@type": "RelationshipCreationContentCipher" });
  expect(Object.keys(cipher)).toEqual(["cph", "alg", "nnc"]);
  expect(Object.keys(publicCreationContentCrypto)).toEqual(["exc", "sig", "eph", "nnc"]);
});

test("C2: an answer sealed twice shares neither keys nor nonce, and messages start after its counter", () => {
  const { suite, answer } = parties(1);

  const [one, other] = [unwrap(sealAcceptance(suite, answer)), unwrap(sealAcceptance(suite, answer))];

  expect(one.secrets.sendKey).not.toBe(other.secrets.sendKey);
  expect(one.secrets.sendNonce).not.toBe(other.secrets.sendNonce);
  expect(decoded(one.creationResponseContent).cipher.cnt).toBeLessThan(firstMessageCounter);
});

test("what a rejection says is read by the requestor, and by nobody else", () => {
  const { suite, answer, sealedCreation, relationshipId } = parties(1);
  const other = parties(2).sealedCreation;

  const sealed = unwrap(sealRejection(suite, { ...answer, content: { "@type": "R", reason: "full" } }));

  const open = (secrets: typeof other.secrets) => openRejection(crypto, sealed, { secrets, relationshipId });
  expect(open(sealedCreation.secrets)).toEqual({ ok: true, value: { "@type": "R", reason: "full" } });
  expect(codeOf(open(other.secrets))).toBe("seal.broken");
});

test("C1: a creation for another template or from another identity is refused", () => {
  const { sealedCreation, templateKey, templateId, requestor, templator, suite } = parties(1);
  const expected = { templateKey, templateId, from: requestor.address };
  const open = (changes: object) => openCreation(crypto, sealedCreation.creationContent, { ...expected, ...changes });

  expect(codeOf(open({ templateId: "RLTbbbbbbbbbbbbbbbbb" }))).toBe("seal.broken");
  expect(codeOf(open({ templateKey: newExchangeKeyPair(suite) }))).toBe("seal.broken");
  expect(codeOf(open({ from: templator.address }))).toBe("seal.addressMismatch");
});

test("C1: an identity that names an address of another key is refused", () => {
  const { suite, templateKey, templateId, requestor, templator } = parties(1);
  const stolen = { address: templator.address, publicKey: requestor.publicKey };
  const creation = { content: {}, identity: stolen, devicePrivateKey: requestor.devicePrivateKey, templateId };

  const { creationContent } = unwrap(sealCreation(suite, { ...creation, templateKey: templateKey.publicKey }));
  const expected = { templateKey, templateId, from: templator.address };

  expect(codeOf(openCreation(crypto, creationContent, expected))).toBe("seal.addressMismatch");
});

test("C1: an answer for another Relationship, or whose signature key was swapped, is refused", () => {
  const { acceptance, sealedCreation, openOwnAnswer, suite } = parties(1);
  const sealed = decoded(acceptance.creationResponseContent);
  sealed.publicCreationResponseContentCrypto.sig.pub = newSigningKeyPair(suite).publicKey;
  const swapped = Buffer.from(JSON.stringify(sealed)).toString("base64url");
  const elsewhere = { secrets: sealedCreation.secrets, relationshipId: "RELbbbbbbbbbbbbbbbbb" };

  expect(codeOf(openOwnAnswer(swapped))).toBe("error.transport.signatureNotValid");
  expect(codeOf(openRejection(crypto, acceptance.creationResponseContent, elsewhere))).toBe("seal.broken");
});

test("keys that keep no secret are refused on both sides, without an exception", () => {
  const { suite, answer, requestor, templateId } = parties(1);
  const weak = Buffer.alloc(32).toString("base64url");
  const creation = { content: {}, identity: requestor, devicePrivateKey: requestor.devicePrivateKey, templateId };

  expect(codeOf(sealCreation(suite, { ...creation, templateKey: weak }))).toBe("seal.malformed");
  expect(codeOf(sealAcceptance(suite, { ...answer, request: { ...answer.request, exchangeKey: weak } }))).toBe(
    "seal.malformed",
  );
});

test("a template opens for who has its key, and says what was sealed", () => {
  const { template, templator, templateKey } = parties(1);

  expect(openTemplate(crypto, template, { createdBy: templator.address })).toEqual({
    ok: true,
    value: {
      content: { "@type": "T", a: 1 },
      identity: { address: templator.address, publicKey: templator.publicKey },
      templateKey: { id: templateKey.id, publicKey: templateKey.publicKey },
    },
  });
});

test("C1: a template with another key, owner or signature is refused with the code for it", () => {
  const { suite, template, templator, requestor, templateKey } = parties(1);
  const createdBy = templator.address;
  const otherKey = { ...template, secretKey: parties(2).template.secretKey };
  const forged = { ...templator, privateKey: requestor.privateKey };
  const misnamed = { ...templator, address: requestor.address };
  const seal = (identity: typeof forged) => sealTemplate(suite, { content: {}, identity, templateKey });

  expect(codeOf(openTemplate(crypto, otherKey, { createdBy }))).toBe("seal.broken");
  expect(codeOf(openTemplate(crypto, { ...template, secretKey: "short" }, { createdBy }))).toBe("seal.malformed");
  expect(codeOf(openTemplate(crypto, template, { createdBy: requestor.address }))).toBe("seal.addressMismatch");
  expect(codeOf(openTemplate(crypto, seal(misnamed), { createdBy: requestor.address }))).toBe("seal.addressMismatch");
  expect(codeOf(openTemplate(crypto, seal(forged), { createdBy }))).toBe("error.transport.signatureNotValid");
});

test("C1: the relay's share holds neither the content nor a key that opens it", () => {
  const { template, sealedCreation, acceptance } = parties(1, { creation: { a: "secret words" } });
  const shared = [template.content, sealedCreation.creationContent, acceptance.creationResponseContent].map((text) =>
    JSON.stringify(decoded(text)),
  );
  const secrets = [template.secretKey, "secret words", ...Object.values(acceptance.secrets).filter(isSecretText)];

  for (const secret of secrets) for (const text of shared) expect(text).not.toContain(secret);

  function isSecretText(value: unknown): value is string {
    const isPublic = value === acceptance.secrets.sendNonce || value === acceptance.secrets.receiveNonce;
    return typeof value === "string" && !isPublic && value !== acceptance.secrets.peerSignatureKey;
  }
});
