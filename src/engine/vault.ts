/**
 * Keys at rest (design.md 6): collection `secrets`, each sealed under the store key with its document id authenticated.
 */
import { unwrap } from "../errors/refusal.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf } from "../model/keys.ts";
import type { Document, Stored } from "../ports/store.ts";
import { openSecret, sealSecret } from "../sealed/at-rest.ts";
import type { Change } from "./change.ts";
import type { Engine } from "./context.ts";

type Owner = Engine & { readonly id: string };

/** Puts a secret into the change, sealed. */
export function putSecret(
  owner: Owner,
  change: Change,
  { id, secret }: { readonly id: string; readonly secret: JsonObject },
): void {
  change.put("secrets", id, sealed(owner, id, secret));
}

/** The secret as a document for the store. */
export function sealed(owner: Owner, id: string, secret: JsonObject): Document {
  return sealSecret(owner, { storeKey: owner.storeKey, documentId: keyOf(owner.id, "secrets", id), secret });
}

/** Reads a secret; undefined when there is none. A secret that does not open is the fault `store.keyWrong`. */
export async function readSecret<S extends JsonObject>(
  owner: Owner,
  get: <D extends Document>(key: string) => Promise<Stored<D> | undefined>,
  id: string,
): Promise<S | undefined> {
  const key = keyOf(owner.id, "secrets", id);
  const stored = await get(key);
  if (stored === undefined) return undefined;
  return unwrap(openSecret(owner, { storeKey: owner.storeKey, documentId: key, document: stored.document })) as S;
}
