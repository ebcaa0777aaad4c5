import { createMemoryDisk, createMemoryStore } from "rapport/plugins/storage-memory";
import { storeContract } from "../../kit/contracts/store.ts";

storeContract("storage-memory", {
  place: () => {
    const disk = createMemoryDisk();
    return { store: () => createMemoryStore({ disk }) };
  },
});
