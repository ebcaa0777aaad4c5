// Randomness that follows from what is done: the same step of the same state draws the same bytes, so equal states are equal
// texts and need no renaming.
import { createHash } from "node:crypto";
import type { EntropyPort } from "rapport/core";

/** Bytes for one step, which is named by `label`. */
export function createDraws(label: () => string): EntropyPort {
  const drawn = new Map<string, number>();
  return {
    bytes: (count) => {
      const name = label();
      const parts: Uint8Array[] = [];
      for (let have = 0; have < count; have += 32) {
        const turn = drawn.get(name) ?? 0;
        drawn.set(name, turn + 1);
        parts.push(createHash("sha256").update(`${name}#${turn}`).digest());
      }
      return Uint8Array.from(Buffer.concat(parts).subarray(0, count));
    },
  };
}
