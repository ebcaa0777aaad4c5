// Entropy and Clock that give a relay the values of a capture.
import type { ClockPort, EntropyPort } from "rapport/core";
import { createSeededEntropy } from "rapport/testkit";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const prefixLength = 3;
const idLength = 20;

/** Gives the random part of the ids it was told, in that order; everything else comes from a seed. */
export interface ToldEntropy extends EntropyPort {
  /** From now on the next ids are these. Those that were not drawn are forgotten. */
  tell(ids: readonly string[]): void;
  /** How many of the told ids were not drawn. */
  left(): number;
}

/** Nothing told yet. */
export function createToldEntropy(): ToldEntropy {
  const rest = createSeededEntropy(42);
  let told: string[] = [];
  return {
    bytes: (count) => {
      if (count !== idLength - prefixLength) return rest.bytes(count);
      const id = told.shift();
      if (id === undefined) return rest.bytes(count);
      return Uint8Array.from(id.slice(prefixLength), (letter) => alphabet.indexOf(letter));
    },
    tell: (ids) => {
      told = [...ids];
    },
    left: () => told.length,
  };
}

/** A clock that stands where it was put; nobody here may wait. */
export interface PutClock extends ClockPort {
  put(ms: number): void;
}

/** Stands at the given time. */
export function createPutClock(startMs: number): PutClock {
  let now = startMs;
  return {
    now: () => now,
    sleep: async () => undefined,
    put: (ms) => {
      now = ms;
    },
  };
}
