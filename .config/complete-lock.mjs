// `npm ci` refuses a lock file that lacks a tool's builds for other platforms, and npm leaves out those that the registry
// it asked does not have. They are added by their names, which say the platform; npm fetches only the one that fits. They
// carry no hash, as nobody here could read it. Run `npm run lock` after adding or updating a package.
import { readFileSync, writeFileSync } from "node:fs";

const file = new URL("../package-lock.json", import.meta.url);
const lock = JSON.parse(readFileSync(file, "utf8"));
const systems = ["android", "darwin", "freebsd", "linux", "openharmony", "win32"];
const processors = ["arm64", "x64", "arm", "ia32", "ppc64", "riscv64", "s390x"];

const added = {};
for (const [path, { optionalDependencies = {}, dev, license }] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(path === "" ? {} : optionalDependencies)) {
    if (isKnown(path, name)) continue;
    added[`node_modules/${name}`] = { version, ...(dev && { dev }), license, optional: true, ...platformOf(name) };
  }
}
const { "": own, ...packages } = lock.packages;
const sorted = Object.entries({ ...packages, ...added }).sort(([a], [b]) => a.localeCompare(b, "en"));
lock.packages = { "": own, ...Object.fromEntries(sorted) };
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${Object.keys(added).length} builds for other platforms added to package-lock.json`);

/** True when the package that wants it would find it: beside itself or in a folder above. */
function isKnown(path, name) {
  const above = path.lastIndexOf("node_modules/");
  if (`${path}/node_modules/${name}` in lock.packages) return true;
  return path === "" ? `node_modules/${name}` in lock.packages : isKnown(path.slice(0, Math.max(0, above - 1)), name);
}

function platformOf(name) {
  const words = name.split(/[-/]/);
  const os = systems.filter((system) => words.includes(system));
  const cpu = processors.filter((processor) => words.includes(processor));
  if (os.length !== 1 || cpu.length !== 1) throw new Error(`The platform of ${name} is not in its name.`);
  const libc = words.some((word) => word.startsWith("musl")) ? "musl" : "glibc";
  return { os, cpu, ...(os[0] === "linux" && { libc: [libc] }) };
}
