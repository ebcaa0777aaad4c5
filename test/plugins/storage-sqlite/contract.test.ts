import { createSqliteStore } from "rapport/plugins/storage-sqlite";
import { storeContract } from "../../kit/contracts/store.ts";
import { noKey, placeInFolder } from "../storage-files.ts";
import { drivers } from "./drivers.ts";

for (const { driver, open } of drivers) {
  storeContract(`storage-sqlite on ${driver}`, {
    place: () => placeInFolder((file) => createSqliteStore({ file, open, environment: noKey })),
  });
}
