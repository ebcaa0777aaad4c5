// One account on a memory store, without the door before it: the engine's own turns are what is measured.
import type { CryptoPort, LogPort, RulePort, StorePort } from "rapport/core";
import { systemClock, systemEntropy } from "rapport/plugins/platform-node";
import { createMemoryStore } from "rapport/plugins/storage-memory";
import { createLoopbackTransport } from "rapport/plugins/transport-loopback";
import { createRelay } from "rapport/relay";
import type { Account, Engine } from "../../../src/engine/context.ts";
import { createIdentity } from "../../../src/engine/identity.ts";
import { openStoreKey } from "../../../src/engine/store-key.ts";
import { createItemKinds } from "../../../src/items/item-kinds.ts";
import { collections } from "../../../src/model/keys.ts";
import { openAccount } from "../../../src/services/account.ts";

/** An account at work, and its store. */
export interface BareAccount {
  readonly account: Account;
  readonly store: StorePort;
  close(): Promise<void>;
}

const silent: LogPort = { write: () => undefined };

/** Makes the account with these rules. */
export async function openBareAccount(crypto: CryptoPort, rules: readonly RulePort[]): Promise<BareAccount> {
  await crypto.open();
  const [clock, entropy] = [systemClock(), systemEntropy()];
  const relay = createRelay({ store: createMemoryStore(), clock, entropy, crypto });
  await relay.open();
  const store = createMemoryStore();
  await store.open(collections);
  const parts = { store, transport: createLoopbackTransport(relay), crypto, clock, entropy, log: silent };
  const storeKey = await openStoreKey(parts);
  const engine: Engine = {
    ...parts,
    rules,
    publishers: [],
    kinds: createItemKinds(),
    intentKinds: {},
    storeKey,
    stopped: new AbortController().signal,
  };
  const identity = await createIdentity(engine, { name: "office" }, { id: "bench", secret: "bench" });
  const { context } = openAccount(engine, identity);
  const close = async () => {
    await store[Symbol.asyncDispose]();
    await relay[Symbol.asyncDispose]();
  };
  return { account: context, store, close };
}
