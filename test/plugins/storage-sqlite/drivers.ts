import { createRequire } from "node:module";
import type { SqliteLike } from "rapport/plugins/storage-sqlite";

type Driver = new (file: string) => SqliteLike;

const require = createRequire(import.meta.url);

/** The drivers that are installed here; libsql always is. */
export const drivers: readonly { readonly driver: string; readonly open: (file: string) => SqliteLike }[] = [
  "libsql",
  "better-sqlite3",
].flatMap((driver) => {
  const Database = installed(driver);
  return Database === undefined ? [] : [{ driver, open: (file: string) => new Database(file) }];
});

function installed(driver: string): Driver | undefined {
  try {
    const Database: Driver = require(driver);
    new Database(":memory:").close();
    return Database;
  } catch (problem) {
    if (driver === "libsql") throw problem;
    return undefined;
  }
}
