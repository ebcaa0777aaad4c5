// What everybody in a simulation stands on: one clock, one source of chance, one suite, and one list of what went wrong.
import type { ClockPort, CryptoPort, EntropyPort, LogPort } from "rapport/core";
import { createSodium } from "rapport/plugins/crypto-sodium";
import { createSodiumNative, isSodiumNativeInstalled } from "rapport/plugins/crypto-sodium-native";
import { createHandClock } from "../hand-clock.ts";
import { type NonceWatch, watchNonces } from "../nonce-watch.ts";
import { createSeededEntropy } from "../seeded-entropy.ts";
import { seedOf } from "./draws.ts";
import { createPlaintextWatch, type PlaintextWatch } from "./plaintext-watch.ts";

/** The ground of one simulation. */
export interface Ground {
  readonly seed: number;
  readonly clock: ClockPort & { advance(ms: number): void };
  readonly entropy: EntropyPort;
  /** The suite of engines, watched. */
  readonly crypto: CryptoPort;
  /** The suite of the relay, whose keys are its own. */
  readonly relayCrypto: CryptoPort;
  readonly nonces: NonceWatch;
  readonly plaintext: PlaintextWatch;
  readonly log: LogPort;
  /** How often each kind of fault happened. */
  readonly faults: Map<string, number>;
  /** What should never have been seen, one sentence each. */
  readonly findings: string[];
  step: number;
  /** From here on, chance is that of this step. */
  begin(step: number): void;
  strike(kind: string): void;
  /** Somebody called a port. */
  stir(): void;
  /** Waits until nobody does anything any more. */
  settle(): Promise<void>;
}

/** Makes it. The clock starts at the same instant in every simulation. */
export async function createGround(seed: number): Promise<Ground> {
  const suite = isSodiumNativeInstalled() ? createSodiumNative() : createSodium();
  await suite.open();
  const nonces = watchNonces();
  const findings: string[] = [];
  const plaintext = createPlaintextWatch((what) => findings.push(what));
  const hand = createHandClock();
  const faults = new Map<string, number>();
  let entropy = createSeededEntropy(seedOf(seed, 0, "entropy"));
  let sleepers = 0;
  let stirred = 0;
  const ground: Ground = {
    seed,
    clock: {
      now: hand.now,
      advance: hand.advance,
      sleep: async (ms, stop) => {
        sleepers += 1;
        try {
          await hand.sleep(ms, stop);
        } finally {
          sleepers -= 1;
        }
      },
    },
    entropy: { bytes: (count) => entropy.bytes(count) },
    crypto: plaintext.wrap(nonces.wrap(suite)),
    relayCrypto: suite,
    nonces,
    plaintext,
    log: { write: () => undefined },
    faults,
    findings,
    step: 0,
    begin: (step) => {
      ground.step = step;
      entropy = createSeededEntropy(seedOf(seed, step, "entropy"));
    },
    strike: (kind) => faults.set(kind, (faults.get(kind) ?? 0) + 1),
    stir: () => {
      stirred += 1;
    },
    settle: async () => {
      for (let quiet = 0, round = 0; quiet < quietRounds && round < settleRoundsMax; round += 1) {
        const before = stirred;
        await new Promise((resolve) => setImmediate(resolve));
        quiet = sleepers === 0 && stirred === before ? quiet + 1 : 0;
      }
    },
  };
  return ground;
}

const quietRounds = 2;
const settleRoundsMax = 20_000;
