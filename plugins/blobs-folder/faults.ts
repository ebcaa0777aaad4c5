import { Bug, fault, RapportError } from "rapport/core";

/** What an error of the file system means here. Faults pass through unchanged. */
export function faultOf(problem: unknown, folder: string): Error {
  if (problem instanceof RapportError || problem instanceof Bug) return problem;
  if (isErrno(problem, "ENOSPC") || isErrno(problem, "EDQUOT")) {
    return fault("store.full", `The folder "${folder}" cannot take more: the disk is full.`, { cause: problem });
  }
  return fault("store.unavailable", `The folder "${folder}" cannot be read or written; see the cause.`, {
    cause: problem,
  });
}

/** True for errors of the file system with this code. */
export function isErrno(problem: unknown, code: string): boolean {
  return problem instanceof Error && "code" in problem && problem.code === code;
}
