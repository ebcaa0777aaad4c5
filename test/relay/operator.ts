// What the operator's own clockwork does: the relay's timers and the erasing of an identity, over the store of a test.
import type { StorePort } from "rapport/core";
import { runDueTimers } from "../../src/relay/due.ts";
import { eraseIdentity } from "../../src/relay/identity-erasure.ts";
import { defaultSettings } from "../../src/relay/settings.ts";
import type { HandClock } from "../kit/hand-clock.ts";
import { createSeededEntropy } from "../kit/seeded-entropy.ts";
import { crypto } from "./parties.ts";

/** Somebody who looks after the store of a relay, from a process of its own. */
export function operatorOf(store: StorePort, clock: HandClock, seed = 1_000) {
  const desk = {
    store,
    clock,
    entropy: createSeededEntropy(seed),
    crypto,
    log: undefined,
    blobs: undefined,
    settings: defaultSettings,
    hostName: "localhost",
    clients: undefined,
    news: { tell: () => undefined },
  };
  return {
    runDueTimers: () => runDueTimers(desk),
    erase: (address: string) => eraseIdentity(desk, address),
  };
}

/** A run that found nothing to do. */
export const nothingDue = {
  templatesErased: 0,
  tokensErased: 0,
  filesErased: 0,
  relationshipsErased: 0,
  identitiesErased: 0,
};
