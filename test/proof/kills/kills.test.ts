// Real kills (docs/decisions/0013-proofs.md): twenty seconds for each store; `npm run proof -- kills` takes five minutes for each.
import { rmSync } from "node:fs";
import { expect, test } from "vitest";
import { onSeededPlan, proofScale } from "../../apps/relay/proof.ts";
import { service } from "../../plugins/services.ts";
import type { HouseStore } from "./house.ts";
import { askServer } from "./house-database.ts";
import { type KillsReport, lineOf, runHouse, runKills } from "./run-kills.ts";

/** Of load, for each house. */
const seconds = Math.min(20 * proofScale, 300);
/** The build, the start, and what a busy machine needs until everything has come to rest. */
const limitMs = seconds * 1000 + 900_000;

async function proved(store: HouseStore): Promise<KillsReport> {
  const report = await onSeededPlan((seed) => runKills({ store, seconds, seed }));
  process.stdout.write(`${lineOf(report)}\n`);
  if (report.folder !== undefined) process.stdout.write(`History, end and logs: ${report.folder}\n`);
  return report;
}

test("on SQLite nothing that was acknowledged is lost or done twice, whatever is killed", {
  timeout: limitMs,
}, async () => {
  const report = await proved("sqlite");

  expect(report).toMatchObject({ complaints: [] });
  expect(report.kills).toBeGreaterThan(report.processes);
  expect(report.acknowledged).toBeGreaterThan(0);
});

test("a relay that comes back without its store is noticed", { timeout: limitMs }, async () => {
  const emptied = { store: "sqlite", seconds: 3, seed: 1 } as const;

  const { report } = await runHouse(emptied, {
    restSeconds: 5,
    disturb: async ({ folder }) => {
      for (const end of ["", "-wal", "-shm"]) rmSync(`${folder}/relay/relay.db${end}`, { force: true });
    },
  });
  if (report.folder !== undefined) rmSync(report.folder, { recursive: true });

  expect(report.complaints.some((one) => one.startsWith("the relay has lost the "))).toBe(true);
});

const server = await service("PostgreSQL", () => askServer("SELECT 1"));

server.describe(() => {
  test("on PostgreSQL neither, also where two processes are one Connector", { timeout: limitMs }, async () => {
    const report = await proved("postgres");

    expect(report).toMatchObject({ complaints: [] });
    expect(report.kills).toBeGreaterThan(report.processes);
    expect(report.acknowledged).toBeGreaterThan(0);
  });
});
