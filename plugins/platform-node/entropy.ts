import { randomFillSync } from "node:crypto";
import type { EntropyPort } from "rapport/core";

/** One call into the system's generator costs as much as 4 KiB from it, and a handshake draws about 300 bytes. */
const poolBytes = 4096;

/** The system's randomness, drawn in blocks. Every byte is handed out once and wiped from the block at once. */
export function systemEntropy(): EntropyPort {
  const pool = new Uint8Array(poolBytes);
  let used = poolBytes;

  return {
    bytes(count) {
      if (count > poolBytes / 4) return randomFillSync(new Uint8Array(count));
      if (used + count > poolBytes) {
        randomFillSync(pool);
        used = 0;
      }
      const drawn = pool.slice(used, used + count);
      pool.fill(0, used, used + count);
      used += count;
      return drawn;
    },
  };
}
