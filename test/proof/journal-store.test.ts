// The store of the simulation keeps the laws of every store, and what a crash leaves of it is what was acknowledged.
import { expect, test } from "vitest";
import { storeContract } from "../kit/contracts/store.ts";
import { createSimulatedDisk } from "../kit/simulation/disk.ts";
import { createJournalStore } from "../kit/simulation/journal-store.ts";

storeContract("the journal of the simulation", {
  place: () => {
    const disk = createSimulatedDisk();
    return { store: () => createJournalStore(disk), files: async () => [disk.bytes(), ...disk.blobs.values()] };
  },
});

const put = (n: number) => ({ puts: [{ key: `a/things/${n}`, document: { n, text: "some text" } }] });

async function found(disk: ReturnType<typeof createSimulatedDisk>): Promise<number[]> {
  const store = createJournalStore(disk);
  await store.open([]);
  const numbers: number[] = [];
  for await (const { document } of store.find<{ n: number }>({ under: "a/things" })) numbers.push(document.n);
  return numbers;
}

test.for([0, 0.01, 0.3, 0.5, 0.99, 1])(
  "of a commit that nobody acknowledged, a crash that leaves %d leaves all or nothing",
  async (share) => {
    const disk = createSimulatedDisk();
    const store = createJournalStore(disk);
    await store.open([]);
    await store.commit(put(1));
    disk.acknowledge();
    await store.commit(put(2));

    expect(disk.tear(share)).toBe(true);

    expect(await found(disk)).toEqual(share === 1 ? [1, 2] : [1]);
  },
);

test("a store goes on after a torn end", async () => {
  const disk = createSimulatedDisk();
  const store = createJournalStore(disk);
  await store.open([]);
  await store.commit(put(1));
  disk.tear(0.5);
  const next = createJournalStore(disk);
  await next.open([]);
  await next.commit(put(2));

  expect(await found(disk)).toEqual([2]);
});

test("a full disk takes nothing, and has forgotten nothing when there is room again", async () => {
  const disk = createSimulatedDisk();
  const store = createJournalStore(disk);
  await store.open([]);
  await store.commit(put(1));
  disk.isFull = true;

  await expect(store.commit(put(2))).rejects.toMatchObject({ code: "store.full" });
  disk.isFull = false;
  await store.commit(put(3));

  expect(await found(disk)).toEqual([1, 3]);
});
