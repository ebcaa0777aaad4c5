import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSqliteStore } from "rapport/plugins/storage-sqlite";
import { collections } from "rapport/relay";
import { onTestFinished, test } from "vitest";
import { killLimitMs, killUnderLoad } from "./kills.ts";
import { onSeededPlan } from "./proof.ts";

test(
  "a relay on SQLite that is killed again and again loses nothing and does nothing twice",
  { timeout: killLimitMs },
  () =>
    onSeededPlan(async (seed) => {
      const root = await mkdtemp(join(tmpdir(), "rapport-relay-"));
      onTestFinished(() => rm(root, { recursive: true }));
      const file = join(root, "store");
      const folder = join(root, "blobs");
      const open = async () => {
        const store = createSqliteStore({ file });
        await store.open(collections);
        return store;
      };

      await killUnderLoad({ words: ["--sqlite", file, "--blobs", folder], folder, store: open }, 1, seed);
    }),
);
