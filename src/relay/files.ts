/**
 * Files (spec/backbone-protocol.md 5.3, 5.4). Whoever knows the id may read a File: what protects its content is the key,
 * which the relay never sees. For the same reason it does not compare `cipherHash` with the bytes: the reader does.
 */
import { fault } from "../errors/rapport-error.ts";
import { refuse } from "../errors/refusal.ts";
import {
  cipherHashBytesMax,
  encryptedPropertiesBytesMax,
  fileBytesMax,
  listMax,
  ownerSignatureBytesMax,
} from "../limits.ts";
import { randomText } from "../model/ids.ts";
import type { Reads } from "../turn/turn.ts";
import type { WireFile, WireUploadedFile } from "../wire/shapes.ts";
import { cut, type Handler, idOf, idsOf, notFound, pageOf, queryList, work } from "./asked.ts";
import type { Desk } from "./desk.ts";
import { answerOnly, createDraft, type Draft, takeAgain } from "./draft.ts";
import { fieldsOf, invalid } from "./fields.ts";
import { uploading } from "./file-bytes.ts";
import { doomedBlobKey, type FileDocument, fileKey, filePath } from "./file-documents.ts";
import { loadAll } from "./loading.ts";
import { countAgainstQuota } from "./quotas.ts";
import { hashSecret } from "./secrets.ts";

/** Letters of the token that passes a File on (spec/backbone-protocol.md 5.4). */
export const ownershipTokenLength = 20;

/** The bytes are durable before the File is there (file-bytes.ts). */
export const createFile: Handler = (asked, desk, caller) => {
  const { blobs } = desk;
  const { bytes } = asked.call;
  if (blobs === undefined) return keepsNoFiles;
  const fields = fieldsOf(asked.body);
  const cipherHash = fields.base64("cipherHash", { max: cipherHashBytesMax });
  const ownerSignature = fields.base64("ownerSignature", { max: ownerSignatureBytesMax });
  const expiresAt = fields.futureOrNull("expiresAt", asked.nowMs);
  const encryptedProperties = fields.base64("encryptedProperties", { min: 0, max: encryptedPropertiesBytesMax });
  if (fields.problem !== undefined) return { ok: false, refusal: fields.problem };
  if (bytes === undefined || bytes.length === 0 || bytes.length > fileBytesMax) {
    return invalid(`The part "content" must have 1 to ${fileBytesMax} bytes.`);
  }
  const token = randomText(ownershipTokenLength, desk.entropy);
  const ownershipToken = hashSecret(desk, token);
  return work({
    gather: uploading(desk, blobs, bytes),
    plan: (uploaded) => {
      if (uploaded === undefined) return { ok: false, refusal: takeAgain };
      const draft = createDraft();
      const file: FileDocument = {
        ...uploaded,
        createdAt: asked.now,
        createdBy: caller.address,
        createdByDevice: caller.deviceId,
        modifiedAt: asked.now,
        modifiedBy: caller.address,
        modifiedByDevice: caller.deviceId,
        owner: caller.address,
        ownerSignature,
        ownershipToken,
        ownershipIsLocked: false,
        cipherSize: bytes.length,
        cipherHash,
        expiresAt,
        encryptedProperties,
      };
      draft.put(fileKey(file.id), file, "absent");
      draft.delete(doomedBlobKey(uploaded.blob));
      countFile(draft, desk, { file, by: 1, nowMs: asked.nowMs });
      const { encryptedProperties: _, ...head } = wireFile(file);
      const shown: WireUploadedFile = { ...head, ownershipToken: token };
      return draft.answer(shown);
    },
  });
};

/** Those that the caller created, oldest first. */
export const listFiles: Handler = (asked, _desk, caller) => {
  const page = pageOf(asked);
  if (!page.ok) return page;
  const ids = queryList(asked, "ids") === undefined ? undefined : idsOf(asked, "FIL");
  if (ids?.ok === false) return ids;
  return work({
    gather: async (reads) => {
      // Ids alone: properties of all Files need not fit into memory.
      const found: { readonly id: string; readonly createdAt: string }[] = [];
      for await (const file of candidates(reads, caller.address, ids?.value)) {
        if (isThere(file, asked.nowMs)) found.push({ id: file.id, createdAt: file.createdAt });
      }
      found.sort((one, other) => Date.parse(one.createdAt) - Date.parse(other.createdAt));
      const { items, pagination } = cut(found, page.value);
      const files = await loadAll(
        items,
        async ({ id }) => (await reads.peek<FileDocument>(fileKey(id)))?.document,
        ({ encryptedProperties }) => [encryptedProperties],
      );
      return { files, pagination };
    },
    plan: ({ files, pagination }) => {
      if (!files.ok) return files;
      return answerOnly(files.value.map(wireFile), pagination === undefined ? {} : { pagination });
    },
  });
};

