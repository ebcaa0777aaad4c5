// The floor of a handshake: the cryptography of spec/backbone-protocol.md 10, keys at rest included (10.7), and the very
// commits that the engine and the relay made, replayed on other stores; no engine, no charts, no checks. The documents are
// those of the recording, so the floor does not even make them.
import { randomBytes } from "node:crypto";
import type { CryptoPort, KeyPair, StorePort } from "rapport/core";
import type { Recording } from "./handshake.ts";

/** What one side of the floor's handshake holds. */
export interface Side {
  readonly identity: KeyPair;
  readonly device: KeyPair;
  readonly template: KeyPair;
  readonly storeKey: Uint8Array;
  /** The template's private key at rest. */
  readonly templateSecret: Kept;
}

/** Keys at rest. */
export type Kept = { readonly nnc: string; readonly cph: string };

/** Keys made before the clock starts. */
export function makeSide(crypto: CryptoPort): Side {
  const { signing, exchange } = crypto;
  const template = exchange.keyPair(randomBytes(32));
  const storeKey = randomBytes(32);
  return {
    identity: signing.keyPair(randomBytes(32)),
    device: signing.keyPair(randomBytes(32)),
    template,
    storeKey,
    templateSecret: keep(crypto, storeKey, { key: template.privateKey }),
  };
}

/** The organisation's template, sealed once for everybody. */
export interface Offer {
  readonly key: Uint8Array;
  readonly cipher: { readonly cph: string; readonly nnc: string };
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");
const bytes = (text: string) => Buffer.from(text, "base64url");

/** Seals a template of the size that the engine's run has. */
export function makeOffer(crypto: CryptoPort, side: Side, content: string): Offer {
  const key = randomBytes(32);
  const nonce = randomBytes(24);
  const signature = base64(crypto.signing.sign(Buffer.from(content), side.identity.privateKey));
  const signed = JSON.stringify({ deviceSignature: { sig: signature, alg: 2 }, serializedTemplate: content });
  return { key, cipher: { cph: base64(crypto.cipher.encrypt(Buffer.from(signed), nonce, key)), nnc: base64(nonce) } };
}

/** The person opens the template (10.2), and keeps its key. */
export function openOffer(
  crypto: CryptoPort,
  offer: Offer,
  { person, organisation }: { person: Side; organisation: Side },
): void {
  const text = open(crypto, offer.cipher, offer.key);
  const { deviceSignature, serializedTemplate } = JSON.parse(text);
  check(
    crypto.signing.verify(Buffer.from(serializedTemplate), bytes(deviceSignature.sig), organisation.identity.publicKey),
  );
  JSON.parse(serializedTemplate);
  keep(crypto, person.storeKey, { key: offer.key });
}

/** What the person sends, and what it keeps for the answer. */
export interface Creation {
  readonly text: string;
  readonly exchange: KeyPair;
  readonly secrets: Kept;
}

/** The person answers (10.3, request). */
export function seal(crypto: CryptoPort, person: Side, organisation: Side): Creation {
  const exchange = crypto.exchange.keyPair(randomBytes(32));
  const ephemeral = crypto.exchange.keyPair(randomBytes(32));
  const signature = crypto.signing.keyPair(randomBytes(32));
  const nonce = randomBytes(24);
  const shared = crypto.exchange.asServer(ephemeral, organisation.template.publicKey);
  const key = crypto.hashing.derive(shared.tx, 1, "REQTMP01");
  const wrapper = JSON.stringify({
    "@type": "RelationshipCreationContentWrapper",
    content: response,
    templateId: "RLT",
  });
  const signed = signedTwice(crypto, { wrapper, device: person.device, relationship: signature });
  const cipherNonce = randomBytes(24);
  const cph = base64(crypto.cipher.encrypt(Buffer.from(signed), cipherNonce, key));
  const open = { exc: base64(exchange.publicKey), sig: base64(signature.publicKey), eph: base64(ephemeral.publicKey) };
  const text = JSON.stringify({ cipher: { cph, nnc: base64(cipherNonce) }, open: { ...open, nnc: base64(nonce) } });
  const own = { exchange: exchange.privateKey, exchangePublic: exchange.publicKey, nonce };
  const secrets = keep(crypto, person.storeKey, { ...own, signature: signature.privateKey, key: signature.publicKey });
  return { text: base64(Buffer.from(text)), exchange, secrets };
}

/** The organisation opens the answer. */
export function openCreation(crypto: CryptoPort, creation: Creation, organisation: Side): void {
  const sealed = JSON.parse(bytes(creation.text).toString());
  reveal(crypto, organisation.storeKey, organisation.templateSecret);
  const shared = crypto.exchange.asClient(organisation.template, bytes(sealed.open.eph));
  const key = crypto.hashing.derive(shared.rx, 1, "REQTMP01");
  verifySigned(crypto, open(crypto, sealed.cipher, key), bytes(sealed.open.sig));
}

/** The organisation accepts (10.3, accept). */
export function accept(crypto: CryptoPort, creation: Creation, organisation: Side): string {
  const sealed = JSON.parse(bytes(creation.text).toString());
  const exchange = crypto.exchange.keyPair(randomBytes(32));
  const signature = crypto.signing.keyPair(randomBytes(32));
  const nonce = randomBytes(24);
  const shared = crypto.exchange.asClient(exchange, bytes(sealed.open.exc));
  const key = crypto.hashing.derive(shared.tx, 1, "RELTEM01");
  const receiveKey = crypto.hashing.derive(shared.rx, 1, "RELREQ01");
  keep(crypto, organisation.storeKey, relationshipSecrets(key, receiveKey, signature));
  const wrapper = JSON.stringify({ "@type": "RelationshipCreationResponseContentWrapper", relationshipId: "REL" });
  const signed = signedTwice(crypto, { wrapper, device: organisation.device, relationship: signature });
  const cph = base64(crypto.cipher.encrypt(Buffer.from(signed), nonce, key));
  const state = { exc: base64(exchange.publicKey), sig: base64(signature.publicKey), nnc: base64(nonce) };
  return base64(Buffer.from(JSON.stringify({ cipher: { cph, cnt: 0 }, state })));
}

/** The person learns of the acceptance and has the final keys. */
export function openAcceptance(
  crypto: CryptoPort,
  text: string,
  { creation, person }: { creation: Creation; person: Side },
): void {
  const sealed = JSON.parse(bytes(text).toString());
  reveal(crypto, person.storeKey, creation.secrets);
  const shared = crypto.exchange.asServer(creation.exchange, bytes(sealed.state.exc));
  const sendKey = crypto.hashing.derive(shared.tx, 1, "RELREQ01");
  const key = crypto.hashing.derive(shared.rx, 1, "RELTEM01");
  keep(crypto, person.storeKey, relationshipSecrets(sendKey, key, creation.exchange));
  verifySigned(crypto, open(crypto, { cph: sealed.cipher.cph, nnc: sealed.state.nnc }, key), bytes(sealed.state.sig));
}

/** The recorded commits of one step, all in flight together. Versions were another store's, so only absence is expected. */
export async function replay(
  step: Recording["steps"][number],
  stores: { engine: StorePort; relay: StorePort },
): Promise<void> {
  await Promise.all(
    step.map(({ store, batch }) => {
      const puts = (batch.puts ?? []).map(({ key, document }) => ({ key, document }));
      const deletes = (batch.deletes ?? []).map(({ key }) => ({ key }));
      return stores[store].commit({ puts, deletes, appends: batch.appends ?? [], adds: batch.adds ?? [] });
    }),
  );
}

const response = {
  "@type": "RelationshipCreationContent",
  response: {
    "@type": "Response",
    result: "Accepted",
    requestId: "REQxxxxxxxxxxxxxxxxx",
    items: [
      { "@type": "AcceptResponseItem", result: "Accepted" },
      { "@type": "AcceptResponseItem", result: "Accepted" },
    ],
  },
};

const documentId = Buffer.from("ACCxxxxxxxxxxxxxxxxx/secrets/relationship-RELxxxxxxxxxxxxxxxxx");

function keep(crypto: CryptoPort, storeKey: Uint8Array, secrets: { readonly [name: string]: Uint8Array }): Kept {
  const text = JSON.stringify(
    Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name, base64(value)])),
  );
  const nonce = randomBytes(24);
  return { nnc: base64(nonce), cph: base64(crypto.cipher.encrypt(Buffer.from(text), nonce, storeKey, documentId)) };
}

