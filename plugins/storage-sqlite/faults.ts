import { Bug, type Code, fault, RapportError } from "rapport/core";

/** What an error of SQLite means here. Faults pass through unchanged. */
export function faultOf(problem: unknown, file: string): Error {
  if (problem instanceof RapportError || problem instanceof Bug) return problem;
  const [code, meaning] = meaningOf(sqliteCode(problem));
  return fault(code, `The SQLite file "${file}" ${meaning}.`, { cause: problem });
}

/** Runs the work and turns what SQLite throws into faults. */
export function guarded<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (problem) {
    throw faultOf(problem, file);
  }
}

function meaningOf(code: string): [Code, string] {
  if (/^SQLITE_(NOTADB|CORRUPT)/.test(code)) return ["store.corrupted", "is damaged or is no database"];
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) return ["store.inUse", "is open in another process"];
  if (/^SQLITE_FULL/.test(code)) return ["store.full", "cannot grow: the disk is full"];
  return ["store.unavailable", "cannot be read or written; see the cause"];
}

function sqliteCode(problem: unknown): string {
  if (typeof problem !== "object" || problem === null || !("code" in problem)) return "";
  return String(problem.code);
}
