/**
 * One process per file. The lock is `<file>.lock`; it names its holder, so that the lock of a dead process is taken over.
 *
 * L1. A lock appears whole: it is written elsewhere and linked, and a link never replaces another lock.
 * L2. Process ids come back (in a container at once), so a lock also names the start of its process where /proc tells it.
 */
import { randomBytes } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { fault } from "rapport/core";
import { isErrno } from "./faults.ts";
import { lockTriesMax } from "./limits.ts";

/** Takes the lock and returns the way to give it back. Faults: `store.inUse`, naming the process that has it. */
export function takeLock(file: string): () => void {
  const lock = `${file}.lock`;
  const draft = `${lock}.${randomBytes(6).toString("hex")}`;
  const mine = { pid: process.pid, started: startOf(process.pid) ?? "unknown" };
  writeFileSync(draft, JSON.stringify(mine), { mode: 0o600, flag: "wx" });
  try {
    for (let tries = 0; tries < lockTriesMax; tries += 1) {
      if (linked(draft, lock)) return () => rmSync(lock, { force: true });
      const holder = readLock(lock);
      if (holder !== undefined && isAlive(holder)) throw inUse(file, holder.pid);
      removeStale(lock, holder, `${draft}.stale`);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  throw inUse(file, undefined);
}

interface Holder {
  readonly pid: number;
  readonly started: string;
}

function inUse(file: string, pid: number | undefined): Error {
  const who = pid === undefined ? "another process" : pid === process.pid ? "this process" : `process ${pid}`;
  return fault("store.inUse", `The file "${file}" is open in ${who}. Close it there or choose another file.`, {
    ...(pid === undefined ? {} : { details: { pid } }),
  });
}

function linked(draft: string, lock: string): boolean {
  try {
    linkSync(draft, lock);
    return true;
  } catch (problem) {
    if (isErrno(problem, "EEXIST")) return false;
    throw problem;
  }
}

function readLock(lock: string): Holder | undefined {
  try {
    const { pid, started } = JSON.parse(readFileSync(lock, "utf8"));
    return typeof pid === "number" && typeof started === "string" ? { pid, started } : undefined;
  } catch {
    return undefined;
  }
}

/** Moves the lock aside first: if somebody has renewed it meanwhile, it goes back. */
function removeStale(lock: string, stale: Holder | undefined, aside: string): void {
  try {
    renameSync(lock, aside);
  } catch (problem) {
    if (isErrno(problem, "ENOENT")) return;
    throw problem;
  }
  const moved = readLock(aside);
  if (moved !== undefined && (moved.pid !== stale?.pid || moved.started !== stale.started)) linked(aside, lock);
  rmSync(aside, { force: true });
}

function isAlive({ pid, started }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (problem) {
    // EPERM means that it lives and belongs to somebody else.
    return isErrno(problem, "EPERM");
  }
  const now = startOf(pid);
  return now === undefined || started === "unknown" || now === started;
}

/** When a process started, in ticks since boot; nothing where there is no /proc. */
function startOf(pid: number): string | undefined {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the program's name in parentheses, which may hold spaces; the start is the 22nd field.
    return line.slice(line.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}
