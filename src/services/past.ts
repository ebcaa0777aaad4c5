/**
 * What was decided in a store, without an engine: no keys, no relay, and nothing that could write. Of the store only the
 * reading half goes on from here.
 */
import { type ReadingView, type TriedDecision, tryRules } from "../engine/dry-run.ts";
import { type Explanation, explainRelationship, explainRequest } from "../engine/explain.ts";
import { engineSchemas } from "../engine/schemas.ts";
import { fault } from "../errors/rapport-error.ts";
import { accountsPath, collections, keyOf } from "../model/keys.ts";
import type { AccountRecord } from "../model/records.ts";
import type { Clock } from "../ports/clock.ts";
import type { ItemKind } from "../ports/item-kind.ts";
import type { Rule } from "../ports/rule.ts";
import type { Store } from "../ports/store.ts";
import { assertReadable } from "../turn/schema.ts";

/** An account that the store holds. */
export type PastAccount = Pick<AccountRecord, "id" | "name" | "address">;

/** Rules to be tried, and what they may need. */
export interface Trial {
  readonly rules: readonly Rule[];
  /** Only decisions from this instant on, in UTC with milliseconds. */
  readonly since?: string;
  /** Contributed kinds of items, beside the built-in ones. */
  readonly itemKinds?: readonly ItemKind[];
  /** Without it, rules that take their time are waited for. */
  readonly clock?: Clock;
}

/** The past of the accounts in a store. */
export interface Past extends AsyncDisposable {
  accounts(): Promise<PastAccount[]>;
  /**
   * Explains a LocalRequest of a peer, or a Relationship; `tracers` are rules of the plugins that the account used. Fault:
   * `error.runtime.recordNotFound`.
   */
  explain(account: string, id: string, tracers?: readonly Rule[]): Promise<Explanation>;
  /** Judges every recorded decision of the account again with these rules; nothing is written. */
  tryRules(account: string, trial: Trial): AsyncGenerator<TriedDecision>;
}

/** Opens the store for reading. Faults: `store.*`. */
export async function openPast(store: Store): Promise<Past> {
  await store.open(collections);
  try {
    await assertReadable(store, engineSchemas(store));
  } catch (problem) {
    await store[Symbol.asyncDispose]();
    throw problem;
  }
  const view: ReadingView = Object.freeze({ get: store.get, find: store.find });
  return Object.freeze<Past>({
    accounts: () => accountsIn(view),
    explain: async (account, id, tracers = []) => {
      const explaining = { account, id, tracers };
      if ((await view.get(keyOf(account, "requests", id))) !== undefined) return explainRequest(view, explaining);
      if ((await view.get(keyOf(account, "relationships", id))) !== undefined)
        return explainRelationship(view, explaining);
      throw fault("error.runtime.recordNotFound", `There is no LocalRequest and no Relationship ${id}. Check the id.`);
    },
    tryRules: (account, trial) => tryRules(view, { account, ...trial }),
    [Symbol.asyncDispose]: async () => store[Symbol.asyncDispose](),
  });
}

async function accountsIn(view: ReadingView): Promise<PastAccount[]> {
  const accounts: PastAccount[] = [];
  for await (const { document } of view.find<AccountRecord>({ under: accountsPath })) {
    const { id, name, address } = document;
    accounts.push({ id, name, address });
  }
  return accounts;
}
