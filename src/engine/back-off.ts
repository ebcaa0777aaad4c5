import type { Entropy } from "../ports/entropy.ts";

/** Milliseconds to wait after the n-th failed try: doubled each time, capped, and spread by up to a half. */
export function waitOf(entropy: Entropy, attempt: number, bounds: { firstMs: number; mostMs: number }): number {
  const full = Math.min(bounds.mostMs, bounds.firstMs * 2 ** Math.min(attempt - 1, 30));
  const [byte = 0] = entropy.bytes(1);
  return Math.round(full * (0.5 + byte / 512));
}
