import { createMemoryDisk, createMemoryStore } from "rapport/plugins/storage-memory";
import { storeContract } from "../../kit/contracts/store.ts";

storeContract("storage-memory", {
  place: () => {
    const disk = createMemoryDisk();
    return { store: () => createMemoryStore({ disk }) };
  },
  waived: {
    "erased content is gone from the raw files after closing": "a memory store has no files, and ends with the process",
    "the key for secrets is nowhere in the raw files": "a memory store has no files, and ends with the process",
  },
});
