// One report per door, drawn from the built declarations: what a release promises, reviewed like code. A stale report
// fails; `npm run api -- --write` writes them.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { CompilerState, Extractor, ExtractorConfig } from "@microsoft/api-extractor";

const root = fileURLToPath(new URL("..", import.meta.url));
const packageJsonFullPath = join(root, "package.json");
const reports = join(root, "docs/api");
const write = process.argv.includes("--write");
const { exports } = createRequire(import.meta.url)(packageJsonFullPath);
const doors = Object.entries(exports).filter(([, target]) => target.types !== undefined);
const drafts = mkdtempSync(join(tmpdir(), "rapport-api-"));

mkdirSync(reports, { recursive: true });
draftAll(doors.map(([door, { types }]) => configOf(nameOf(door), join(root, types))));
const stale = write
  ? []
  : doors.map(([door]) => nameOf(door)).filter((name) => read(reports, name) !== read(drafts, name));
const orphans = readdirSync(reports).filter((file) => !doors.some(([door]) => file === `${nameOf(door)}.api.md`));
if (write) {
  for (const [door] of doors) writeFileSync(join(reports, `${nameOf(door)}.api.md`), read(drafts, nameOf(door)));
  for (const file of orphans) rmSync(join(reports, file));
}
rmSync(drafts, { recursive: true, force: true });

for (const name of stale)
  console.error(`docs/api/${name}.api.md is stale; run npm run api -- --write and read the difference`);
if (!write) for (const file of orphans) console.error(`docs/api/${basename(file)} belongs to no door`);
if (stale.length > 0 || (!write && orphans.length > 0)) process.exitCode = 1;
else console.log(`${doors.length} doors ${write ? "written to" : "as"} docs/api`);

/** "./plugins/storage-memory" is reported as "plugins-storage-memory", "." as "rapport". */
function nameOf(door) {
  return door === "." ? "rapport" : door.slice(2).replaceAll("/", "-");
}

function read(folder, name) {
  try {
    return readFileSync(join(folder, `${name}.api.md`), "utf8");
  } catch (problem) {
    if (problem.code === "ENOENT") return undefined;
    throw problem;
  }
}

/** One program for all doors: they share nearly every declaration. */
function draftAll(configs) {
  const [first, ...others] = configs;
  const additionalEntryPoints = others.map(({ mainEntryPointFilePath }) => mainEntryPointFilePath);
  const compilerState = CompilerState.create(first, { additionalEntryPoints });
  for (const config of configs) {
    Extractor.invoke(config, { localBuild: true, compilerState, messageCallback: quiet });
  }
}

function configOf(name, mainEntryPointFilePath) {
  return ExtractorConfig.prepare({
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath,
      newlineKind: "lf",
      compiler: { overrideTsconfig: compilerOptions() },
      apiReport: {
        enabled: true,
        reportFileName: `${name}.api.md`,
        reportFolder: drafts,
        reportTempFolder: join(drafts, "temp"),
        includeForgottenExports: false,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        extractorMessageReporting: { default: { logLevel: "none" } },
        tsdocMessageReporting: { default: { logLevel: "none" } },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath,
  });
}

function compilerOptions() {
  return {
    compilerOptions: {
      target: "es2022",
      module: "nodenext",
      moduleResolution: "nodenext",
      lib: ["es2023", "esnext.disposable"],
      types: ["node"],
      strict: true,
      skipLibCheck: true,
    },
    files: doors.map(([, { types }]) => join(root, types)),
  };
}

/** Errors stay; the rest is noise about TypeScript's version and new files. */
function quiet(message) {
  if (message.logLevel !== "error") message.handled = true;
}
