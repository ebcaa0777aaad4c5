import type { EntropyPort } from "rapport/core";

/** Bytes that look random and are the same for the same seed (xoshiro128**, seeded by splitmix32). Never for real keys. */
export function createSeededEntropy(seed: number): EntropyPort {
  const state = stateFrom(seed);
  return {
    bytes: (count) => {
      const bytes = new Uint8Array(count);
      for (let at = 0; at < count; at += 4) {
        const word = next(state);
        for (let offset = 0; offset < 4 && at + offset < count; offset += 1) bytes[at + offset] = word >>> (offset * 8);
      }
      return bytes;
    },
  };
}

type State = [number, number, number, number];

function stateFrom(seed: number): State {
  let mixed = seed | 0;
  const mix = () => {
    mixed = (mixed + 0x9e3779b9) | 0;
    let word = mixed ^ (mixed >>> 16);
    word = Math.imul(word, 0x21f0aaad);
    word ^= word >>> 15;
    word = Math.imul(word, 0x735a2d97);
    return word ^ (word >>> 15);
  };
  return [mix(), mix(), mix(), mix()];
}

function next(state: State): number {
  const [a, b, c, d] = state;
  const scrambled = Math.imul(rotate(Math.imul(b, 5), 7), 9);
  const third = c ^ a;
  const fourth = d ^ b;
  state[1] = b ^ third;
  state[0] = a ^ fourth;
  state[2] = third ^ (b << 9);
  state[3] = rotate(fourth, 11);
  return scrambled >>> 0;
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
