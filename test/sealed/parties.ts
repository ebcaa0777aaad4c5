import { type Outcome, unwrap } from "../../src/errors/refusal.ts";
import { openAcceptance, sealAcceptance } from "../../src/sealed/acceptance.ts";
import { addressOf } from "../../src/sealed/address.ts";
import { openCreation, sealCreation } from "../../src/sealed/creation.ts";
import { newExchangeKeyPair, newSigningKeyPair } from "../../src/sealed/keys.ts";
import { sealTemplate } from "../../src/sealed/template.ts";
import { suiteOf } from "./suites.ts";

/** A templator and a requestor with keys, a sealed template and the pieces of a whole handshake. */
export function parties(seed: number, contents: { creation?: object; answer?: object } = {}) {
  const suite = suiteOf(seed);
  const { crypto } = suite;
  const person = () => {
    const identity = newSigningKeyPair(suite);
    const address = addressOf(crypto, identity.publicKey, "localhost");
    return { ...identity, address, devicePrivateKey: newSigningKeyPair(suite).privateKey };
  };
  const [templator, requestor] = [person(), person()];
  const templateKey = { id: "TRPRTKaaaaaaaaaaaaaa", ...newExchangeKeyPair(suite) };
  const templateId = "RLTaaaaaaaaaaaaaaaaa";
  const relationshipId = "RELaaaaaaaaaaaaaaaaa";
  const template = sealTemplate(suite, { content: { "@type": "T", a: 1 }, identity: templator, templateKey });
  const sealedCreation = unwrap(
    sealCreation(suite, {
      content: { "@type": "C", ...contents.creation },
      identity: { address: requestor.address, publicKey: requestor.publicKey },
      devicePrivateKey: requestor.devicePrivateKey,
      templateId,
      templateKey: templateKey.publicKey,
    }),
  );
  const openOwn = (creationContent: string) =>
    openCreation(crypto, creationContent, { templateKey, templateId, from: requestor.address });
  const creation = unwrap(openOwn(sealedCreation.creationContent));
  const answer = {
    request: creation.request,
    relationshipId,
    devicePrivateKey: templator.devicePrivateKey,
    ...(contents.answer === undefined ? {} : { content: { "@type": "A", ...contents.answer } }),
  };
  const acceptance = unwrap(sealAcceptance(suite, answer));
  const openOwnAnswer = (text: string) =>
    openAcceptance(crypto, text, { secrets: sealedCreation.secrets, relationshipId });
  const accepted = unwrap(openOwnAnswer(acceptance.creationResponseContent));
  return {
    ...{ suite, crypto, templator, requestor, templateKey, templateId, relationshipId },
    ...{ template, sealedCreation, creation, answer, acceptance, accepted, openOwn, openOwnAnswer },
  };
}

/** The code of a refusal; undefined for a value. */
export const codeOf = (outcome: Outcome<unknown>): string | undefined =>
  outcome.ok ? undefined : outcome.refusal.code;
