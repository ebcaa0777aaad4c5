import { createHash } from "node:crypto";

/** A hash over everything that happened, line by line. Two runs with the same hash were the same. */
export interface Trace {
  add(line: string): void;
  addBytes(bytes: Uint8Array): void;
  /** The hash so far, in hexadecimal. */
  hash(): string;
}

/** An empty trace; `heard` hears every line. */
export function createTrace(heard: (line: string) => void = () => undefined): Trace {
  const chain = createHash("sha256");
  return {
    add: (line) => {
      heard(line);
      chain.update(`${line}\n`);
    },
    addBytes: (bytes) => {
      chain.update(bytes);
    },
    hash: () => chain.copy().digest("hex"),
  };
}
