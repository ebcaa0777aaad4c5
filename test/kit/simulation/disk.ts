import { fault } from "rapport/core";

/**
 * A disk with one journal, one key and blobs. What was appended is durable once somebody acknowledged it; of what was not, a
 * crash may leave any beginning.
 */
export interface SimulatedDisk {
  /** The journal as it is now; a view, not a copy. */
  bytes(): Uint8Array;
  /** Adds to the journal. Fault: `store.full`, before anything is written. */
  append(bytes: Uint8Array): void;
  /** Everything that was appended so far survives a crash. */
  acknowledge(): void;
  /** What a crash does to the part that nobody acknowledged: `share` of it, from 0 to 1, stays. True if there was such a part. */
  tear(share: number): boolean;
  /** The journal becomes this, at once or not at all. */
  replace(bytes: Uint8Array): void;
  /** The same content on another disk; from here on they go separate ways. */
  copy(): SimulatedDisk;
  /** A full disk takes nothing more. */
  isFull: boolean;
  key: string | undefined;
  /** Which process has it; another one that opens it takes it away. */
  owner: object | undefined;
  readonly blobs: Map<string, Uint8Array>;
}

/** An empty disk, or one with this journal. */
export function createSimulatedDisk(content: Uint8Array = new Uint8Array()): SimulatedDisk {
  let space = new Uint8Array(Math.max(4096, content.length));
  space.set(content);
  let used = content.length;
  let durable = used;
  const reserve = (length: number) => {
    if (length <= space.length) return;
    const wider = new Uint8Array(Math.max(length, space.length * 2));
    wider.set(space.subarray(0, used));
    space = wider;
  };
  const disk: SimulatedDisk = {
    bytes: () => space.subarray(0, used),
    append: (bytes) => {
      if (disk.isFull) throw fault("store.full", "The simulated disk is full.");
      reserve(used + bytes.length);
      space.set(bytes, used);
      used += bytes.length;
    },
    acknowledge: () => {
      durable = used;
    },
    tear: (share) => {
      const loose = used - durable;
      used = durable + Math.floor(loose * share);
      space.fill(0, used);
      durable = used;
      return loose > 0;
    },
    replace: (bytes) => {
      space = new Uint8Array(Math.max(4096, bytes.length));
      space.set(bytes);
      used = bytes.length;
      durable = used;
    },
    copy: () => {
      const other = createSimulatedDisk(space.subarray(0, used));
      other.key = disk.key;
      for (const [name, bytes] of disk.blobs) other.blobs.set(name, bytes);
      return other;
    },
    isFull: false,
    key: undefined,
    owner: undefined,
    blobs: new Map(),
  };
  return disk;
}
