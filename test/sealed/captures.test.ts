// What published clients sent to a relay, opened with our functions.
import { describe, expect, test } from "vitest";
import { addressOf, isAddress, isAddressOf } from "../../src/sealed/address.ts";
import { verifyChallenge } from "../../src/sealed/challenge.ts";
import { decrypt, decryptCounted } from "../../src/sealed/cipher.ts";
import { openSigned } from "../../src/sealed/creation.ts";
import { readPublicKey } from "../../src/sealed/keys.ts";
import { openMessage } from "../../src/sealed/message.ts";
import { openTemplate } from "../../src/sealed/template.ts";
import { openToken } from "../../src/sealed/token.ts";
import { crypto, decoded, exchanges, type Plaintext, plaintexts } from "./suites.ts";

const key = (layer: Plaintext) => Uint8Array.from(Buffer.from(layer.key, "base64url"));
const channel = (layer: Plaintext) => ({
  key: key(layer),
  nonce: Uint8Array.from(Buffer.from(layer.nonceBase ?? "", "base64url")),
});
const layerOf = (cph: string) => plaintexts.find((layer) => layer.cipher.cph === cph);

/** The captured requests of one route, with their bodies. */
const sent = (method: string, path: RegExp) =>
  exchanges.filter(({ request }) => request.method === method && path.test(request.path) && request.body !== undefined);

/** Everything inside a body that is base64url of JSON, and every `cph` in it. */
function ciphersIn(value: unknown): string[] {
  if (typeof value === "string") return value.startsWith("eyJ") ? ciphersIn(tryDecoded(value)) : [];
  if (typeof value !== "object" || value === null) return [];
  const own = "cph" in value && typeof value.cph === "string" ? [value.cph] : [];
  return [...own, ...Object.values(value).flatMap(ciphersIn)];
}

function tryDecoded(text: string): unknown {
  try {
    return decoded(text);
  } catch {
    return undefined;
  }
}

test("every captured ciphertext whose key is known decrypts to its captured plaintext", () => {
  expect(plaintexts.length).toBe(28);
  for (const layer of plaintexts) {
    const opened =
      layer.nonceBase === undefined
        ? decrypt(crypto, layer.cipher, key(layer), layer.phase)
        : decryptCounted(crypto, layer.cipher, channel(layer), layer.phase);

    expect(opened).toEqual({ ok: true, value: layer.plaintext });
  }
});

test("those ciphertexts are the ones in the captured bodies", () => {
  const inBodies = new Set(exchanges.flatMap(({ request, response }) => ciphersIn([request.body, response.body])));
  const known = plaintexts.filter((layer) => inBodies.has(layer.cipher.cph));

  // A file's bytes were uploaded as a form, whose body is not in the captures.
  expect(plaintexts.length - known.length).toBeLessThanOrEqual(2);
});

test("captured identities have the address of their public key, and signed their challenge", () => {
  const created = sent("POST", /Identities$/);
  expect(created.length).toBe(3);

  for (const { request, response } of created) {
    const publicKey = readPublicKey(request.body.identityPublicKey);
    if (!publicKey.ok) throw new Error(publicKey.refusal.message);
    const { address } = response.body.result;

    expect(addressOf(crypto, publicKey.value, "localhost")).toBe(address);
    expect(isAddress(crypto, address)).toBe(true);
    expect(isAddressOf(crypto, address, publicKey.value)).toBe(true);
    expect(verifyChallenge(crypto, request.body.signedChallenge, publicKey.value)).toMatchObject({
      ok: true,
      value: { type: "Identity", id: JSON.parse(request.body.signedChallenge.challenge).id },
    });
  }
});

