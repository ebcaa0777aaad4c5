/**
 * An open file. S1. Nobody sees a document before it is in the file. S2. After a failed replacement the memory is read
 * again from the file, so it never shows what the file does not hold; if even that fails, the session is over.
 */
import { LowSync } from "lowdb";
import {
  type Batch,
  type Collection,
  type CommitResult,
  createCommitQueue,
  createDocumentTable,
  type DocumentTable,
  judge,
  type Query,
  type Writes,
} from "rapport/core";
import { faultOf } from "./faults.ts";
import { type Content, createFileAdapter, nothing, presentsOf } from "./file.ts";
import { commitsPerFlushMax, commitsWaitingMax } from "./limits.ts";

/** What the store asks of an open file. */
export interface Session {
  table(): DocumentTable;
  find(query: Query): ReturnType<DocumentTable["find"]>;
  commit(batch: Batch): Promise<CommitResult>;
  end(): void;
}

/** Reads the file, or begins with nothing. */
export function startSession(
  file: string,
  collections: readonly Collection[],
  options: { readonly readOnly: boolean },
): Session {
  const low = new LowSync<Content>(createFileAdapter(file, options), nothing);
  let table: DocumentTable | undefined;

  const load = (): DocumentTable => {
    low.data = nothing;
    low.read();
    const loaded = createDocumentTable(presentsOf(low.data));
    loaded.declare(collections);
    return loaded;
  };
  const current = (): DocumentTable => {
    table ??= load();
    return table;
  };

  const flush = (batches: readonly Batch[]): readonly CommitResult[] => {
    try {
      const before = current();
      const judgement = judge(batches, before.read, low.data.version);
      if (judgement.writes.size === 0) return judgement.results;
      low.data = { ...nothing, version: judgement.version, documents: documentsAfter(before, judgement.writes) };
      table = undefined;
      low.write();
      before.write(judgement.writes);
      table = before;
      return judgement.results;
    } catch (problem) {
      throw faultOf(problem, file);
    }
  };
  const queue = createCommitQueue({
    flush,
    later: setImmediate,
    perFlushMax: commitsPerFlushMax,
    waitingMax: commitsWaitingMax,
  });

  current();
  return {
    table: current,
    find: (query) => current().find(query),
    commit: queue.add,
    end: queue.finish,
  };
}

function documentsAfter(table: DocumentTable, writes: Writes): Content["documents"] {
  const untouched = table.all().filter(({ stored }) => !writes.has(stored.key));
  const written = [...writes.values()].filter((now) => now !== undefined);
  return [...untouched, ...written].sort((left, right) => left.since - right.since).map(({ stored }) => stored);
}
