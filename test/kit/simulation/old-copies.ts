// A disk that is put back from an older copy: what it no longer knows is nobody's mistake (C2).
import type { Document } from "rapport/core";
import type { Citizen } from "./citizen.ts";
import type { SimulatedDisk } from "./disk.ts";
import { documentsOn } from "./journal-store.ts";
import type { Town } from "./town.ts";

/** Puts somebody on an older copy of their disk; their process starts there. */
export async function putBack(town: Town, citizen: Citizen, copy: SimulatedDisk): Promise<void> {
  const now = documentsBy(citizen.disk);
  citizen.kill(1);
  const disk = copy.copy();
  disk.isFull = false;
  const then = documentsBy(disk);
  const forgotten = town.forgotten.get(citizen.name) ?? new Set<string>();
  town.forgotten.set(citizen.name, forgotten);
  for (const [key, document] of now) {
    if (JSON.stringify(then.get(key)) !== JSON.stringify(document)) forgotten.add(idOf(key));
  }
  // What was deleted since is there again.
  for (const key of then.keys()) if (!now.has(key)) forgotten.add(idOf(key));
  town.restored.add(citizen.address);
  citizen.laws.restored();
  citizen.putOn(disk);
  await citizen.start().catch(() => undefined);
}

const idOf = (key: string): string => key.slice(key.lastIndexOf("/") + 1);

function documentsBy(disk: SimulatedDisk): ReadonlyMap<string, Document> {
  return new Map(documentsOn(disk).map(({ stored }) => [stored.key, stored.document]));
}
