/**
 * The Store port (docs/decisions/0002-one-batch.md).
 *
 * Everything is a document under a key. A key is a path of at least three segments, `<scope>/<kind>/<id...>`: the scope
 * is the account (or `relay`, or `engine`), the kind names the collection and so its declared indexes and its schema.
 * All but the last segment is the collection path, which `find` searches in insertion order.
 *
 * Versions are numbers that never come back for a key, even after a delete: an implementation takes them from one
 * counter that only grows.
 *
 * Streams and counters are documents too. The head of stream `s` is the document `s` = `{ next: number }`; entry `i` is
 * the document `s/<i as 12 digits>`. A counter is the document `{ n: number }`.
 */
import type { Condition } from "../model/condition.ts";
import type { Json } from "../model/json.ts";

/** A JSON object. Documents handed in are not changed by the store and must not be changed by anybody afterwards. */
export type Document = { readonly [member: string]: Json | undefined };

/** Grows with every write of the store; never repeated for a key. */
export type Version = number;

/** What a write or a check wants the key to be: at exactly this version, or not there. */
export type Expect = Version | "absent";

/**
 * A document with its key and version, as read. It is shared and frozen in spirit: never change it. Of what `find` gives, a
 * store may parse the document when it is looked at for the first time, so do not spread what you do not need.
 */
export interface Stored<D extends Document = Document> {
  readonly key: string;
  readonly version: Version;
  readonly document: D;
  /** The document as JSON text without the inner members of its collection, where a store has it at hand. */
  readonly text?: string | undefined;
}

/** What a store finds, one by one; or in pages as it reads them, which costs less where a store can. */
export interface Found<D extends Document = Document> extends AsyncIterable<Stored<D>> {
  pages?(): AsyncIterable<FoundPage<D>>;
}

/** One page: its entries, or only their texts (`Stored.text`). */
export interface FoundPage<D extends Document = Document> {
  entries(): readonly Stored<D>[];
  texts(): readonly (string | undefined)[];
}

/** One all-or-nothing unit of work (design.md 3.1). Absent lists mean none. */
export interface Batch {
  readonly puts?: readonly { readonly key: string; readonly document: Document; readonly expect?: Expect }[];
  readonly deletes?: readonly { readonly key: string; readonly expect?: Expect }[];
  readonly checks?: readonly { readonly key: string; readonly expect: Expect }[];
  readonly appends?: readonly { readonly stream: string; readonly document: Document; readonly expectNext?: number }[];
  readonly adds?: readonly { readonly counter: string; readonly by: number; readonly atMost?: number }[];
}

/** What became of a batch. `versions` follow `puts`, `indexes` follow `appends`, `totals` follow `adds`. */
export type CommitResult =
  | {
      readonly ok: true;
      readonly versions: readonly Version[];
      readonly indexes: readonly number[];
      readonly totals: readonly number[];
    }
  /** A document was not as expected. Nothing of the batch was written; reading again and retrying is safe. */
  | { readonly ok: false; readonly conflict: string }
  /** A counter would have passed its `atMost`. Nothing of the batch was written; retrying as is cannot help. */
  | { readonly ok: false; readonly exhausted: string };

/**
 * One question to a collection. All conditions on all fields must hold. A field is a dotted path into the document, or
 * several with `|` between them, whose values count as those of one field.
 */
export interface Query {
  /** The collection path, for example `acme/relationships`. */
  readonly under: string;
  readonly where?: { readonly [field: string]: readonly Condition[] };
  /** Only documents inserted after this key of the same collection; an unknown key gives nothing. */
  readonly after?: string;
  readonly limit?: number;
}

/** Declares the indexed fields of a kind. Queries on other fields work, by scanning. */
export interface Collection {
  readonly kind: string;
  readonly indexes: readonly string[];
  /** Its documents are checked far more often than written, so a store that locks lets many commits check one at a time. */
  readonly settled?: true;
  /** Members of its documents that only the engine reads; `Stored.text` is without them. Absent: there is no such text. */
  readonly inner?: readonly string[];
}

/**
 * Durable documents. `open` is called once before anything else and is told every collection; `commit` resolves when the
 * batch is durable. Faults: `store.corrupted`, `store.newerVersion`, `store.inUse`, `store.full`, `store.closed`,
 * `store.unavailable`.
 */
export interface Store extends AsyncDisposable {
  /** Several processes may have it open at once, so engines on it work under leases. */
  readonly isShared?: true;
  open(collections: readonly Collection[]): Promise<void>;
  get<D extends Document = Document>(key: string): Promise<Stored<D> | undefined>;
  /**
   * Not a snapshot, but safe to write beside: documents inserted after it began are not part of it, a key comes at most
   * once, and a document is as it was when it was reached.
   */
  find<D extends Document = Document>(query: Query): Found<D>;
  commit(batch: Batch): Promise<CommitResult>;
  /**
   * The 32-byte key that seals secrets at rest, kept beside the store and never inside it; `make` gives a new one at the
   * first start. Faults: `store.keyMissing` when documents exist but no key does. A store without this method cannot hold
   * accounts.
   */
  sealKey?(make: () => Uint8Array): Promise<Uint8Array>;
}
