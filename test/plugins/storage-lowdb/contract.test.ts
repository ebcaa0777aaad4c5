import { createLowdbStore } from "rapport/plugins/storage-lowdb";
import { storeContract } from "../../kit/contracts/store.ts";
import { noKey, placeInFolder } from "../storage-files.ts";

storeContract("storage-lowdb", {
  place: () => placeInFolder((file) => createLowdbStore({ file, environment: noKey })),
});
