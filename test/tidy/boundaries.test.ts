// Plants a breach of every rule of .config/boundaries.cjs in a small copy of the house and sees each one caught.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "./sources.ts";

const require = createRequire(import.meta.url);
const rules: { forbidden: readonly { name: string }[] } = require(join(root, ".config/boundaries.cjs"));

/** Rule, the file with the breach, what it imports. */
const breaches = [
  ["everything-resolves", "src/engine/lost.ts", "./nowhere.ts"],
  ["no-circles", "src/engine/circle-a.ts", "./circle-b.ts"],
  ["machines-stay-pure", "machines/toy/clock.ts", "node:timers"],
  ["machines-stay-pure", "machines/toy/parse.ts", "zod"],
  ["machines-stay-pure", "machines/toy/model.ts", "../../src/model/ids.ts"],
  ["errors-know-their-place", "src/errors/breach.ts", "../model/ids.ts"],
  ["model-know-their-place", "src/model/breach.ts", "../ports/store.ts"],
  ["wire-know-their-place", "src/wire/breach.ts", "../engine/inbox.ts"],
  ["ports-know-their-place", "src/ports/breach.ts", "../wire/operations.ts"],
  ["ports-know-their-place", "src/ports/transport.ts", "../engine/inbox.ts"],
  ["di-know-their-place", "src/di/breach.ts", "../ports/store.ts"],
  ["turn-know-their-place", "src/turn/breach.ts", "../relay/desk.ts"],
  ["sealed-know-their-place", "src/sealed/breach.ts", "../turn/turn.ts"],
  ["relay-know-their-place", "src/relay/breach.ts", "../sealed/message.ts"],
  ["relay-know-their-place", "src/relay/engine.ts", "../engine/inbox.ts"],
  ["items-know-their-place", "src/items/breach.ts", "../engine/inbox.ts"],
  ["engine-know-their-place", "src/engine/breach.ts", "../services/templates.ts"],
  ["engine-know-their-place", "src/engine/relay.ts", "rapport/relay"],
  ["engine-know-their-place", "src/engine/plugin.ts", "rapport/plugins/storage-memory"],
  ["services-know-their-place", "src/services/breach.ts", "../relay/desk.ts"],
  ["leaves-import-nothing", "src/limits.ts", "./errors/bug.ts"],
  ["core-is-ports-and-types", "src/core.ts", "./engine/inbox.ts"],
  ["index-composes", "src/index.ts", "./apps/cli/bin.ts"],
  ["index-composes", "src/index.ts", "../plugins/storage-memory/store.ts"],
  ["src-is-portable", "src/relay/files.ts", "node:fs"],
  ["src-needs-zod-alone", "src/turn/chart.ts", "xstate"],
  ["src-needs-zod-alone", "src/wire/queue.ts", "lowdb"],
  ["tsyringe-has-one-home", "src/engine/container.ts", "tsyringe"],
  ["plugins-are-strangers", "plugins/storage-lowdb/borrowed.ts", "../storage-memory/store.ts"],
  ["plugins-are-strangers", "plugins/storage-lowdb/neighbour.ts", "rapport/plugins/storage-memory"],
  ["plugins-use-the-doors", "plugins/storage-lowdb/rapport.ts", "rapport"],
  ["plugins-use-the-doors", "plugins/storage-lowdb/relay.ts", "rapport/relay"],
  ["plugins-use-the-doors", "plugins/transport-loopback/inside.ts", "../../src/relay/desk.ts"],
  ["doors-are-opened-by-name", "plugins/storage-lowdb/path.ts", "../../src/core.ts"],
  ["doors-are-opened-by-name", "src/apps/cli/path.ts", "../../index.ts"],
  ["doors-are-opened-by-name", "src/turn/chart-path.ts", "../../machines/index.ts"],
  ["plugins-bring-one-driver", "plugins/storage-lowdb/driver.ts", "libsql"],
  ["plugins-bring-one-driver", "plugins/storage-memory/driver.ts", "lowdb"],
  ["apps-use-the-doors", "src/apps/cli/inside.ts", "../../engine/inbox.ts"],
  ["apps-use-the-doors", "src/apps/console/neighbour.ts", "../cli/bin.ts"],
  ["serving-serves-any-app", "src/apps/serving/app.ts", "rapport"],
  ["nobody-imports-apps", "src/services/app.ts", "../apps/cli/bin.ts"],
  ["nobody-imports-apps", "src/services/http.ts", "rapport/relay/http"],
  ["nobody-imports-apps", "plugins/storage-lowdb/http.ts", "rapport/relay/http"],
  ["nobody-imports-apps", "test/stories/app.test.ts", "../../src/apps/cli/bin.ts"],
  ["nobody-imports-tests", "plugins/storage-lowdb/kit.ts", "rapport/testkit"],
  ["nobody-imports-tests", "src/apps/cli/kit.ts", "rapport/testkit"],
  ["nobody-imports-tests", "src/apps/relay/proof.ts", "rapport/proof"],
  ["kit-uses-the-doors", "test/kit/inside.ts", "../../src/engine/inbox.ts"],
  ["kit-uses-the-doors", "test/kit/check/app.ts", "../../../src/apps/cli/bin.ts"],
  ["kit-needs-vitest-and-fast-check", "test/kit/files.ts", "node:fs"],
  ["kit-needs-vitest-and-fast-check", "test/kit/database.ts", "lowdb"],
  ["kit-needs-vitest-and-fast-check", "test/kit/check/runner.ts", "vitest"],
  ["kit-needs-vitest-and-fast-check", "test/kit/simulation/files.ts", "node:fs"],
  ["tests-mirror-one-folder", "test/engine/relay.test.ts", "../../src/relay/desk.ts"],
  ["tests-mirror-one-folder", "test/machines/engine.test.ts", "../../src/engine/inbox.ts"],
  ["tests-mirror-one-folder", "test/plugins/storage-lowdb/other.test.ts", "../../../plugins/storage-memory/store.ts"],
  ["tests-mirror-one-folder", "test/apps/cli/other.test.ts", "../../../src/apps/connector/contract.ts"],
  ["stories-use-the-doors", "test/stories/inside.test.ts", "../../src/engine/inbox.ts"],
] as const;

