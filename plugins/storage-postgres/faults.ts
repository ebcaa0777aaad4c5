import { Bug, type Code, fault, RapportError } from "rapport/core";

/** What an error of PostgreSQL or of the way to it means here. Faults pass through unchanged. */
export function faultOf(problem: unknown, schema: string): Error {
  if (problem instanceof RapportError || problem instanceof Bug) return problem;
  const [code, meaning] = meaningOf(sqlStateOf(problem));
  return fault(code, `PostgreSQL, schema "${schema}", ${meaning}.`, { cause: problem });
}

/** The five characters by which PostgreSQL names what went wrong, or nothing when it was not PostgreSQL that spoke. */
export function sqlStateOf(problem: unknown): string | undefined {
  if (typeof problem !== "object" || problem === null || !("code" in problem)) return undefined;
  const code = String(problem.code);
  // Each SQLSTATE of PostgreSQL has a digit, and no error of the operating system has one.
  return /^(?=.*\d)[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

/** True when the connection is gone or going, so that nobody will answer on it any more. */
export function isLost(problem: unknown): boolean {
  if (problem instanceof RapportError || problem instanceof Bug) return false;
  return /^(08|57P|25P03)/.test(sqlStateOf(problem) ?? "08");
}

function meaningOf(state: string | undefined): [Code, string] {
  if (state === undefined || /^(08|57)/.test(state)) return ["store.unavailable", "cannot be reached; see the cause"];
  if (state === "53100") return ["store.full", "cannot grow: the disk is full"];
  if (/^XX00[12]/.test(state)) return ["store.corrupted", "is damaged"];
  return ["store.unavailable", "cannot be read or written; see the cause"];
}
