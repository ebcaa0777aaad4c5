// Where the story keeps things: the engine in one store, the relay in another beside it.
import { existsSync } from "node:fs";
import { RapportError, type RapportOptions } from "rapport";
import { createLowdbStore, lowdbStorage } from "rapport/plugins/storage-lowdb";
import { createMemoryStore, memoryStorage } from "rapport/plugins/storage-memory";
import { createSqliteStore, sqliteStorage } from "rapport/plugins/storage-sqlite";
import type { RelayOptions } from "rapport/relay";

/** A store for the engine and one for the relay. Nothing is opened yet. */
export interface StoreChoice {
  readonly name: string;
  /** Absent when nothing is kept. */
  readonly files?: { readonly engine: string; readonly relay: string };
  readonly plugin: () => NonNullable<RapportOptions["plugins"]>[number];
  readonly relayStore: () => RelayOptions["store"];
}

/** Reads `memory`, `lowdb:FILE` or `sqlite:FILE`. Throws `input.invalid`. */
export function parseStoreChoice(text: string): StoreChoice {
  if (text === "memory") {
    return { name: "memory", plugin: () => memoryStorage(), relayStore: () => createMemoryStore() };
  }
  const at = text.indexOf(":");
  const kind = at < 0 ? text : text.slice(0, at);
  const engine = at < 0 ? "" : text.slice(at + 1);
  if ((kind !== "lowdb" && kind !== "sqlite") || engine === "") {
    throw new RapportError("input.invalid", `--store is "${text}". Use memory, lowdb:FILE or sqlite:FILE.`);
  }
  const relay = `${engine}.relay`;
  checkPair(engine, relay);
  const isLowdb = kind === "lowdb";
  return {
    name: kind,
    files: { engine, relay },
    plugin: () => (isLowdb ? lowdbStorage({ file: engine }) : sqliteStorage({ file: engine })),
    relayStore: () => (isLowdb ? createLowdbStore({ file: relay }) : createSqliteStore({ file: relay })),
  };
}

// The identities in one file are known to the other, so one alone is of no use.
function checkPair(engine: string, relay: string): void {
  const [hasEngine, hasRelay] = [existsSync(engine), existsSync(relay)];
  if (hasEngine === hasRelay) return;
  const [there, missing] = hasEngine ? [engine, relay] : [relay, engine];
  const message = `--store: ${there} is there, but ${missing} is not. They belong together: bring it back, or use another file.`;
  throw new RapportError("input.invalid", message);
}
