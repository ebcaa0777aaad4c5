import { finishErasures } from "../engine/account-erasure.ts";
import { claimIntentKind } from "../engine/claiming.ts";
import type { Account, Engine } from "../engine/context.ts";
import { createRelationshipIntent } from "../engine/creation.ts";
import { afterEarlier } from "../engine/earlier-relationship.ts";
import { decomposeIntent } from "../engine/erase.ts";
import { regenerateTokenIntent } from "../engine/file-ownership.ts";
import type { RelayClient } from "../engine/identity.ts";
import { cancelDeletionIntent, startDeletionIntent } from "../engine/identity-deletion.ts";
import { closingWaitMs, presenceRenewMs, sharedLookMs } from "../engine/limits.ts";
import { drainOutbox } from "../engine/outbox.ts";
import { sendMessageIntent } from "../engine/outgoing-message.ts";
import { createPresence } from "../engine/presence.ts";
import { changeStatusIntent } from "../engine/relationship-commands.ts";
import { engineSchemas } from "../engine/schemas.ts";
import { openStoreKey } from "../engine/store-key.ts";
import { uploadFileIntent } from "../engine/uploading.ts";
import { fault } from "../errors/rapport-error.ts";
import { createItemKinds } from "../items/item-kinds.ts";
import { createTransferFileOwnershipItem } from "../items/transfer-file-ownership.ts";
import { backgroundWaitMs } from "../limits.ts";
import { collections } from "../model/keys.ts";
import type { ItemKind } from "../ports/item-kind.ts";
import { upgradeCollections } from "../turn/schema.ts";
import { recover } from "./account.ts";
import { type Accounts, createAccounts, type HostedAccounts } from "./accounts.ts";
import { listen } from "./listening.ts";
import { createTemplateIntent } from "./template-creation.ts";
import { createTokenIntent } from "./token-creation.ts";

export type { RelayClient };

/** The parts, as the composition root resolved them. The crypto is open, the store is not. */
export interface EngineParts extends Omit<Engine, "kinds" | "intentKinds" | "storeKey" | "stopped" | "presence"> {
  readonly itemKinds: readonly ItemKind[];
  readonly client?: RelayClient | undefined;
  readonly background?: boolean | undefined;
  readonly listening?: boolean | undefined;
}

const anyClient: RelayClient = { id: "rapport", secret: "rapport" };

/** How every kind of intent ends, by its name. */
export const intentKinds = Object.freeze({
  createTemplate: createTemplateIntent,
  createToken: createTokenIntent,
  createRelationship: afterEarlier(createRelationshipIntent),
  changeStatus: changeStatusIntent,
  decompose: decomposeIntent,
  sendMessage: sendMessageIntent,
  startDeletion: startDeletionIntent,
  cancelDeletion: cancelDeletionIntent,
  claim: claimIntentKind,
  uploadFile: uploadFileIntent,
  regenerateOwnershipToken: regenerateTokenIntent,
});

/** Opens the store and puts the accounts to work. */
export async function createEngine(parts: EngineParts): Promise<{ accounts: Accounts; close(): Promise<void> }> {
  const { itemKinds, client, background, listening, ...ports } = parts;
  refuseNamesakes(ports.rules);
  await ports.store.open(collections);
  await upgradeCollections(ports.store, engineSchemas(ports.store));
  const storeKey = await openStoreKey(ports);
  const stop = new AbortController();
  const kinds = createItemKinds([createTransferFileOwnershipItem(ports.crypto), ...itemKinds]);
  const presence = ports.store.isShared === true ? createPresence(ports) : undefined;
  const engine: Engine = { ...ports, kinds, intentKinds, storeKey, stopped: stop.signal, presence };
  await finishErasures(engine);
  const isListening = () => background !== false && listening !== false && !stop.signal.aborted;
  const hosted = createAccounts(engine, client ?? anyClient, ({ context }) =>
    isListening() ? listen(context) : undefined,
  );
  const running = background === false ? [] : [runInBackground(engine, hosted), shareInBackground(engine, hosted)];
  return {
    accounts: guarded(hosted.accounts, stop.signal),
    async close() {
      stop.abort();
      const listeners = hosted.opened().flatMap(({ listener }) => listener ?? []);
      for (const listener of listeners) listener.stop();
      await Promise.all(running);
      for (const listener of listeners) await listener.done();
      const contexts = hosted.opened().map(({ context }) => context);
      for (const { memory } of contexts) await memory.syncing?.catch(() => undefined);
      await finishDeliveries(engine, contexts);
      await presence?.leave().catch((problem) => engine.log.write("warn", leftUnsaid, { problem: String(problem) }));
    },
  };
}

