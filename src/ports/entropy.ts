/** Unpredictable bytes. With a seeded implementation the same calls give the same bytes. */
export interface Entropy {
  bytes(count: number): Uint8Array;
}
