// Stores that break one promise each, around one that keeps them all.
import type { Batch, StorePort } from "rapport/core";
import { createMemoryDisk, createMemoryStore } from "rapport/plugins/storage-memory";
import type { StorePlace } from "rapport/testkit";
import type { Sample } from "./sample.ts";

type Wrap = (store: StorePort) => Partial<StorePort>;

/** A place whose stores are as given in some verbs and honest in the others. */
export function placeOf(wrap: Wrap, disk = createMemoryDisk): { readonly place: () => StorePlace } {
  return {
    place: () => {
      const kept = disk();
      return {
        store: () => {
          const store = createMemoryStore({ disk: kept });
          return { ...store, ...wrap(store) };
        },
      };
    },
  };
}

const unexpecting = ({ puts = [], deletes = [], checks: _checks, ...rest }: Batch): Batch => ({
  ...rest,
  puts: puts.map(({ key, document }) => ({ key, document })),
  deletes: deletes.map(({ key }) => ({ key })),
});

/** Each with the sentences that it breaks. */
export const brokenStores: readonly Sample<ReturnType<typeof placeOf>>[] = [
  {
    name: "a store that ignores what a batch expects",
    subject: placeOf((store) => ({ commit: (batch) => store.commit(unexpecting(batch)) })),
    breaks: [
      "a put wins at the version it expects, once",
      "a put that expects an absent key wins only where there is none",
      "a put that expects a version loses where there is no document",
      "a delete wins at the version it expects, and deleting what is not there is no conflict",
      "a check guards a document it does not write",
      "a batch that loses by a conflict leaves nothing of itself",
      "of many commits on one key at the same time exactly one wins",
      "batches are judged in the order of arrival, each against what the winners before it left",
      "money that writers move between accounts at the same time, retrying, arrives exactly once",
      "a head can be checked like any document",
      "a conflict is named before a full counter, for it alone can be retried",
    ],
    mayBreak: ["after any history a store holds what a naive model holds"],
  },
  {
    name: "a store that appends the last first",
    subject: placeOf((store) => ({
      commit: (batch) => store.commit({ ...batch, ...(batch.appends && { appends: batch.appends.toReversed() }) }),
    })),
    breaks: [
      "appends get the next index and are documents under it, and the head knows the next one",
      "streams with similar names do not mix",
    ],
  },
  {
    name: "a store that keeps half of a batch that lost",
    subject: placeOf((store) => ({
      commit: async (batch) => {
        const result = await store.commit(batch);
        const [half] = batch.puts?.filter(({ expect }) => expect === undefined) ?? [];
        if (!result.ok && half !== undefined) await store.commit({ puts: [half] });
        return result;
      },
    })),
    breaks: [
      "a check guards a document it does not write",
      "a batch that loses by a conflict leaves nothing of itself",
      "a batch that loses by a full counter leaves nothing of itself",
    ],
    mayBreak: ["after any history a store holds what a naive model holds"],
  },
  {
    name: "a store that lets counters pass their limit",
    subject: placeOf((store) => ({
      commit: (batch) =>
        store.commit({
          ...batch,
          ...(batch.adds && { adds: batch.adds.map(({ counter, by }) => ({ counter, by })) }),
        }),
    })),
    breaks: [
      "a batch that loses by a full counter leaves nothing of itself",
      "additions at the same time never pass their limit, and all that fits wins",
      "what is given back to a full counter can be taken again",
    ],
    mayBreak: ["after any history a store holds what a naive model holds"],
  },
];