/** What the table allows; none of it may be reported. */
const allowed = {
  "machines/index.ts": ["./toy/machine.ts"],
  "machines/toy/machine.ts": ["xstate"],
  "src/errors/bug.ts": [],
  "src/model/ids.ts": ["../errors/bug.ts", "zod", "rapport/machines"],
  "src/wire/operations.ts": ["../model/ids.ts", "zod"],
  "src/di/token.ts": ["tsyringe"],
  "src/ports/store.ts": ["../model/ids.ts", "../di/token.ts"],
  "src/turn/turn.ts": ["../ports/store.ts", "rapport/machines"],
  "src/sealed/message.ts": ["../ports/store.ts"],
  "src/sealed/address.ts": ["../wire/operations.ts"],
  "src/relay/index.ts": ["./desk.ts"],
  "src/relay/desk.ts": ["../turn/turn.ts", "../sealed/address.ts"],
  "src/items/consent.ts": ["../model/ids.ts"],
  "src/engine/inbox.ts": ["../items/consent.ts", "../sealed/message.ts", "../turn/turn.ts"],
  "src/engine/circle-b.ts": ["./circle-a.ts"],
  "src/services/templates.ts": ["../engine/inbox.ts"],
  "src/apps/cli/bin.ts": [
    "rapport",
    "rapport/relay",
    "rapport/relay/http",
    "rapport/plugins/storage-memory",
    "rapport/proof",
    "../connector/contract.ts",
    "../serving/listeners.ts",
    "node:fs",
  ],
  "src/apps/connector/contract.ts": ["zod"],
  "src/apps/relay/index.ts": ["rapport/relay"],
  "src/apps/serving/listeners.ts": ["node:http"],
  "plugins/storage-memory/index.ts": ["./store.ts"],
  "plugins/storage-memory/store.ts": ["rapport/core", "rapport/machines", "node:fs"],
  "plugins/storage-lowdb/index.ts": ["./store.ts"],
  "plugins/storage-lowdb/store.ts": ["rapport/core", "lowdb"],
  "plugins/transport-loopback/index.ts": ["rapport/core", "rapport/relay"],
  "test/kit/index.ts": ["rapport", "rapport/core", "vitest", "fast-check", "./contract.ts"],
  "test/kit/contract.ts": ["rapport/core"],
  "test/kit/proof.ts": ["./check/explore.ts"],
  "test/kit/check/explore.ts": ["rapport/core", "../../../src/engine/inbox.ts", "node:worker_threads", "node:crypto"],
  "test/stories/over-http.test.ts": ["rapport/relay/http"],
  "test/engine/inbox.test.ts": ["../../src/engine/inbox.ts", "rapport", "rapport/testkit", "../kit/contract.ts"],
  "test/machines/toy.test.ts": ["rapport/machines", "../../src/turn/step.ts"],
  "src/turn/step.ts": ["rapport/machines"],
  "test/plugins/storage-lowdb/storage.test.ts": ["../../../plugins/storage-lowdb/store.ts", "rapport/core"],
} as const satisfies Record<string, readonly string[]>;