test("captured templates open, and their content is what their owner wrote", () => {
  const owner = "did:e:localhost:dids:67c718215bd47bf273bdb9";
  const templates = sent("POST", /RelationshipTemplates$/);
  expect(templates.length).toBe(3);

  for (const { request } of templates) {
    const layer = layerOf(decoded(request.body.content).cph);
    const sealed = { content: request.body.content, secretKey: layer?.key ?? "" };
    const wrapper = JSON.parse(JSON.parse(layer?.plaintext ?? "").serializedTemplate);

    const opened = openTemplate(crypto, sealed, { createdBy: owner });

    expect(opened).toEqual({
      ok: true,
      value: {
        content: wrapper.content,
        identity: { address: owner, publicKey: wrapper.identity.publicKey.pub },
        templateKey: { id: wrapper.templateKey.id, publicKey: wrapper.templateKey.pub },
      },
    });
    expect(openTemplate(crypto, sealed, { createdBy: "did:e:localhost:dids:946c46db7dee9ed93f8bda" })).toMatchObject({
      refusal: { code: "seal.addressMismatch" },
    });
  }
});

test("captured creations and the captured acceptance are signed by the keys they carry", () => {
  const creations = sent("POST", /Relationships$/).map(({ request }) => decoded(request.body.creationContent));
  const acceptances = sent("PUT", /[^e]\/Accept$/).flatMap(({ request }) =>
    request.body.creationResponseContent === undefined ? [] : [decoded(request.body.creationResponseContent)],
  );
  expect([creations.length, acceptances.length]).toEqual([3, 1]);

  for (const { cipher, publicCreationContentCrypto } of creations) {
    const opened = openSigned(crypto, layerOf(cipher.cph)?.plaintext ?? "", {
      member: "serializedCreationContent",
      key: Uint8Array.from(Buffer.from(publicCreationContentCrypto.sig.pub, "base64url")),
      what: "creation",
    });
    expect(opened).toMatchObject({ ok: true, value: { "@type": "RelationshipCreationContentWrapper" } });
  }
  for (const { cipher, publicCreationResponseContentCrypto } of acceptances) {
    const opened = openSigned(crypto, layerOf(cipher.cph)?.plaintext ?? "", {
      member: "serializedCreationResponseContent",
      key: Uint8Array.from(Buffer.from(publicCreationResponseContentCrypto.sig.pub, "base64url")),
      what: "acceptance",
    });
    expect(opened).toMatchObject({ ok: true, value: { relationshipId: "RELCbsSOZN8Gclde2ArJ" } });
  }
});

describe("captured messages", () => {
  const creation = decoded(sent("POST", /Relationships$/)[0]?.request.body.creationContent);
  const acceptance = decoded(sent("PUT", /[^e]\/Accept$/)[0]?.request.body.creationResponseContent);
  const keyOfSender: Record<string, string> = {
    A: acceptance.publicCreationResponseContentCrypto.sig.pub,
    B: creation.publicCreationContentCrypto.sig.pub,
  };
  const messages = sent("POST", /Messages$/);

  test("open for their recipient and say what was written", () => {
    expect(messages.length).toBe(6);
    for (const { actor, request } of messages) {
      const [{ address, encryptedKey }] = request.body.recipients;
      const layer = layerOf(decoded(encryptedKey).cph);
      const written = JSON.parse(JSON.parse(layerOf(decoded(request.body.body).cph)?.plaintext ?? "").message);
      const secrets = {
        ...{ receiveKey: layer?.key ?? "", receiveNonce: layer?.nonceBase ?? "" },
        ...{ sendKey: "", sendNonce: "", signature: { publicKey: "", privateKey: "" } },
        peerSignatureKey: keyOfSender[actor] ?? "",
      };

      const opened = openMessage(crypto, { body: request.body.body, encryptedKey }, { self: address, secrets });

      expect(opened).toMatchObject({
        ok: true,
        value: { content: written.content, createdAt: written.createdAt, recipients: written.recipients },
      });
      if (opened.ok) expect(opened.value.attachments.map(({ id }) => ({ id }))).toEqual(request.body.attachments);
    }
  });
});

test("captured tokens open", () => {
  const tokens = sent("POST", /Tokens$/).filter(({ request }) => request.body.content !== undefined);
  expect(tokens.length).toBeGreaterThan(0);

  for (const { request } of tokens) {
    const layer = layerOf(decoded(request.body.content).cph);
    if (layer === undefined) throw new Error("a captured token without its key");

    const opened = openToken(crypto, { content: request.body.content, secretKey: layer.key });

    expect(opened).toEqual({ ok: true, value: JSON.parse(layer.plaintext) });
  }
});
