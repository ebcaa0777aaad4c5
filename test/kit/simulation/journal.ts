// A journal: frames of length, checksum and JSON, one after the other. What a crash tore off at its end is no frame.
import type { Document, Present, Version, Writes } from "rapport/core";

/** What one commit wrote: the last version used, and per key a document or nothing. */
export interface Frame {
  readonly version: Version;
  readonly writes: Writes;
}

type Row = readonly [key: string, version: Version, since: Version, document: Document] | readonly [key: string];

const headBytes = 8;

/** The frame as bytes. */
export function encodeFrame({ version, writes }: Frame): Uint8Array {
  const rows = [...writes].map(([key, now]): Row =>
    now === undefined ? [key] : [key, now.stored.version, now.since, now.stored.document],
  );
  const text = Buffer.from(JSON.stringify([version, rows]));
  const bytes = new Uint8Array(headBytes + text.length);
  const head = new DataView(bytes.buffer);
  head.setUint32(0, text.length);
  head.setUint32(4, checksumOf(text));
  bytes.set(text, headBytes);
  return bytes;
}

/** The whole frames at the beginning of the bytes, and where the last of them ends. */
export function decodeFrames(bytes: Uint8Array): { readonly frames: readonly Frame[]; readonly end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const frames: Frame[] = [];
  let at = 0;
  while (at + headBytes <= bytes.length) {
    const length = view.getUint32(at);
    const text = bytes.subarray(at + headBytes, at + headBytes + length);
    if (length === 0 || text.length < length || checksumOf(text) !== view.getUint32(at + 4)) break;
    frames.push(frameOf(text));
    at += headBytes + length;
  }
  return { frames, end: at };
}

function frameOf(text: Uint8Array): Frame {
  const [version, rows] = JSON.parse(Buffer.from(text.buffer, text.byteOffset, text.length).toString()) as [
    Version,
    readonly Row[],
  ];
  return { version, writes: new Map(rows.map((row): [string, Present | undefined] => [row[0], presentOf(row)])) };
}

function presentOf(row: Row): Present | undefined {
  if (row.length === 1) return undefined;
  const [key, version, since, document] = row;
  return { stored: { key, version, document }, since };
}

// FNV-1a: enough to tell a torn frame from a whole one.
function checksumOf(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
