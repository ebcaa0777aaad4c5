import type { LogPort } from "rapport/core";

const levels = ["debug", "info", "warn", "error", "silent"] as const;

/** From most to least; `silent` writes nothing. */
export type LogLevel = (typeof levels)[number];

/** `write` receives whole lines; it is standard error unless told otherwise. */
export interface LogOptions {
  /** Entries below it are dropped; `warn` unless told otherwise. */
  readonly level?: LogLevel;
  readonly write?: (line: string) => void;
}

/** Writes one JSON line per entry. A standard error that cannot be written to is not a reason to fail. */
export function standardErrorLog({ level = "warn", write = toStandardError }: LogOptions = {}): LogPort {
  const threshold = levels.indexOf(level);
  return {
    write(entryLevel, message, facts) {
      if (levels.indexOf(entryLevel) < threshold) return;
      write(`${JSON.stringify({ ...facts, time: new Date().toISOString(), level: entryLevel, message })}\n`);
    },
  };
}

/** Drops every entry. */
export function silentLog(): LogPort {
  return { write: () => undefined };
}

function toStandardError(line: string): void {
  try {
    process.stderr.write(line);
  } catch {
    // A closed pipe: the entry is lost, the work goes on.
  }
}
