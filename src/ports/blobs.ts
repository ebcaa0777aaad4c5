/**
 * Where the bytes of Files are kept: opaque, each under a name that its owner derived from the bytes and never uses for
 * others. They are written before the commit that names them, and deleted after the one that names them no more.
 */

import { invariant } from "../errors/bug.ts";
import { blobNameCharsMax } from "../limits.ts";

/** Named bytes. Names are 1 to 128 letters, digits, "_" or "-". Faults: `store.full`, `store.closed`, `store.unavailable`. */
export interface Blobs extends AsyncDisposable {
  /** Called once before anything else. */
  open(): Promise<void>;
  /** Resolves when the bytes are durable. Writing the same name again changes nothing. */
  put(name: string, bytes: Uint8Array): Promise<void>;
  /** The bytes, or nothing when there are none under this name. */
  get(name: string): Promise<Uint8Array | undefined>;
  /** Deleting what is not there is no error. */
  delete(name: string): Promise<void>;
}

const nameShape = new RegExp(`^[A-Za-z0-9_-]{1,${blobNameCharsMax}}$`);

/** Stops at a name that no adapter may take, for adapters: names never come from outside. */
export function assertBlobName(name: string): void {
  invariant(nameShape.test(name), `A blob was given the name ${JSON.stringify(name)}.`);
}
