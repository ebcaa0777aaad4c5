import { Bug, fault, RapportError } from "rapport/core";

/** What an error of the file system means here. Faults pass through unchanged. */
export function faultOf(problem: unknown, file: string): Error {
  if (problem instanceof RapportError || problem instanceof Bug) return problem;
  if (isErrno(problem, "ENOSPC") || isErrno(problem, "EDQUOT")) {
    return fault("store.full", `The file "${file}" cannot be replaced: the disk is full.`, { cause: problem });
  }
  return fault("store.unavailable", `The file "${file}" cannot be read or replaced; see the cause.`, {
    cause: problem,
  });
}

/** True for errors of the file system with this code. */
export function isErrno(problem: unknown, code: string): boolean {
  return problem instanceof Error && "code" in problem && problem.code === code;
}
