// Where the relay keeps things: documents, the bytes of Files, and the news between its processes.
import { createFolderBlobs } from "rapport/plugins/blobs-folder";
import { createMemoryBlobs, createMemoryStore } from "rapport/plugins/storage-memory";
import { createSqliteStore } from "rapport/plugins/storage-sqlite";
import type { RelayOptions } from "rapport/relay";
import type { Settings } from "./settings.ts";

type Store = RelayOptions["store"];
type Blobs = NonNullable<RelayOptions["blobs"]>;
type WakeUps = NonNullable<RelayOptions["wakeUps"]>;

/** The places of one relay, and their names without secrets. Nothing is opened yet. */
export interface Places {
  readonly store: Store;
  readonly blobs: Blobs;
  readonly wakeUps?: WakeUps;
  readonly says: { readonly store: string; readonly files: string; readonly news: string };
}

type Choice = Pick<Settings, "store" | "keyFile" | "blobs" | "nats">;

/** Makes what the settings ask for. */
export async function placesOf(settings: Choice): Promise<Places> {
  const main = settings.store.startsWith("postgres") ? await postgres(settings) : embedded(settings);
  if (settings.nats === undefined) return main;
  const { createNatsWakeUps } = await import("rapport/plugins/wake-ups-nats");
  const news = `NATS at ${withoutPassword(settings.nats)}`;
  return { ...main, wakeUps: createNatsWakeUps({ servers: settings.nats }), says: { ...main.says, news } };
}

function embedded({ store, blobs }: Choice): Places {
  const news = "this process alone";
  const folder = blobs ?? (store === "memory" ? undefined : `${store.slice("sqlite:".length)}.files`);
  const kept = folder === undefined ? createMemoryBlobs() : createFolderBlobs({ folder });
  const files = folder ?? "memory";
  if (store === "memory") return { store: createMemoryStore(), blobs: kept, says: { store, files, news } };
  const file = store.slice("sqlite:".length);
  return { store: createSqliteStore({ file }), blobs: kept, says: { store, files, news } };
}

// Doors with drivers are opened when they are asked for: an embedded relay needs none of them.
async function postgres({ store, keyFile, blobs }: Choice): Promise<Places> {
  const door = await import("rapport/plugins/storage-postgres");
  const at = { connectionString: store };
  const name = withoutPassword(store);
  return {
    store: door.createPostgresStore(keyFile === undefined ? at : { ...at, keyFile }),
    blobs: blobs === undefined ? door.createPostgresBlobs(at) : createFolderBlobs({ folder: blobs }),
    wakeUps: door.createPostgresWakeUps(at),
    says: { store: name, files: blobs ?? "the same database", news: "the same database" },
  };
}

/** The address without its password and its settings, for people and logs. */
export function withoutPassword(address: string): string {
  return address.replace(/\?.*$/, "").replace(/\/\/(.*)@/, (_match, login: string) => `//${login.split(":")[0]}@`);
}
