import type { Batch, CommitResult, Document, Query, Stored, StorePort } from "rapport/core";

/** Everything the query finds, in order. */
export async function listed(store: StorePort, query: Query): Promise<Stored[]> {
  const found: Stored[] = [];
  for await (const stored of store.find(query)) found.push(stored);
  return found;
}

/** The keys of everything the query finds, in order. */
export async function keysOf(store: StorePort, query: Query): Promise<string[]> {
  return (await listed(store, query)).map(({ key }) => key);
}

/** The document under the key, without its version. */
export async function documentAt(store: StorePort, key: string): Promise<Document | undefined> {
  return (await store.get(key))?.document;
}

/** Commits what must win. */
export async function won(store: StorePort, batch: Batch): Promise<CommitResult & { ok: true }> {
  const result = await store.commit(batch);
  if (!result.ok) throw new Error(`The batch should have won: ${JSON.stringify(result)}`);
  return result;
}

/** Puts one document and gives its version. */
export async function put(store: StorePort, key: string, document: Document): Promise<number> {
  const [version] = (await won(store, { puts: [{ key, document }] })).versions;
  if (version === undefined) throw new Error("A put gives a version.");
  return version;
}

/** The numbers from 0 to count - 1. */
export function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at);
}