function reveal(crypto: CryptoPort, storeKey: Uint8Array, { nnc, cph }: Kept): void {
  const plain = crypto.cipher.decrypt(bytes(cph), bytes(nnc), storeKey, documentId);
  check(plain !== undefined);
  JSON.parse(Buffer.from(plain ?? []).toString());
}

function relationshipSecrets(sendKey: Uint8Array, receiveKey: Uint8Array, { publicKey, privateKey }: KeyPair) {
  return { sendKey, receiveKey, sendNonce: documentId.subarray(0, 24), privateKey, publicKey, peerKey: publicKey };
}

function signedTwice(crypto: CryptoPort, by: { wrapper: string; device: KeyPair; relationship: KeyPair }): string {
  const message = Buffer.from(by.wrapper);
  const device = base64(crypto.signing.sign(message, by.device.privateKey));
  const relationship = base64(crypto.signing.sign(message, by.relationship.privateKey));
  return JSON.stringify({ deviceSignature: device, relationshipSignature: relationship, serialized: by.wrapper });
}

function verifySigned(crypto: CryptoPort, text: string, key: Uint8Array): void {
  const { relationshipSignature, serialized } = JSON.parse(text);
  check(crypto.signing.verify(Buffer.from(serialized), bytes(relationshipSignature), key));
  JSON.parse(serialized);
}

function open(crypto: CryptoPort, cipher: { cph: string; nnc: string }, key: Uint8Array): string {
  const plain = crypto.cipher.decrypt(bytes(cipher.cph), bytes(cipher.nnc), key);
  check(plain !== undefined);
  return Buffer.from(plain ?? []).toString();
}

function check(truth: boolean): void {
  if (!truth) throw new Error("The floor's own cryptography does not fit.");
}