interface Violation {
  readonly rule: { readonly name: string };
  readonly from: string;
  readonly to: string;
}

let house: string;
let violations: readonly Violation[];

beforeAll(async () => {
  house = await mkdtemp(join(tmpdir(), "rapport-boundaries-"));
  await plant(house);
  violations = await inspect(house);
});

afterAll(() => rm(house, { recursive: true, force: true }));

test.for(breaches)("%s is broken by %s importing %s", ([rule, file, imported]) => {
  const planted = breaches.filter(([name, from]) => name === rule && from === file);

  const found = violations.filter(({ from, rule: { name } }) => from === file && name === rule);

  expect(found.length, `${file} -> ${imported}`).toBeGreaterThanOrEqual(planted.length);
});

test("every rule has a breach here", () => {
  const names = [...new Set(rules.forbidden.map(({ name }) => name))].sort();

  expect([...new Set(breaches.map(([rule]) => rule))].sort()).toEqual(names);
});

describe("what the table allows is not reported", () => {
  const guilty = new Set<string>(breaches.map(([, file]) => file));

  test.for(Object.keys(allowed).filter((file) => !guilty.has(file)))("%s", (file) => {
    const found = violations.filter(({ from, rule: { name } }) => from === file && name !== "no-circles");

    expect(found.map(({ rule: { name }, to }) => `${name}: ${to}`)).toEqual([]);
  });
});

async function plant(folder: string): Promise<void> {
  const importsByFile = new Map<string, string[]>(Object.entries(allowed).map(([file, list]) => [file, [...list]]));
  for (const [, file, imported] of breaches) importsByFile.set(file, [...(importsByFile.get(file) ?? []), imported]);
  await write(join(folder, "package.json"), await packageJson());
  await write(join(folder, "tsconfig.json"), `{ "compilerOptions": { "module": "nodenext" } }`);
  for (const name of ["xstate", "zod", "tsyringe", "lowdb", "libsql", "vitest", "fast-check"]) {
    await write(join(folder, "node_modules", name, "package.json"), JSON.stringify({ name, main: "index.js" }));
    await write(join(folder, "node_modules", name, "index.js"), "");
  }
  for (const [file, list] of importsByFile) {
    await write(join(folder, file), list.map((name) => `import "${name}";\n`).join(""));
  }
}

/** The exports of the real package, so that its own name resolves the same way. */
async function packageJson(): Promise<string> {
  const { name, type, exports, dependencies, devDependencies } = require(join(root, "package.json"));
  return JSON.stringify({ name, type, exports, dependencies, devDependencies });
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

/** Runs the tool as `npm run boundaries` does; its exit code counts violations, so a rejection carries the report. */
async function inspect(folder: string): Promise<readonly Violation[]> {
  const bin = join(root, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
  const config = join(root, ".config/boundaries.cjs");
  const report = await promisify(execFile)(
    process.execPath,
    [bin, "--config", config, "--output-type", "json", "machines", "src", "plugins", "test"],
    { cwd: folder, maxBuffer: 64 * 1024 * 1024 },
  ).then(
    ({ stdout }) => stdout,
    ({ stdout }: { stdout: string }) => stdout,
  );
  return JSON.parse(report).summary.violations;
}
