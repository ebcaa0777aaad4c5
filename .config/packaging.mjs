// Packs the build once, as a user would get it, and lets publint and attw look at that very file.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "rapport-pack-"));
try {
  const packed = execFileSync("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", folder]);
  const tarball = join(folder, JSON.parse(packed.toString())[0].filename);
  const checks = [
    ["publint", "--strict", tarball],
    ["attw", tarball, "--profile", "esm-only", "--format", "ascii"],
  ];
  for (const [tool, ...options] of checks) {
    const { status, stdout, stderr } = spawnSync("npx", ["--no-install", tool, ...options], { encoding: "utf8" });
    console.log(status === 0 ? `${tool}: nothing to say` : `${stdout}${stderr}`);
    if (status !== 0) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
