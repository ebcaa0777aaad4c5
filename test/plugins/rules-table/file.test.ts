// A table in a file: read at the start, and again when it changes.
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHost, type JsonObject, Log, type LogPort, Rule } from "rapport/core";
import { rulesTable } from "rapport/plugins/rules-table";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { facts, no, yes } from "./facts.ts";

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "rapport-rules-"));
  file = join(folder, "rules.json");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const accepting = [{ name: "first", requestConfig: {}, responseConfig: yes }];
const rejecting = [{ name: "second", requestConfig: {}, responseConfig: no }];

function started(options: { readonly watch?: boolean } = {}) {
  const said: { level: string; message: string; facts: JsonObject | undefined }[] = [];
  const log: LogPort = { write: (level, message, facts) => said.push({ level, message, facts }) };
  const ground = { name: "ground", register: ({ provide }) => provide(Log, () => log) } satisfies Parameters<
    typeof createHost
  >[0][0];
  const host = createHost([ground, rulesTable({ file, ...options })]);
  const [rule] = host.use(Rule);
  const decidedBy = () => {
    const verdict = rule?.judgeRequest?.(facts()) as { entries?: Record<string, string> };
    return verdict.entries?.["items[0]"];
  };
  return { host, rule, said, decidedBy };
}

test("a file is read at the start, and one that is not valid stops it", async () => {
  await writeFile(file, JSON.stringify(accepting));
  expect(started().decidedBy()).toBe("first");

  await writeFile(file, "[{");
  expect(() => started()).toThrow(expect.objectContaining({ code: "rules.invalid" }));
  await rm(file);
  expect(() => started()).toThrow(expect.objectContaining({ code: "rules.invalid" }));
});

test("a watched file is read again when it is written or replaced, until the host is closed", async () => {
  await writeFile(file, JSON.stringify(accepting));
  const { host, rule, decidedBy, said } = started({ watch: true });
  const revision = rule?.revision;

  await writeFile(file, JSON.stringify(rejecting));
  await vi.waitFor(() => expect(decidedBy()).toBe("second"), 5_000);
  expect(rule?.revision).not.toBe(revision);
  await writeFile(join(folder, "draft"), JSON.stringify(accepting));
  await rename(join(folder, "draft"), file);
  await vi.waitFor(() => expect(decidedBy()).toBe("first"), 5_000);
  await host[Symbol.asyncDispose]();

  expect(rule?.revision).toBe(revision);
  expect(said.map(({ level }) => level)).toEqual(["info", "info"]);
});

test("a broken new file keeps the old table, and the log names entry and field", async () => {
  await writeFile(file, JSON.stringify(accepting));
  const { host, decidedBy, said } = started({ watch: true });
  await using _closing = host;

  await writeFile(file, JSON.stringify([{ name: "odd", requestConfig: { peer: 5 }, responseConfig: no }]));
  await vi.waitFor(() => expect(said.at(-1)?.facts).toMatchObject({ entry: 0, name: "odd" }), 5_000);

  expect(said.at(-1)).toMatchObject({ level: "warn", facts: { file, field: 'requestConfig["peer"]' } });
  expect(decidedBy()).toBe("first");
});
