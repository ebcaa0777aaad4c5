// What the operator's own clockwork does: the relay's timers and the erasing of an identity, over the store of a test.
import type { StorePort } from "rapport/core";
import { createRelay, type RelayOptions } from "rapport/relay";
import type { HandClock } from "../kit/hand-clock.ts";
import { createSeededEntropy } from "../kit/seeded-entropy.ts";
import { crypto } from "./parties.ts";

/** Somebody who looks after the store of a relay, from a process of its own. */
export function operatorOf(
  store: StorePort,
  clock: HandClock,
  { seed = 1_000, ...more }: Partial<RelayOptions> & { readonly seed?: number } = {},
) {
  const entropy = createSeededEntropy(seed);
  const { admin } = createRelay({ store, clock, entropy, crypto, shared: true, ...more });
  return { runDueTimers: admin.runDueTimers, erase: admin.eraseIdentity };
}

/** A run that found nothing to do. */
export const nothingDue = {
  templatesErased: 0,
  tokensErased: 0,
  filesErased: 0,
  relationshipsErased: 0,
  identitiesErased: 0,
};
