import { accountTurn } from "../engine/change.ts";
import { type CommandOptions, type CommandTag, once, recordResult } from "../engine/commands.ts";
import type { Account } from "../engine/context.ts";
import { relationshipWith } from "../engine/deciding-facts.ts";
import { type RelationshipView, relationshipView } from "../engine/present.ts";
import { isRelationship } from "../engine/relationship-state.ts";
import { isPassing, refusalOf } from "../engine/relay-refusals.ts";
import { readSecret } from "../engine/vault.ts";
import { fault } from "../errors/rapport-error.ts";
import { allow, type Outcome, refuse } from "../errors/refusal.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf } from "../model/keys.ts";
import type { RelationshipRecord } from "../model/records.ts";
import {
  type Challenge,
  type ChallengeType,
  challengeTypes,
  readChallenge,
  signChallenge,
  verifyChallenge,
} from "../sealed/challenge.ts";
import type { RelationshipSecrets } from "../sealed/channels.ts";
import type { WireChallenge } from "../wire/shapes.ts";
import { atTheDoor, object, oneOf, optional, options, text } from "./door.ts";
import { looking } from "./looking.ts";

/** Input of `challenges.create`. */
export interface NewChallenge {
  readonly challengeType: ChallengeType;
  /** Its id; only for the type Relationship, which needs it. */
  readonly relationship?: string;
}

/** A challenge of the relay, and the signature that shows who answers it. */
export interface ChallengeView {
  readonly id: string;
  readonly expiresAt: string;
  readonly createdBy?: string;
  readonly createdByDevice?: string;
  readonly type: ChallengeType;
  readonly signature: string;
  /** The exact text that was signed. */
  readonly challengeString: string;
}

/** Somebody's challenge, as it was handed over. */
export interface GivenChallenge {
  readonly challengeString: string;
  readonly signature: string;
}

/** What a challenge showed. */
export interface ChallengeValidation {
  readonly isValid: boolean;
  /** The Relationship with whoever signed, when it is a peer. */
  readonly correspondingRelationship?: RelationshipView;
}

/**
 * Proofs of who one is, from person to person (spec/backbone-protocol.md 4.1). The identity's key, the device's or that of
 * a Relationship signs; the relay only lends the challenge, and says later that it was its own and is not over.
 */
export interface Challenges {
  /** Throws `error.transport.challenges.challengeTypeRequiresActiveRelationship`. */
  create(input: NewChallenge, options?: CommandOptions): Promise<ChallengeView>;
  /**
   * Valid is what oneself or a peer signed with the key of the given type, for a challenge that the relay made for the
   * signer and that is not over. Nobody knows the keys of a peer's devices: `error.runtime.notSupported`.
   */
  validate(input: GivenChallenge): Promise<ChallengeValidation>;
}

/** The service of one account. */
export function createChallenges(account: Account): Challenges {
  const service: Challenges = {
    create: (input, given) =>
      once<ChallengeView>(
        account,
        { name: "challenges.create", input, options: given },
        {
          run: (tag) => create(account, input, tag),
          replay: async (result) => result as unknown as ChallengeView,
        },
      ),
    validate: (input) => validate(account, input),
  };
  const type = oneOf("challengeType", challengeTypes);
  return atTheDoor<Challenges>(service, {
    create: [object("input", { challengeType: type, relationship: optional(text("relationship")) }), options],
    validate: [object("input", { challengeString: text("challengeString"), signature: text("signature") })],
  });
}

async function create(
  account: Account,
  { challengeType: type, relationship }: NewChallenge,
  tag: CommandTag,
): Promise<Outcome<ChallengeView>> {
  const key = await keyFor(account, type, relationship);
  if (!key.ok) return key;
  const answer = await account.transport.call({ operation: "createChallenge", body: "{}" }, account.session);
  if (!answer.ok) {
    if (isPassing(answer)) throw fault("relay.unreachable", `The relay could not answer: ${answer.error.message}`);
    return { ok: false, refusal: refusalOf(answer, "createChallenge") };
  }
  const { id, expiresAt, createdBy, createdByDevice } = answer.result as WireChallenge;
  const signed = signChallenge(
    account.crypto,
    { id, expiresAt, createdBy, createdByDevice },
    { type, privateKey: key.value },
  );
  const view: ChallengeView = {
    id,
    expiresAt,
    ...(createdBy === null ? {} : { createdBy }),
    ...(createdByDevice === null ? {} : { createdByDevice }),
    type,
    signature: signed.signature,
    challengeString: signed.challenge,
  };
  return accountTurn(account, {
    gather: async () => undefined,
    plan(_facts, change) {
      recordResult(account, change, { tag, result: view as unknown as JsonObject });
      return allow(view);
    },
  });
}

