// Ten thousand decisions of a past, judged again by the very rules that took them (design.md 5; RAPPORT_PROOF_SCALE for more).
import { createHash } from "node:crypto";
import { openPast, type TriedDecision } from "rapport";
import { createMemoryStore, type MemoryDisk } from "rapport/plugins/storage-memory";
import { expect, test } from "vitest";
import { onSeededPlan, proofScale } from "../apps/relay/proof.ts";
import { type Played, playHistory } from "./history.ts";
import { loan, voucher } from "./history-kinds.ts";
import { historyRules, lines, rulesWith } from "./history-rules.ts";

const requests = Math.round(10_000 * proofScale);

async function tried({ me, account }: Played, rules: ReturnType<typeof rulesWith>): Promise<TriedDecision[]> {
  await using past = await openPast(createMemoryStore({ disk: me.disk.copy() }));
  const rows: TriedDecision[] = [];
  for await (const row of past.tryRules(account, { rules, itemKinds: [loan, voucher] })) rows.push(row);
  return rows;
}

// A hash: no text holds the documents of a long proof.
function contentOf(disk: MemoryDisk): string {
  const hash = createHash("sha256");
  for (const document of disk.documents()) hash.update(JSON.stringify(document));
  return hash.digest("hex");
}

const count = (rows: readonly TriedDecision[], holds: (row: TriedDecision) => boolean) => rows.filter(holds).length;

test(
  `${requests} past decisions are reproduced exactly by their own rules, and nothing is written`,
  { timeout: 60_000 * Math.max(5, proofScale * 5) },
  () =>
    onSeededPlan(async (seed) => {
      await using played = await playHistory({ seed, count: requests, rules: historyRules(lines) });
      const before = contentOf(played.me.disk);

      const rows = await tried(played, rulesWith(lines));

      expect(rows.length).toBeGreaterThan(requests * 0.9);
      expect(rows.filter(({ result }) => result === "changed")).toEqual([]);
      for (const { from, to, result } of rows) if (result === "unchanged") expect(to).toEqual(from);
      const unjudged = rows.filter(({ result }) => result === "notJudgeable");
      expect(
        unjudged.filter(({ why }) => !why?.startsWith("the rule vouchers looks at a value that is not recorded")),
      ).toEqual([]);
      // The handshakes, before there were rules.
      expect(count(rows, ({ result }) => result === "byHand")).toBe(3);
      expect(contentOf(played.me.disk)).toBe(before);

      const few = requests / 500;
      for (const verdict of ["accept", "reject", "manual", "ignore"]) {
        expect(
          count(rows, ({ from, result }) => result === "unchanged" && from.verdict === verdict),
          verdict,
        ).toBeGreaterThan(few);
      }
      const refusals = new Set(rows.flatMap(({ from }) => (from.refused === undefined ? [] : [from.refused.code])));
      expect([...refusals].map((code) => code.slice(code.lastIndexOf(".") + 1)).sort()).toEqual([
        "inheritedFromItem",
        "invalidNumberOfItems",
        "wrongRelationshipStatus",
      ]);
      for (const verdict of ["accept", "reject"]) {
        expect(
          count(rows, ({ afterwards }) => afterwards?.verdict === verdict),
          `by hand: ${verdict}`,
        ).toBeGreaterThan(few);
      }
      expect(unjudged.length).toBeGreaterThan(few);
      const expired = await played.me.account.requests.incoming.find({ status: "Expired" });
      expect(expired.length).toBeGreaterThan(few);

      const mutated = await tried(played, rulesWith(lines.filter(({ name }) => name !== "mandatory-consent")));
      const moved = mutated.filter(({ result }) => result === "changed");
      expect(moved.length).toBeGreaterThan(few);
      expect(moved.filter(({ from }) => from.entries?.includes("mandatory-consent") !== true)).toEqual([]);
      const records = [...played.me.disk.documents()].filter(([key]) => key.includes("/decisions/"));
      expect(records.filter(([, record]) => /-secret-\d|pin-\d/.test(JSON.stringify(record))).length).toBe(0);
    }),
);
