import type { Document, Stored, StorePort } from "rapport/core";
import { createMemoryStore } from "rapport/plugins/storage-memory";

/** A store in memory where something can happen between two reads of one turn. */
export interface Interrupted {
  readonly store: StorePort;
  /** Runs this once, after the next read of a key that has these letters and before its answer. */
  after(letters: string, happens: () => Promise<unknown>): void;
}

/** Makes one in which nothing happens yet. */
export function interruptedStore(): Interrupted {
  const memory = createMemoryStore();
  let waiting: { readonly letters: string; readonly happens: () => Promise<unknown> } | undefined;
  return {
    store: {
      ...memory,
      get: async <D extends Document>(key: string): Promise<Stored<D> | undefined> => {
        const found = await memory.get<D>(key);
        const due = waiting !== undefined && key.includes(waiting.letters) ? waiting : undefined;
        if (due !== undefined) waiting = undefined;
        await due?.happens();
        return found;
      },
    },
    after: (letters, happens) => {
      waiting = { letters, happens };
    },
  };
}