async function keyFor(account: Account, type: ChallengeType, id: string | undefined): Promise<Outcome<string>> {
  if (type === "Identity") return allow(account.keys.identity);
  if (type === "Device") return allow(account.keys.device);
  if (id === undefined)
    return refuse("error.runtime.validation.invalidPayload", "A challenge for a Relationship needs its id.");
  const record = (await account.store.get<RelationshipRecord>(keyOf(account.id, "relationships", id)))?.document;
  if (record === undefined) return refuse("error.runtime.recordNotFound", `There is no Relationship ${id}.`);
  const secrets = isRelationship(record, "messages") ? await secretsOf(account, record) : undefined;
  if (secrets !== undefined) return allow(secrets.signature.privateKey);
  const message = `The Relationship ${id} is ${record.status}. Only for an Active one a challenge can be signed.`;
  return refuse("error.transport.challenges.challengeTypeRequiresActiveRelationship", message);
}

async function validate(
  account: Account,
  { challengeString, signature }: GivenChallenge,
): Promise<ChallengeValidation> {
  const signed = { challenge: challengeString, signature };
  const said = readChallenge(signed);
  if (said === undefined) {
    const message = "This is not a signed challenge. Hand over both texts as challenges.create gave them.";
    throw fault("error.runtime.validation.invalidPropertyValue", message);
  }
  const { type, createdBy } = said;
  if (type === "Device") throw fault("error.runtime.notSupported", "Nobody knows the keys of other people's devices.");
  if (createdBy === undefined || createdBy === null) return { isValid: false };
  const relationship =
    createdBy === account.self ? undefined : await relationshipWith(account, looking(account), createdBy);
  const key = await keyOfSigner(account, { type, createdBy, relationship });
  if (key === undefined || !verifyChallenge(account.crypto, signed, key).ok) return { isValid: false };
  if (!(await isLent(account, said))) return { isValid: false };
  return relationship === undefined
    ? { isValid: true }
    : { isValid: true, correspondingRelationship: relationshipView(relationship) };
}

async function keyOfSigner(
  account: Account,
  by: { type: ChallengeType; createdBy: string; relationship: RelationshipRecord | undefined },
): Promise<string | undefined> {
  const { type, createdBy, relationship } = by;
  if (type === "Identity")
    return createdBy === account.self ? account.record.publicKey : relationship?.peerIdentity.publicKey;
  return relationship === undefined ? undefined : (await secretsOf(account, relationship))?.peerSignatureKey;
}

// The relay lends a challenge to whoever asks; what was signed has to be what it lent to the signer, and not over.
async function isLent(account: Account, said: Challenge): Promise<boolean> {
  const answer = await account.transport.call({ operation: "getChallenge", params: { id: said.id } }, account.session);
  if (!answer.ok) {
    if (isPassing(answer)) throw fault("relay.unreachable", `The relay could not answer: ${answer.error.message}`);
    return false;
  }
  const { expiresAt, createdBy, createdByDevice } = answer.result as WireChallenge;
  const isSame = createdBy === said.createdBy && createdByDevice === (said.createdByDevice ?? null);
  return isSame && expiresAt === said.expiresAt && Date.parse(expiresAt) > account.clock.now();
}

// Before the acceptance there is only the initiator's half.
async function secretsOf(account: Account, { id }: RelationshipRecord): Promise<RelationshipSecrets | undefined> {
  const secrets = await readSecret<RelationshipSecrets & JsonObject>(account, account.store.get, `relationship-${id}`);
  return secrets?.peerSignatureKey === undefined ? undefined : secrets;
}
