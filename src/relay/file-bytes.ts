/**
 * The bytes of Files. No commit can write them together with a document, so marks say which bytes have no File. Bytes are
 * named after the id of their File, so that each File has its own and nothing counts references.
 *
 * B1. Before bytes are written a mark with their name is committed, and the commit that makes the File deletes the mark. So
 *     a File has its bytes, and bytes without a File have a mark.
 * B2. The commit that ends a File leaves a doomed mark.
 * B3. A mark without a File becomes doomed after `uploadLifeMs`. Its upload cannot come to its end then, since the commit
 *     that makes the File expects the mark as it was; it begins again under another name.
 * B4. Whatever has a doomed mark is deleted: first the bytes, then the mark. A name is never used again.
 */
import { fault } from "../errors/rapport-error.ts";
import { sweptBlobsMax, uploadLifeMs } from "../limits.ts";
import { toBase64Url, utf8 } from "../model/bytes.ts";
import { newId } from "../model/ids.ts";
import type { Blobs } from "../ports/blobs.ts";
import { type Place, type Reads, takeTurn } from "../turn/turn.ts";
import type { Desk } from "./desk.ts";
import { type DoomedBlobDocument, doomedBlobKey, doomedBlobPath } from "./file-documents.ts";

/** Bytes that are durable and wait for their File, whose id is chosen. */
export interface Uploaded {
  readonly id: string;
  readonly blob: string;
}

/**
 * Writes bytes as the first part of a turn, once however often the turn is taken. Undefined means that it took too long: the
 * turn has to be taken again.
 */
export function uploading(
  desk: Desk,
  blobs: Blobs,
  bytes: Uint8Array,
): (reads: Reads) => Promise<Uploaded | undefined> {
  let uploaded: Uploaded | undefined;
  return async (reads) => {
    uploaded ??= await upload(desk, blobs, bytes);
    const mark = await reads.get<DoomedBlobDocument>(doomedBlobKey(uploaded.blob));
    if (mark?.document.isDoomed === false) return uploaded;
    // The mark may have been swept before the bytes came, so they need one again.
    await desk.store.commit({ puts: [markOf(uploaded.blob, { isDoomed: true, forgetAtMs: 0 })] });
    uploaded = undefined;
    return undefined;
  };
}

async function upload(desk: Desk, blobs: Blobs, bytes: Uint8Array): Promise<Uploaded> {
  const { sha256 } = desk.crypto.hashing;
  const id = newId("FIL", desk.entropy);
  const blob = toBase64Url(sha256(utf8(`${id}.${toBase64Url(sha256(bytes))}`)));
  const mark = markOf(blob, { isDoomed: false, forgetAtMs: desk.clock.now() + uploadLifeMs });
  const marked = await desk.store.commit({ puts: [{ ...mark, expect: "absent" }] });
  if (!marked.ok) throw fault("store.contended", "The bytes of a new File have a mark already. Repeat the call.");
  await blobs.put(blob, bytes);
  return { id, blob };
}

function markOf(name: string, rest: Omit<DoomedBlobDocument, "name">): { key: string; document: DoomedBlobDocument } {
  return { key: doomedBlobKey(name), document: { name, ...rest } };
}

/** Deletes bytes whose mark is doomed, and the mark. */
export async function eraseBlob({ store }: Place, blobs: Blobs, name: string): Promise<void> {
  await blobs.delete(name);
  await store.commit({ deletes: [{ key: doomedBlobKey(name) }] });
}

/** Deletes bytes that have no File any more and those of uploads that did not come to their end, some at a time. */
export async function sweepBlobs(place: Place, blobs: Blobs): Promise<void> {
  let erased = 0;
  for await (const { key, document } of place.store.find<DoomedBlobDocument>({ under: doomedBlobPath })) {
    if (!document.isDoomed && !(document.forgetAtMs <= place.clock.now() && (await doom(place, key)))) continue;
    await eraseBlob(place, blobs, document.name);
    erased += 1;
    if (erased >= sweptBlobsMax) return;
  }
}

/** False when the upload came to its end meanwhile, or somebody else has swept it. */
async function doom(place: Place, key: string): Promise<boolean> {
  const taken = await takeTurn(place, {
    gather: (reads) => reads.get<DoomedBlobDocument>(key),
    plan: (mark) => {
      if (mark === undefined) return { ok: true, value: { value: false } };
      if (mark.document.isDoomed) return { ok: true, value: { value: true } };
      return { ok: true, value: { value: true, puts: [{ key, document: { ...mark.document, isDoomed: true } }] } };
    },
  });
  return taken.ok && taken.value;
}
