// An account that was erased is in no file any more, byte for byte.
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRapport } from "rapport";
import { type Plugin, Store, type StorePort } from "rapport/core";
import { createLowdbStore } from "rapport/plugins/storage-lowdb";
import { createSqliteStore } from "rapport/plugins/storage-sqlite";
import { loopbackTransport } from "rapport/plugins/transport-loopback";
import { createWorld } from "rapport/testkit";
import { expect, test } from "vitest";
import { arbitrary, greeting, onDay } from "../services/scenes.ts";

const stores: { readonly [kind: string]: (file: string) => StorePort } = {
  sqlite: (file) => createSqliteStore({ file, environment: {} }),
  lowdb: (file) => createLowdbStore({ file, environment: {} }),
};

test.for(Object.entries(stores))("nothing of an erased account is left in the files of %s", async ([, storeOf]) => {
  const folder = await mkdtemp(join(tmpdir(), "rapport-erased-"));
  try {
    await using world = await createWorld();
    const library = await world.person("library");
    const storage: Plugin = {
      name: "files",
      register: ({ provide }) => provide(Store, () => storeOf(join(folder, "store"))),
    };
    const rapport = await createRapport({ background: false, plugins: [storage, loopbackTransport(world.relay)] });
    const bytes = async () => {
      const files = (await readdir(folder)).filter((file) => !file.endsWith(".key"));
      return Buffer.concat(await Promise.all(files.map((file) => readFile(join(folder, file)))));
    };
    const reader = await rapport.accounts.create({ name: "MARKER-name" }, { commandId: "MARKER-command" });
    const { deletion, relationships, messages, identityMetadata, tokens, address } = reader;
    const template = await library.account.templates.create({ content: arbitrary, expiresAt: onDay(3) });
    await reader.templates.load({ reference: template.reference.url }, { commandId: "MARKER-load" });
    const { id } = await relationships.create({ templateId: template.id, creationContent: greeting });
    await library.account.sync();
    await library.account.relationships.accept(id);
    await reader.sync();
    const recipients = [library.account.address];
    await messages.send({ recipients, content: { "@type": "ArbitraryMessageContent", value: "MARKER-message" } });
    await identityMetadata.upsert({ reference: library.account.address, key: "MARKER-key", value: "MARKER-note" });
    await tokens.create({ content: 1, expiresAt: onDay(3) });
    expect((await bytes()).includes("MARKER-message")).toBe(true);
    await deletion.start({ lengthOfGracePeriodInDays: 0 });

    await rapport.accounts.erase("MARKER-name");
    await rapport.close();

    const left = await bytes();
    expect(left.length).toBeGreaterThan(0);
    const readable = ["MARKER", address, library.account.address, id, template.id, reader.deviceId];
    expect(readable.filter((text) => left.includes(text))).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