const leftUnsaid = "The store could not be told that this process ends; others take over once its presence runs out.";

// One that hangs is not waited for: what nobody took is published again.
async function finishDeliveries({ clock }: Engine, contexts: readonly Account[]): Promise<void> {
  const running = contexts.flatMap(({ memory }) => [...memory.deliveries.running]);
  if (running.length === 0) return;
  const finished = new AbortController();
  const all = Promise.allSettled(running).then(() => finished.abort());
  await Promise.race([all, clock.sleep(closingWaitMs, finished.signal)]);
}

// Deadlines and unfinished calls of the accounts that are open, without anybody asking.
async function runInBackground(engine: Engine, hosted: HostedAccounts): Promise<void> {
  const { clock, stopped } = engine;
  while (!stopped.aborted) {
    await clock.sleep(backgroundWaitMs, stopped);
    if (!stopped.aborted) await recoverAll(engine, hosted);
  }
}

async function recoverAll({ log }: Engine, hosted: HostedAccounts): Promise<void> {
  for (const { context } of hosted.opened()) {
    await recover(context).catch((problem) =>
      log.write("error", "Work in the background failed.", { problem: String(problem) }),
    );
  }
}

// On a shared store: gives word that this process lives, and looks for what others committed or left when they ended.
async function shareInBackground(engine: Engine, hosted: HostedAccounts): Promise<void> {
  const { presence, clock, stopped, log } = engine;
  if (presence === undefined) return;
  let recovering = Promise.resolve();
  let lookedAt = clock.now();
  const look = async () => {
    await presence.assure();
    if (clock.now() - lookedAt < presenceRenewMs) return;
    lookedAt = clock.now();
    // Not waited for: word must be given in time.
    if (await presence.someEnded()) recovering = recovering.then(() => recoverAll(engine, hosted));
  };
  while (!stopped.aborted) {
    await clock.sleep(sharedLookMs, stopped);
    if (stopped.aborted) break;
    await look().catch((problem) => log.write("warn", wordNotGiven, { problem: String(problem) }));
    for (const { context } of hosted.opened()) drainOutbox(context);
  }
  await recovering;
}

const wordNotGiven = "The store could not be told that this process lives; others may take over what it does.";

function guarded(accounts: Accounts, stopped: AbortSignal): Accounts {
  const open = () => {
    if (stopped.aborted) throw fault("engine.closed", "The engine was closed. Create a new one.");
  };
  return Object.freeze<Accounts>({
    create: async (input, given) => {
      open();
      return accounts.create(input, given);
    },
    get: async (name) => {
      open();
      return accounts.get(name);
    },
    list: async () => {
      open();
      return accounts.list();
    },
    erase: async (name, given) => {
      open();
      return accounts.erase(name, given);
    },
  });
}

// Records know rules by their names: of two of the same name nobody could say which one decided.
function refuseNamesakes(rules: EngineParts["rules"]): void {
  const names = new Set<string>();
  for (const { name } of rules) {
    if (typeof name !== "string" || name === "") throw fault("rules.invalid", "A rule has no name; give it one.");
    if (names.has(name)) throw fault("rules.invalid", `Two rules are named "${name}"; give one of them another name.`);
    names.add(name);
  }
}
