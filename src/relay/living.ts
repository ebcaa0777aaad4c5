/**
 * Who may still call (spec/backbone-protocol.md 4.4).
 *
 * L1. Whatever a device commits, the commit checks its identity as it was read, and an identity that has ended commits
 *     nothing. So whatever comes after the end finds all that was written before it.
 */
import { type Refusal, refuse } from "../errors/refusal.ts";
import type { Asked } from "./asked.ts";
import type { Caller } from "./caller.ts";
import { type IdentityDocument, identityKey } from "./documents.ts";
import type { Work } from "./draft.ts";

/** The answer to those who are nobody here, or not any more. */
export const unauthorized: Refusal = refuse("error.platform.unauthorized", "Log in first.").refusal;

/** True while devices of the identity may call: until the grace period of its deletion is over. */
export function isLiving(identity: IdentityDocument | undefined, nowMs: number): boolean {
  if (identity === undefined) return false;
  if (identity.status === "Active") return true;
  return identity.status === "ToBeDeleted" && identity.endsAtMs !== undefined && identity.endsAtMs > nowMs;
}

/** The work, done only for a living identity. */
export function byTheLiving({ nowMs }: Asked, { address }: Caller, work: Work): Work {
  return {
    gather: async (reads) => {
      const [identity, facts] = await Promise.all([
        reads.get<IdentityDocument>(identityKey(address)),
        work.gather(reads),
      ]);
      return { isAlive: isLiving(identity?.document, nowMs), facts };
    },
    plan: (gathered) => {
      const { isAlive, facts } = gathered as { isAlive: boolean; facts: unknown };
      return isAlive ? work.plan(facts) : { ok: false, refusal: unauthorized };
    },
  };
}
