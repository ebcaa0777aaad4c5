import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CryptoPort } from "rapport/core";
import { createMemoryStore } from "rapport/plugins/storage-memory";
import { createSqliteStore } from "rapport/plugins/storage-sqlite";
import { handshakes, openOffice } from "./handshake.ts";
import { makePersons } from "./handshake-case.ts";
import { medianOf } from "./median.ts";

/** Milliseconds of one handshake among few and among many stored Relationships of the same organisation. */
export interface ManyCase {
  readonly fewMs: number;
  readonly manyMs: number;
  readonly ratio: number;
}

/** Fills one organisation with made-up Active Relationships, and measures single handshakes before and after. */
export async function manyCase(
  kind: "memory" | "sqlite",
  crypto: CryptoPort,
  { few = 100, many = 100_000, rounds = 9 } = {},
): Promise<ManyCase> {
  const folder = await mkdtemp(join(tmpdir(), "rapport-bench-"));
  const open = (name: string) =>
    kind === "memory" ? createMemoryStore() : createSqliteStore({ file: join(folder, `${name}.db`) });
  const offices = [];
  for (const [name, count] of [
    ["few", few],
    ["many", many],
  ] as const) {
    const engine = open(`${name}-engine`);
    const office = await openOffice({ engine: () => engine, relay: () => open(`${name}-relay`) }, crypto);
    await fill(engine, count);
    const persons = await makePersons(office, rounds + 1);
    offices.push({ office, persons });
  }
  const ms: [number[], number[]] = [[], []];
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, { office, persons }] of offices.entries()) {
      const person = persons[round];
      if (person === undefined) throw new Error("There is a person for every round.");
      const from = performance.now();
      await handshakes(office, [person]);
      if (round > 0) ms[index === 0 ? 0 : 1].push(performance.now() - from);
    }
  }
  for (const { office } of offices) await office.close();
  await rm(folder, { recursive: true });
  const [fewMs, manyMs] = [medianOf(ms[0]), medianOf(ms[1])];
  return { fewMs, manyMs, ratio: manyMs / fewMs };
}

async function fill(store: ReturnType<typeof createMemoryStore>, count: number): Promise<void> {
  let organisation = "";
  for await (const { document } of store.find({ under: "engine/accounts", limit: 1 }))
    organisation = String(document["id"]);
  for (let from = 0; from < count; from += 500) {
    const puts = [];
    for (let n = from; n < Math.min(count, from + 500); n += 1) {
      const id = `REL${String(n).padStart(17, "0")}`;
      const peer = `did:e:localhost:dids:${String(n).padStart(22, "0")}`;
      const auditLog = [
        { createdAt: "2020-01-01T00:00:00.000Z", createdBy: peer, reason: "Creation", newStatus: "Pending" },
      ];
      const state = { machine: "relationship", version: 1, value: "Active", context: {} };
      const document = {
        id,
        templateId: `RLT${"0".repeat(17)}`,
        status: "Active",
        peer,
        auditLog,
        role: "templator",
        state,
      };
      puts.push({ key: `${organisation}/relationships/${id}`, document });
      puts.push({
        key: `${organisation}/peers/${peer}`,
        document: { address: peer, existing: id, newest: id, openRequests: [] },
      });
    }
    await store.commit({ puts });
  }
}
