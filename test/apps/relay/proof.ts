// What the long proofs share: how long they go on, what their plans are drawn from, and how a failure names its seed.
import { randomInt } from "node:crypto";
import { createSeededEntropy } from "../../kit/seeded-entropy.ts";

/** How many times as long as in an ordinary test run: RAPPORT_PROOF_SCALE, or 1. */
export const proofScale = Number(process.env["RAPPORT_PROOF_SCALE"] ?? 1);

/** Gives a number from 0 to below the argument. */
export type Draw = (below: number) => number;

/** Numbers that are the same for the same seed. */
export function drawsFrom(seed: number): Draw {
  const entropy = createSeededEntropy(seed);
  return (below) => new DataView(entropy.bytes(4).buffer).getUint32(0) % below;
}

/** Runs a proof on a plan from RAPPORT_PROOF_SEED, or a new one. What it throws names the seed. */
export async function onSeededPlan<T>(proof: (seed: number) => Promise<T>): Promise<T> {
  const seed = Number(process.env["RAPPORT_PROOF_SEED"] ?? randomInt(2 ** 31));
  try {
    return await proof(seed);
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`RAPPORT_PROOF_SEED=${seed}: ${what}`, { cause });
  }
}
