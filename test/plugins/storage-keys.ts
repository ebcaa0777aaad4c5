import { readFile, rm, stat, writeFile } from "node:fs/promises";
import type { StorePort } from "rapport/core";
import { expect, test } from "vitest";
import { noKey, placeInFolder } from "./storage-files.ts";

type Make = (file: string, environment: { readonly RAPPORT_STORE_KEY?: string }) => StorePort;

const key = Uint8Array.from({ length: 32 }, (_, at) => 255 - at * 5);
const make = () => key;

/** Proves where a store that lives in a file takes its key from. */
export function keyLaws(store: Make): void {
  const opened = async (file: string, environment: { readonly RAPPORT_STORE_KEY?: string } = noKey) => {
    const made = store(file, environment);
    await made.open([]);
    return made;
  };

  test("the key file is made at the first start, for its owner's eyes only", async () => {
    const place = await placeInFolder((file) => store(file, noKey));
    const first = await opened(place.file);

    expect(await first.sealKey?.(make)).toEqual(key);

    expect((await stat(`${place.file}.key`)).mode & 0o777).toBe(0o600);
    expect((await readFile(`${place.file}.key`, "utf8")).trim()).toBe(Buffer.from(key).toString("base64url"));
    await first[Symbol.asyncDispose]();
    await place.remove?.();
  });

  test("the documents themselves are for their owner's eyes only", async () => {
    const place = await placeInFolder((file) => store(file, noKey));
    const first = await opened(place.file);
    await first.commit({ puts: [{ key: "acme/things/1", document: {} }] });

    expect((await stat(place.file)).mode & 0o777).toBe(0o600);

    await first[Symbol.asyncDispose]();
    await place.remove?.();
  });

  test.for(["hex", "base64url", "base64url with padding"])(
    "a key in the environment, as %s, goes before the file",
    async (form) => {
      const place = await placeInFolder((file) => store(file, noKey));
      const other = new Uint8Array(32).fill(251);
      const text = Buffer.from(other).toString(form === "hex" ? "hex" : "base64url");
      const first = await opened(place.file);
      await first.sealKey?.(make);
      await first[Symbol.asyncDispose]();

      const second = await opened(place.file, { RAPPORT_STORE_KEY: form.endsWith("padding") ? `${text}=` : text });

      expect(await second.sealKey?.(make)).toEqual(other);
      await second[Symbol.asyncDispose]();
      await place.remove?.();
    },
  );

  test.for(["", "secret", "ab".repeat(31), "A".repeat(44), "+".repeat(43)])(
    "a malformed key %j is refused",
    async (text) => {
      const place = await placeInFolder((file) => store(file, noKey));
      const byEnvironment = await opened(place.file, { RAPPORT_STORE_KEY: text });
      await expect(byEnvironment.sealKey?.(make)).rejects.toMatchObject({ code: "store.keyWrong" });
      await byEnvironment[Symbol.asyncDispose]();

      await writeFile(`${place.file}.key`, text);
      const byFile = await opened(place.file);
      await expect(byFile.sealKey?.(make)).rejects.toMatchObject({ code: "store.keyWrong" });
      await byFile[Symbol.asyncDispose]();
      await place.remove?.();
    },
  );

  test("a key file that was lost is missed as soon as there are documents", async () => {
    const place = await placeInFolder((file) => store(file, noKey));
    const first = await opened(place.file);
    await first.sealKey?.(make);
    await first.commit({ puts: [{ key: "acme/things/1", document: {} }] });
    await first[Symbol.asyncDispose]();
    await rm(`${place.file}.key`);

    const second = await opened(place.file);

    await expect(second.sealKey?.(make)).rejects.toMatchObject({ code: "store.keyMissing" });
    await second[Symbol.asyncDispose]();
    await place.remove?.();
  });
}
