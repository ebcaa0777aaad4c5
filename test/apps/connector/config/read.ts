import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RapportError } from "rapport";
import { onTestFinished } from "vitest";
import { readConfiguration } from "../../../../src/apps/connector/config/reading.ts";

/** A folder that goes with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "rapport-connector-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The least that a configuration needs. */
export const least = {
  debug: true,
  transportLibrary: { baseUrl: "http://relay.example", platformClientId: "id", platformClientSecret: "relay-secret" },
};

/** A key that the policy likes. */
export const strongKey = "Aa11-this-key-is-Strong-enough-for-anybody";

/** Where a test's configuration comes from. */
export interface Given {
  readonly words?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** What is in config.json. */
  readonly file?: unknown;
  readonly folder?: string;
  readonly serves?: boolean;
  readonly nowMs?: number;
}

/** Reads as the command does, in a folder of its own. */
export function read(given: Given = {}) {
  const { words = [], environment = {}, file, serves = false, nowMs = Date.parse("2026-01-01T00:00:00Z") } = given;
  const folder = given.folder ?? temporaryFolder();
  if (file !== undefined) {
    writeFileSync(join(folder, "config.json"), typeof file === "string" ? file : JSON.stringify(file));
  }
  return readConfiguration({ words, environment, folder, nowMs, serves });
}

/** What is wrong, as the lines of the message; fails when nothing is. */
export function problemsOf(given: Given): readonly string[] {
  try {
    read(given);
  } catch (problem) {
    if (!(problem instanceof RapportError) || problem.code !== "config.invalid") throw problem;
    const { problems } = problem.details as { problems: { path: string; says: string; place: string }[] };
    return problems.map(({ path, says, place }) => `${path} ${says} (${place})`.trim());
  }
  throw new Error("nothing was wrong");
}

/** Lays values over an object, by paths with dots. */
export function withValues(base: object, values: Readonly<Record<string, unknown>>): object {
  const copy = structuredClone(base) as Record<string, unknown>;
  for (const [path, value] of Object.entries(values)) {
    const names = path.split(".");
    const last = names.pop() ?? "";
    let at = copy;
    for (const name of names) {
      at[name] ??= {};
      at = at[name] as Record<string, unknown>;
    }
    at[last] = value;
  }
  return copy;
}
