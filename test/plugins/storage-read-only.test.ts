// File stores opened to be looked at: nothing is written, not even beside the file.
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLowdbStore } from "rapport/plugins/storage-lowdb";
import { createSqliteStore } from "rapport/plugins/storage-sqlite";
import { expect, onTestFinished, test } from "vitest";

const stores = { sqlite: createSqliteStore, lowdb: createLowdbStore };
const collections = [{ kind: "books", indexes: ["title"] }];

test.for(["sqlite", "lowdb"] as const)("%s: documents are read and found, and every write is refused", async (kind) => {
  const folder = mkdtempSync(join(tmpdir(), "rapport-read-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "store");
  const written = stores[kind]({ file });
  await written.open(collections);
  for (const title of ["a", "b", "c"])
    await written.commit({ puts: [{ key: `me/books/${title}`, document: { title } }] });
  await written.commit({ deletes: [{ key: "me/books/c" }] });
  await written[Symbol.asyncDispose]();
  const look = () => [readdirSync(folder), createHash("sha256").update(readFileSync(file)).digest("hex")];
  const before = look();

  // With another declaration of indexes, which a writer would bring up to date.
  const read = stores[kind]({ file, readOnly: true });
  await read.open([{ kind: "books", indexes: ["title", "author"] }]);
  const found: string[] = [];
  for await (const { key } of read.find({ under: "me/books", where: { title: [{ anyOf: ["b"] }] } })) found.push(key);

  expect(found).toEqual(["me/books/b"]);
  expect(await read.get("me/books/a")).toMatchObject({ document: { title: "a" } });
  await expect(read.commit({ puts: [{ key: "me/books/d", document: {} }] })).rejects.toMatchObject({
    code: "store.readOnly",
  });
  await expect(read.sealKey?.(() => new Uint8Array(32))).rejects.toMatchObject({ code: "store.readOnly" });
  await read[Symbol.asyncDispose]();
  expect(look()).toEqual(before);

  const missing = stores[kind]({ file: join(folder, "not-there"), readOnly: true });
  await expect(missing.open([])).rejects.toMatchObject({ code: "store.readOnly" });
  expect(look()).toEqual(before);

  // Nothing of the reader is left that keeps a writer away, in the same process either.
  const writer = stores[kind]({ file });
  await writer.open(collections);
  await writer[Symbol.asyncDispose]();
});
