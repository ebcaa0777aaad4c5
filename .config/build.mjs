// Makes dist anew, so that no file outlives its source: the programs, then the Connector's page with what is no program in
// it. Makes the command executable: npm links the bin of a checkout before there is a build, and leaves its mode alone.
import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const root = new URL("../", import.meta.url);
const { bin } = createRequire(import.meta.url)("../package.json");

rmSync(new URL("dist", root), { recursive: true, force: true });
const tsc = fileURLToPath(new URL("node_modules/typescript/bin/tsc", root));
const compile = (config) =>
  spawnSync(process.execPath, [tsc, "-p", `.config/${config}`], { cwd: root, stdio: "inherit" }).status ?? 1;
const status = compile("tsconfig.build.json") || compile("tsconfig.page.json");
if (status === 0) {
  const page = "src/apps/connector/pages/app/";
  for (const name of readdirSync(new URL(page, root)).filter((one) => /\.(html|css|svg)$/.test(one))) {
    copyFileSync(new URL(page + name, root), new URL(`dist/${page}${name}`, root));
  }
  chmodSync(new URL(bin.rapport, root), 0o755);
  writeFileSync(new URL("dist/.built", root), "");
}
process.exitCode = status;
