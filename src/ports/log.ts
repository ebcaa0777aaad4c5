import type { JsonObject } from "../model/json.ts";

/** Where the engine says what happened. Entries never hold secrets, plaintexts or ciphertext bodies. */
export interface Log {
  write(level: "debug" | "info" | "warn" | "error", message: string, facts?: JsonObject): void;
}
