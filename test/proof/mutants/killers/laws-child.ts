// Laws that are written as tests, run by vitest until the first one that fails.
import { startVitest, type TestCase, type TestModule, type Vite } from "vitest/node";
import { spoiled } from "../mutant.ts";
import { asked, lawIn, plantedSlip, tell } from "./verdict.ts";

const root = new URL("../../../..", import.meta.url).pathname;
const { files, sentence } = asked("laws");
const slip = plantedSlip();

const isSpoiled = (id: string) => slip !== undefined && id.split("?")[0] === root + slip.file;

const mutating: Vite.Plugin = {
  name: "mutant",
  enforce: "pre",
  transform: (text, id) => (slip !== undefined && isSpoiled(id) ? spoiled(text, slip) : undefined),
  // What is kept from run to run is the code as it is.
  configureVitest: ({ experimental_defineCacheKeyGenerator: keyed }) => keyed(({ id }) => (isSpoiled(id) ? false : null)),
};

const vitest = await startVitest(
  "test",
  [...files],
  {
    root,
    config: `${root}.config/vitest.config.ts`,
    run: true,
    watch: false,
    bail: 1,
    typecheck: { enabled: false },
    experimental: { fsModuleCache: true, fsModuleCachePath: `${root}node_modules/.cache/rapport-laws` },
    reporters: [{}],
    ...(sentence === undefined ? {} : { testNamePattern: sentence }),
  },
  { plugins: [mutating] },
);

let runs = 0;
let by: string | undefined;
for (const module of vitest.state.getTestModules()) {
  by ??= unloaded(module);
  for (const law of module.children.allTests()) {
    const { state } = law.result();
    if (state === "passed" || state === "failed") runs += 1;
    if (state === "failed") by ??= `${law.fullName}: ${why(law)}`;
  }
}
if (runs === 0 && by === undefined) throw new Error(`There is no law "${sentence}" in ${files.join(", ")}.`);
process.exitCode = 0;
tell({ killed: by !== undefined, runs, ...(by === undefined ? {} : { by }) });

function unloaded(module: TestModule): string | undefined {
  const [problem] = module.errors();
  return problem === undefined ? undefined : `${module.moduleId.slice(root.length)} cannot be loaded: ${lawIn(problem.message)}`;
}

function why(law: TestCase): string {
  return lawIn(law.result().errors?.[0]?.message ?? "");
}
