import { storeContract } from "../../kit/contracts/store.ts";
import { placeInProcess, placeOnServer, server } from "./places.ts";

const erased = "erased content is gone from the raw files after closing";

server.describe(() =>
  storeContract("storage-postgres on a server", {
    place: placeOnServer,
    waived: {
      [erased]: "the server's files and its log keep old rows until they are overwritten; docs/plugins.md says so",
    },
  }),
);

storeContract("storage-postgres on PGlite", {
  place: placeInProcess,
  waived: {
    [erased]: "the database is in memory and has no files",
    "the key for secrets is nowhere in the raw files": "the database is in memory and has no files",
  },
});