async function* candidates(reads: Reads, address: string, ids: readonly string[] | undefined) {
  if (ids === undefined) {
    const where = { createdBy: [{ anyOf: [address] }] };
    for await (const { document } of reads.find<FileDocument>({ under: filePath, where, limit: listMax }))
      yield document;
    return;
  }
  for (const id of ids) {
    const file = await reads.peek<FileDocument>(fileKey(id));
    if (file?.document.createdBy === address) yield file.document;
  }
}

/** What is known of a File beside its bytes. */
export const getFile: Handler = (asked) => {
  const id = idOf(asked, "FIL");
  if (!id.ok) return id;
  return work({
    gather: (reads) => fileIn(reads, id.value, asked.nowMs),
    plan: (file) => (file === undefined ? notFound("File") : answerOnly(wireFile(file))),
  });
};

/** The bytes. */
export const getFileContent: Handler = (asked, { blobs }) => {
  const id = idOf(asked, "FIL");
  if (!id.ok) return id;
  if (blobs === undefined) return keepsNoFiles;
  return work({
    gather: async (reads) => {
      const file = await fileIn(reads, id.value, asked.nowMs);
      const bytes = file === undefined ? undefined : await blobs.get(file.blob);
      if (file === undefined || bytes !== undefined) return bytes;
      // It was deleted in between, or somebody took the bytes away from outside.
      if ((await reads.peek(fileKey(file.id))) === undefined) return undefined;
      throw fault("store.corrupted", `The bytes of the File ${file.id} are missing; restore them from a backup.`);
    },
    plan: (bytes) => (bytes === undefined ? notFound("File") : answerOnly({}, { bytes })),
  });
};

export const deleteFile: Handler = (asked, desk, caller) => {
  const id = idOf(asked, "FIL");
  if (!id.ok) return id;
  return work({
    gather: (reads) => fileIn(reads, id.value, asked.nowMs),
    plan: (file) => {
      if (file === undefined) return notFound("File");
      if (file.createdBy !== caller.address)
        return refuse("error.platform.forbidden", "Only the creator may delete it.");
      const draft = createDraft();
      endFile(draft, desk, { file, nowMs: asked.nowMs });
      return draft.answer({});
    },
  });
};

/** The File with this id, unless it has expired; the commit checks it. */
export async function fileIn(reads: Reads, id: string, nowMs: number): Promise<FileDocument | undefined> {
  const file = (await reads.get<FileDocument>(fileKey(id)))?.document;
  return file !== undefined && isThere(file, nowMs) ? file : undefined;
}

/** Ends a File: its bytes have a mark from then on (file-bytes.ts), and its creator has room for others. */
export function endFile(draft: Draft, desk: Desk, at: { readonly file: FileDocument; readonly nowMs: number }): void {
  draft.delete(fileKey(at.file.id));
  draft.doomBlob(at.file.blob);
  countFile(draft, desk, { ...at, by: -1 });
}

/** Files count for who created them, whoever owns them now. */
function countFile(draft: Draft, desk: Desk, at: { file: FileDocument; by: 1 | -1; nowMs: number }): void {
  const { createdBy: address, createdByDevice, cipherSize } = at.file;
  // Somebody erased has no quota any more.
  if (createdByDevice === null) return;
  countAgainstQuota(draft, desk, { address, metric: "NumberOfFiles", by: at.by, nowMs: at.nowMs });
  countAgainstQuota(draft, desk, {
    address,
    metric: "UsedFileStorageSpace",
    by: at.by * cipherSize,
    nowMs: at.nowMs,
  });
}

/** True until it expires. */
export function isThere({ expiresAt }: FileDocument, nowMs: number): boolean {
  return expiresAt === null || Date.parse(expiresAt) > nowMs;
}

const keepsNoFiles = refuse(
  "error.platform.unexpected",
  "This relay keeps no Files. Its operator has to give it a place for their bytes (`blobs`).",
);

function wireFile({ blob: _blob, ownershipToken: _token, ...shown }: FileDocument): WireFile {
  return { ...shown, deletedAt: null, deletedBy: null, deletedByDevice: null };
}
