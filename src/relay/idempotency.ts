/**
 * Idempotency keys: the first answer under a key is stored in the commit of its effect and answered to every repetition.
 *
 * I1. Key and effect are one commit, so an effect without its key, or a key without its effect, does not exist.
 * I2. A stored answer wins over anything that repeating would find now. For operations on Relationships and Messages a refusal
 *     is stored, too: the device was told that nothing happened, and a copy of its call that comes late must not make something
 *     happen after all. No answer is left by a malformed call, a login that does not hold, and a counter that is at its limit.
 * I3. Keys belong to the device; those of a new identity to its public key, so nobody can ask for somebody else's answer.
 *     Who has neither cannot be told from others, so the key of such a call is ignored.
 */
import { type Outcome, type Refusal, refuse } from "../errors/refusal.ts";
import { idempotencyKeepMs, idempotencyKeyCharsMax } from "../limits.ts";
import { toBase64Url, utf8 } from "../model/bytes.ts";
import type { Json } from "../model/json.ts";
import type { Stored } from "../ports/store.ts";
import { readPublicKey } from "../sealed/keys.ts";
import type { Plan } from "../turn/turn.ts";
import { type OperationName, operations } from "../wire/operations.ts";
import type { Asked } from "./asked.ts";
import type { Caller } from "./caller.ts";
import type { Desk } from "./desk.ts";
import { type IdempotencyDocument, idempotencyKey, idempotencyPath } from "./documents.ts";
import { takeAgain, type Work } from "./draft.ts";
import { invalid, normalBase64 } from "./fields.ts";
import type { Reply } from "./reply.ts";

/** The same work, done once per key. `swept` is the collection where its keys gather. */
export interface Remembered {
  readonly work: Work;
  readonly swept: string | undefined;
}

/** An encoded public key is some 130 characters; a longer text is none, and its call fails. */
const publicKeyCharsMax = 2_000;

const shape = new RegExp(`^[\\w.:-]{1,${idempotencyKeyCharsMax}}$`);

/** Puts the key of the call, if it has one, around the work. Reads and access tokens are never stored. */
export function remembering(
  asked: Asked,
  desk: Desk,
  { caller, work, isSound }: { readonly caller: Caller | undefined; readonly work: Work; readonly isSound: boolean },
): Outcome<Remembered> {
  const { operation, idempotencyKey: given } = asked.call;
  if (given === undefined || operation === "connectToken" || operations[operation].method === "GET") {
    return { ok: true, value: { work, swept: undefined } };
  }
  if (!shape.test(given)) {
    return invalid(`An idempotency key has 1 to ${idempotencyKeyCharsMax} letters, digits or any of "_ . : -".`);
  }
  const owner = ownerOf(asked, desk, caller);
  if (owner === undefined) return { ok: true, value: { work, swept: undefined } };
  const key = idempotencyKey(owner, given);
  const hash = hashOf(asked, desk);
  const kept = { key, owner, hash, keepsRefusals: caller !== undefined && isSound && lateCopiesHarm.has(operation) };
  return { ok: true, value: { work: onceUnder(kept, asked, work), swept: idempotencyPath } };
}

/** What changes a Relationship or reaches a peer. Anything else that was refused may just as well succeed later. */
const lateCopiesHarm: ReadonlySet<OperationName> = new Set<OperationName>([
  "createRelationship",
  "acceptRelationship",
  "rejectRelationship",
  "revokeRelationship",
  "terminateRelationship",
  "requestReactivation",
  "acceptReactivation",
  "rejectReactivation",
  "revokeReactivation",
  "decomposeRelationship",
  "createMessage",
]);

interface Keeping {
  readonly key: string;
  readonly owner: string;
  readonly hash: string;
  readonly keepsRefusals: boolean;
}

