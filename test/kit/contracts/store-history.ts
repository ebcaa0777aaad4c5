import fc from "fast-check";
import { type Batch, type CommitResult, type Document, matches } from "rapport/core";
import { expect } from "vitest";
import type { Law } from "./law.ts";
import type { StoreWorld } from "./store.ts";
import { anyDocument, anyWhere } from "./store-documents.ts";
import { keysOf, listed } from "./store-reading.ts";

/** Laws about long lives: whatever happens, a store is what a list in a loop would be. */
export const historyLaws: readonly Law<StoreWorld>[] = [
  {
    law: "after any history a store holds what a naive model holds",
    check: (world) => proveHistories(world, 60),
  },
];

type Step =
  | { readonly kind: "turn"; readonly drafts: readonly Draft[] }
  | {
      readonly kind: "find";
      readonly where: Awaited<ReturnType<typeof anyWhere.generate>>["value"];
      readonly limit: number;
    }
  | { readonly kind: "reopen" };

/** A batch before it is known which versions there are. */
interface Draft {
  readonly puts: readonly { readonly name: string; readonly document: Document; readonly expect: Wish }[];
  readonly deletes: readonly { readonly name: string; readonly expect: Wish }[];
  readonly appends: number;
  readonly add: { readonly by: number; readonly atMost: number } | undefined;
}

type Wish = "any" | "as it is" | "absent" | "wrong";

const name = fc.constantFrom("a", "b", "c", "d", "e", "f");
const wish = fc.constantFrom<Wish>("any", "any", "as it is", "as it is", "absent", "wrong");
const draft: fc.Arbitrary<Draft> = fc
  .record({
    puts: fc.uniqueArray(fc.record({ name, document: anyDocument, expect: wish }), {
      selector: (put) => put.name,
      maxLength: 3,
    }),
    deletes: fc.uniqueArray(fc.record({ name, expect: wish }), { selector: (gone) => gone.name, maxLength: 2 }),
    appends: fc.nat({ max: 2 }),
    add: fc.option(fc.record({ by: fc.integer({ min: -2, max: 3 }), atMost: fc.integer({ min: 0, max: 6 }) }), {
      nil: undefined,
    }),
  })
  .map((made) => ({
    ...made,
    deletes: made.deletes.filter((gone) => made.puts.every((put) => put.name !== gone.name)),
  }));
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant("turn" as const),
      drafts: fc.array(draft, { minLength: 1, maxLength: 3 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant("find" as const), where: anyWhere, limit: fc.nat({ max: 4 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "reopen" as const }) },
);

async function proveHistories(world: StoreWorld, numRuns: number): Promise<void> {
  let run = 0;
  const property = async (steps: readonly Step[]) => {
    run += 1;
    const scope = `run${run}`;
    const model = createModel();
    for (const now of steps) {
      if (now.kind === "reopen") await world.reopen();
      else if (now.kind === "find") await compareFind(world, scope, model, now);
      else await compareTurn(world, scope, model, now.drafts);
    }
    await compareFind(world, scope, model, { where: {}, limit: 1_000 });
  };
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 20 }), property), { numRuns });
}

/** Commits the drafts in one turn of the event loop; versions are those from before the turn. */
async function compareTurn(world: StoreWorld, scope: string, model: Model, drafts: readonly Draft[]): Promise<void> {
  const keys = ["a", "b", "c", "d", "e", "f"].map((letter) => `${scope}/things/${letter}`);
  const known = new Map(
    await Promise.all(keys.map(async (key) => [key, (await world.store().get(key))?.version] as const)),
  );
  const batches = drafts.map((made) => batchOf(made, scope, known));

  const results = await Promise.all(batches.map((batch) => world.store().commit(batch)));

  for (const [at, batch] of batches.entries()) {
    const result = results[at];
    if (result === undefined) throw new Error("Every commit has a result.");
    expect(outcomeOf(result)).toEqual(model.commit(batch, result));
  }
  for (const key of keys) expect((await world.store().get(key))?.document).toEqual(model.get(key));
}

