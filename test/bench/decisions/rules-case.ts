// How long one decision of a table takes, by its number of lines.
import type { JsonObject, RequestFacts } from "rapport/core";
import { createRuleTable } from "rapport/plugins/rules-table";
import { medianOf } from "../median.ts";
import { peerOf, requestText } from "./requests.ts";
import { tableOf } from "./table.ts";

/** Decisions per second at these numbers of lines, and how much slower 10,000 lines are than 10. */
export interface RulesCase {
  readonly at1: number;
  readonly at10: number;
  readonly at100: number;
  readonly at1000: number;
  readonly at10000: number;
  readonly ratio: number;
}

const sizes = [1, 10, 100, 1_000, 10_000] as const;
const perRound = 20_000;

/** Judges Requests of five items with tables of every size, round by round. */
export function rulesCase({ rounds = 9 } = {}): RulesCase {
  const asked = Array.from({ length: 997 }, (_, n) => factsOf(n));
  const tables = sizes.map((size) => createRuleTable(tableOf(size)).rule);
  const perSecond = sizes.map((): number[] => []);
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, { judgeRequest }] of tables.entries()) {
      const from = performance.now();
      for (let n = 0; n < perRound; n += 1) {
        const verdict = judgeRequest?.(asked[n % asked.length] as RequestFacts) as { verdict?: string } | undefined;
        if (verdict?.verdict !== "reject") throw new Error("The last line answers everything.");
      }
      if (round > 0) perSecond[index]?.push((perRound * 1000) / (performance.now() - from));
    }
  }
  const [at1 = 0, at10 = 0, at100 = 0, at1000 = 0, at10000 = 0] = perSecond.map(medianOf);
  return { at1, at10, at100, at1000, at10000, ratio: at10 / at10000 };
}

export function factsOf(n: number): RequestFacts {
  const content = { ...JSON.parse(requestText(n)), id: `REQ${String(n).padStart(17, "0")}` } as JsonObject;
  const now = "2030-01-01T00:00:00.000Z";
  const request = {
    id: String(content["id"]),
    isOwn: false,
    peer: peerOf(n),
    createdAt: now,
    content,
    status: "DecisionRequired",
    statusLog: [],
    source: { type: "RelationshipTemplate", reference: "RLT00000000000000000" },
  };
  return { self: "did:e:localhost:dids:self", now, request: request as unknown as JsonObject, relationships: [] };
}
