// Runs the tests that count what they try, and gathers the counts.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { folderVariable, gathered } from "./figures.ts";

const counting = ["stories/crash-", "stories/bad-input", "stories/histories", "services/", "rules-table/naive"];

/** The sums, or that a test failed. */
export async function countedTests() {
  const folder = mkdtempSync(join(tmpdir(), "rapport-figures-"));
  const { status } = spawnSync(
    "npx",
    ["vitest", "run", "--config", ".config/vitest.config.ts", "--typecheck.enabled=false", ...counting],
    { stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, [folderVariable]: folder } },
  );
  const figures = gathered(folder);
  rmSync(folder, { recursive: true, force: true });
  return { figures, wrong: status === 0 ? [] : ["A test failed; run them with npm test."] };
}
