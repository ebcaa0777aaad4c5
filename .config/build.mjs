// Makes dist anew, so that no file outlives its source, and makes the command executable: npm links the bin of a checkout
// before there is a build, and leaves its mode alone.
import { spawnSync } from "node:child_process";
import { chmodSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const root = new URL("../", import.meta.url);
const { bin } = createRequire(import.meta.url)("../package.json");

rmSync(new URL("dist", root), { recursive: true, force: true });
const tsc = fileURLToPath(new URL("node_modules/typescript/bin/tsc", root));
const { status } = spawnSync(process.execPath, [tsc, "-p", ".config/tsconfig.build.json"], {
  cwd: root,
  stdio: "inherit",
});
if (status === 0) {
  chmodSync(new URL(bin.rapport, root), 0o755);
  writeFileSync(new URL("dist/.built", root), "");
}
process.exitCode = status ?? 1;
