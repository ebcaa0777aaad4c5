// A process of its own that puts blobs for ever and tells its parent which of them are durable.
import { createFolderBlobs } from "rapport/plugins/blobs-folder";

const blobs = createFolderBlobs({ folder: process.argv[2] ?? "" });
await blobs.open();
await Promise.all(Array.from({ length: 8 }, (_, writer) => writeForEver(writer)));

async function writeForEver(writer: number): Promise<never> {
  for (let n = 0; ; n += 1) {
    const name = `${process.pid}-${writer}-${n}`;
    await blobs.put(name, new TextEncoder().encode(name.repeat(5_000)));
    process.stdout.write(`${name}\n`);
  }
}