async function compareFind(
  world: StoreWorld,
  scope: string,
  model: Model,
  { where, limit }: { where: Parameters<typeof matches>[1]; limit: number },
): Promise<void> {
  const under = `${scope}/things`;
  const expected = model.list(under).filter(([, document]) => matches(document, where));

  const found = await listed(world.store(), { under, where, limit });

  expect(found.map(({ key, document }) => [key, document])).toEqual(expected.slice(0, limit));
  expect(await keysOf(world.store(), { under: `${scope}/streams/s` })).toEqual(
    model.list(`${scope}/streams/s`).map(([key]) => key),
  );
}

function batchOf(made: Draft, scope: string, known: ReadonlyMap<string, number | undefined>): Batch {
  const expected = (key: string, want: Wish) => {
    if (want === "any") return {};
    if (want === "wrong") return { expect: Number.MAX_SAFE_INTEGER };
    return { expect: want === "absent" ? ("absent" as const) : (known.get(key) ?? ("absent" as const)) };
  };
  const keyed = (letter: string, want: Wish) => {
    const key = `${scope}/things/${letter}`;
    return { key, ...expected(key, want) };
  };
  return {
    puts: made.puts.map((put) => ({ ...keyed(put.name, put.expect), document: put.document })),
    deletes: made.deletes.map((gone) => keyed(gone.name, gone.expect)),
    appends: Array.from({ length: made.appends }, () => ({ stream: `${scope}/streams/s`, document: {} })),
    adds: made.add === undefined ? [] : [{ counter: `${scope}/counters/c`, ...made.add }],
  };
}

function outcomeOf(result: CommitResult): unknown {
  if (!result.ok) return result;
  return { ok: true, indexes: result.indexes, totals: result.totals };
}

interface Model {
  commit(batch: Batch, result: CommitResult): unknown;
  get(key: string): Document | undefined;
  list(under: string): [string, Document][];
}

/** The naive store: a list of documents in the order of creation, one batch after the other. */
function createModel(): Model {
  let rows: { key: string; version: number; document: Document }[] = [];
  const at = (key: string) => rows.find((row) => row.key === key);
  const numberAt = (key: string, member: string) => Number(at(key)?.document[member] ?? 0);
  const write = (key: string, version: number, document: Document) => {
    if (at(key) === undefined) rows.push({ key, version, document });
    else rows = rows.map((row) => (row.key === key ? { key, version, document } : row));
  };

  return {
    commit: (batch, result) => {
      for (const { key, expect: wanted } of [...(batch.puts ?? []), ...(batch.deletes ?? [])]) {
        if (wanted !== undefined && wanted !== (at(key)?.version ?? "absent")) return { ok: false, conflict: key };
      }
      for (const { counter, by, atMost = Number.POSITIVE_INFINITY } of batch.adds ?? []) {
        if (numberAt(counter, "n") + by > atMost) return { ok: false, exhausted: counter };
      }
      const versions = result.ok ? result.versions : [];
      for (const [n, { key, document }] of (batch.puts ?? []).entries()) write(key, versions[n] ?? -1, document);
      for (const { key } of batch.deletes ?? []) rows = rows.filter((row) => row.key !== key);
      const indexes = (batch.appends ?? []).map(({ stream, document }) => {
        const next = numberAt(stream, "next");
        write(stream, -1, { next: next + 1 });
        write(`${stream}/${String(next).padStart(12, "0")}`, -1, document);
        return next;
      });
      const totals = (batch.adds ?? []).map(({ counter, by }) => {
        const n = numberAt(counter, "n") + by;
        write(counter, -1, { n });
        return n;
      });
      return { ok: true, indexes, totals };
    },
    get: (key) => at(key)?.document,
    list: (under) =>
      rows
        .filter(({ key }) => key.slice(0, key.lastIndexOf("/")) === under)
        .map(({ key, document }) => [key, document]),
  };
}
