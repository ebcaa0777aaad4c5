// What is in a store now, by kind: read by whoever chooses what happens next, and by the laws. Nothing of it is stored.
import type { Document, Present, Writes } from "rapport/core";
import type { CommitEar } from "./journal-store.ts";

/** Hears of every change of one document. */
export type ChangeEar = (change: Change) => void;

/** One document of one commit. */
export interface Change {
  readonly kind: string;
  readonly id: string;
  readonly before: Document | undefined;
  readonly after: Document | undefined;
  /** A document as the commit leaves it. */
  now(kind: string, id: string): Document | undefined;
}

/** The documents of a store. A kind of two segments, such as `event/<address>`, is part of the id. */
export interface Holdings extends CommitEar {
  /** The documents of a kind, in the order of their creation. */
  all<D extends Document>(kind: string): D[];
  get<D extends Document>(kind: string, id: string): D | undefined;
  ids(kind: string): string[];
}

/** Empty ones. Documents of the scope `engine` are left out: they are no account's. */
export function createHoldings(heard: ChangeEar = () => undefined, opened: () => void = () => undefined): Holdings {
  const byKind = new Map<string, Map<string, Document>>();
  const kindMap = (kind: string): Map<string, Document> => {
    const known = byKind.get(kind);
    if (known !== undefined) return known;
    const fresh = new Map<string, Document>();
    byKind.set(kind, fresh);
    return fresh;
  };
  const set = (kind: string, id: string, document: Document | undefined): void => {
    if (document === undefined) kindMap(kind).delete(id);
    else kindMap(kind).set(id, document);
  };
  return {
    opened: (documents: readonly Present[]) => {
      byKind.clear();
      for (const { stored } of documents) {
        const [scope, kind, id] = partsOf(stored.key);
        if (scope !== "engine") set(kind, id, stored.document);
      }
      opened();
    },
    committed: (writes: Writes) => {
      const changes: Change[] = [];
      const now = (kind: string, id: string) => byKind.get(kind)?.get(id);
      for (const [key, present] of writes) {
        const [scope, kind, id] = partsOf(key);
        if (scope === "engine") continue;
        changes.push({ kind, id, before: now(kind, id), after: present?.stored.document, now });
        set(kind, id, present?.stored.document);
      }
      for (const change of changes) heard(change);
    },
    all: <D extends Document>(kind: string) => [...(byKind.get(kind)?.values() ?? [])] as D[],
    get: <D extends Document>(kind: string, id: string) => byKind.get(kind)?.get(id) as D | undefined,
    ids: (kind) => [...(byKind.get(kind)?.keys() ?? [])],
  };
}

function partsOf(key: string): [scope: string, kind: string, id: string] {
  const scopeEnd = key.indexOf("/");
  const kindEnd = key.indexOf("/", scopeEnd + 1);
  return [key.slice(0, scopeEnd), key.slice(scopeEnd + 1, kindEnd), key.slice(kindEnd + 1)];
}