function onceUnder({ key, owner, hash, keepsRefusals }: Keeping, { call, nowMs }: Asked, work: Work): Work {
  return {
    gather: async (reads) => {
      const kept = keptAt(nowMs, await reads.get<IdempotencyDocument>(key));
      if (kept !== undefined) return { kept };
      const planned = work.plan(await work.gather(reads));
      if (planned.ok && hasChanges(planned.value)) return { planned };
      // No commit will check that the key is still free. What this answer rests on may be the effect of the same call, made
      // after the key was read; then the key is there by now.
      const late = keptAt(nowMs, await reads.peek<IdempotencyDocument>(key));
      return late === undefined ? { planned } : { kept: late };
    },
    plan: (gathered) => {
      const found = gathered as Gathered;
      if (found.kept !== undefined) return replay(found.kept, hash);
      const { planned } = found;
      if (!planned.ok && keepsRefusals && planned.refusal !== takeAgain) {
        const { refusal } = planned;
        const document: IdempotencyDocument = {
          owner,
          hash,
          status: 0,
          result: "",
          refusal: { ...refusal },
          forgetAtMs: nowMs + idempotencyKeepMs,
        };
        return { ok: true, value: { value: { refusal, news: [] }, puts: [{ key, document }] } };
      }
      if (!planned.ok || !("result" in planned.value.value) || !hasChanges(planned.value)) return planned;
      const plan = planned.value;
      const { result, status } = planned.value.value;
      const document: IdempotencyDocument = {
        owner,
        hash,
        status: status ?? operations[call.operation].success,
        result: JSON.stringify(result),
        forgetAtMs: nowMs + idempotencyKeepMs,
      };
      return { ok: true, value: { ...plan, puts: [...(plan.puts ?? []), { key, document }] } };
    },
  };
}

type Gathered =
  | { readonly kept: IdempotencyDocument; readonly planned?: undefined }
  | { readonly kept?: undefined; readonly planned: ReturnType<Work["plan"]> };

function keptAt(nowMs: number, stored: Stored<IdempotencyDocument> | undefined): IdempotencyDocument | undefined {
  return stored !== undefined && stored.document.forgetAtMs > nowMs ? stored.document : undefined;
}

function hasChanges({ puts, deletes, appends, adds }: Plan<Reply>): boolean {
  return [puts, deletes, appends, adds].some((list) => (list?.length ?? 0) > 0);
}

function replay(kept: IdempotencyDocument, hash: string): ReturnType<Work["plan"]> {
  if (kept.hash !== hash) {
    return refuse("error.platform.validation.idempotencyKeyReused", "This key was used for another request.");
  }
  if (kept.refusal !== undefined) return { ok: false, refusal: kept.refusal as unknown as Refusal };
  const result: Json = JSON.parse(kept.result);
  return { ok: true, value: { value: { result, status: kept.status, replayed: true, news: [] } } };
}

function ownerOf({ call, body }: Asked, desk: Desk, caller: Caller | undefined): string | undefined {
  if (caller !== undefined) return caller.deviceId;
  const text = normalBase64(body["identityPublicKey"]);
  if (call.operation !== "createIdentity" || text === undefined || text.length > publicKeyCharsMax) return undefined;
  const publicKey = readPublicKey(text);
  return publicKey.ok ? ownerOfNew(desk, publicKey.value) : undefined;
}

/** Who owns the idempotency keys of the creation of the identity with this public key (base64url). */
export function ownerOfNew({ crypto }: Desk, publicKey: string): string {
  return toBase64Url(crypto.hashing.sha256(utf8(publicKey)));
}

function hashOf({ call }: Asked, desk: Desk): string {
  const bytes = call.bytes === undefined ? "" : toBase64Url(desk.crypto.hashing.sha256(call.bytes));
  const head = JSON.stringify([call.operation, call.params ?? {}, call.query ?? {}, bytes]);
  return toBase64Url(desk.crypto.hashing.sha256(utf8(`${head}\n${call.body ?? ""}`)));
}
