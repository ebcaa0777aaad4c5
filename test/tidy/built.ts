// The build that tests of the built package look at: made when it is missing or older than its sources.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync, statSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { pathsBelow, root } from "./sources.ts";

const lock = `${root}/node_modules/.rapport-build`;
/** Written last, so that a build that is still going on does not count. */
const stamp = `${root}/dist/.built`;

/** Returns once dist is as new as the sources; only one of the processes that ask builds it. */
export async function freshBuild(): Promise<void> {
  while (isStale()) {
    if (!taken()) {
      await wait(250);
      continue;
    }
    try {
      if (isStale()) await build();
    } finally {
      rmSync(lock, { recursive: true, force: true });
    }
  }
}

function isStale(): boolean {
  const built = changedAt(stamp);
  const sources = ["machines", "src", "plugins", "test/kit"].flatMap((folder) => pathsBelow(folder));
  const all = [...sources, "package.json", "tsconfig.json", ".config/tsconfig.build.json"];
  return built === undefined || all.some((path) => (changedAt(`${root}/${path}`) ?? 0) > built);
}

/** True when the lock is ours now. One that is ten minutes old was left behind by a process that was killed. */
function taken(): boolean {
  const since = changedAt(lock);
  if (since !== undefined && Date.now() - since > 600_000) rmSync(lock, { recursive: true, force: true });
  try {
    mkdirSync(lock);
    return true;
  } catch {
    return false;
  }
}

async function build(): Promise<void> {
  const child = spawn(process.execPath, [".config/build.mjs"], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => said.push(chunk));
  const [status] = await once(child, "close");
  if (status !== 0) throw new Error(`The build failed:\n${Buffer.concat(said).toString()}`);
}

function changedAt(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}
