// Writes every generated page. Each is made, and otherwise compared, by a test called docs.test.ts.
import { spawnSync } from "node:child_process";

const { status } = spawnSync("npx", ["vitest", "run", "--config", ".config/vitest.config.ts", "docs.test.ts"], {
  stdio: "inherit",
  env: { ...process.env, RAPPORT_WRITE_DOCS: "1" },
});
process.exitCode = status ?? 1;
