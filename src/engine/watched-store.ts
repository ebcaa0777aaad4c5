/**
 * The store as one account writes to it, where other processes may be at work on it.
 *
 * E3. Every commit expects the account to be there, so nothing of one that another process erased is written again.
 * L4. No commit before this process has given word that it lives: what it opens nobody takes over.
 */
import { fault, type RapportError } from "../errors/rapport-error.ts";
import { accountKey } from "../model/keys.ts";
import type { Batch, CommitResult, Store, Version } from "../ports/store.ts";
import type { Account } from "./context.ts";

/** The store itself where there can be no other process. */
export function watchedStore(store: Store, accountOf: () => Account): Store {
  if (store.isShared !== true) return store;
  let known: Version | undefined;

  const commit = async (batch: Batch): Promise<CommitResult> => {
    const account = accountOf();
    const key = accountKey(account.id);
    for (;;) {
      await account.presence?.assure();
      known ??= (await store.get(key))?.version;
      if (known === undefined) throw noteErased(account);
      const expected = [...(batch.checks ?? []), { key, expect: known }];
      const result = await store.commit({ ...batch, checks: expected });
      if (result.ok || !("conflict" in result)) return result;
      known = undefined;
      await assertStored(account);
      if (result.conflict !== key) return result;
    }
  };

  return { ...store, commit };
}

/** Throws `account.notFound` for an account that another process has erased, and ends the work on it here. */
export async function assertStored(account: Account): Promise<void> {
  const { store, presence, id } = account;
  if (presence !== undefined && (await store.get(accountKey(id))) === undefined) throw noteErased(account);
}

function noteErased({ memory, record }: Account): RapportError {
  memory.isErased = true;
  return fault("account.notFound", `The account "${record.name}" was erased by another process.`);
}
