import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { offer, openRelay, type Party, pend } from "./parties.ts";

const body = {};

describe("races", () => {
  test("of accepting and revoking at the same time exactly one wins", async () => {
    for (let round = 0; round < 8; round += 1) {
      const world = await openRelay({ seed: round });
      const [from, to] = [await world.party(), await world.party()];
      const id = await pend(from, to);
      const steps = [
        () => to.call("acceptRelationship", { id, body }),
        () => from.call("revokeRelationship", { id, body }),
      ];

      const answers = await Promise.all((round % 2 === 0 ? steps : steps.toReversed()).map((step) => step()));

      expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
      const { status, auditLog } = await from.ok("getRelationship", { id });
      expect(["Active", "Revoked"]).toContain(status);
      expect(auditLog).toHaveLength(2);
    }
  });

  test("of two creations for one pair, crosswise, exactly one wins (R1)", async () => {
    const world = await openRelay();
    const [one, other] = [await world.party(), await world.party()];
    const [ofOne, ofOther] = [await offer(one), await offer(other)];

    const answers = await Promise.all([
      one.call("createRelationship", { body: { relationshipTemplateId: ofOther } }),
      other.call("createRelationship", { body: { relationshipTemplateId: ofOne } }),
    ]);

    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers.find(({ ok }) => !ok)).toMatchObject({
      error: { code: "error.platform.validation.relationship.relationshipToTargetAlreadyExists" },
    });
  });
});

const steps = [
  "acceptRelationship",
  "rejectRelationship",
  "revokeRelationship",
  "terminateRelationship",
  "requestReactivation",
  "acceptReactivation",
  "rejectReactivation",
  "revokeReactivation",
  "decomposeRelationship",
] as const;

test("whatever both try, the audit log chains statuses with increasing times, and the status is its last entry (R4)", async () => {
  const tries = fc.array(fc.tuple(fc.constantFrom(...steps), fc.boolean()), { maxLength: 25 });
  await fc.assert(
    fc.asyncProperty(tries, async (history) => {
      const world = await openRelay();
      const [from, to] = [await world.party(), await world.party()];
      const id = await pend(from, to);
      let last = await to.ok("getRelationship", { id });

      // The clock stands still, so only the relay can keep the times apart.
      for (const [step, isFrom] of history) {
        const answer = await (isFrom ? from : to).call(step, { id, body });
        if (answer.ok) {
          const next = answer.result as typeof last;
          expect(next.auditLog.slice(0, -1)).toEqual(last.auditLog);
          last = next;
        }
      }

      expectChained(last);
    }),
    { numRuns: 40 },
  );
});

function expectChained({ status, auditLog }: Awaited<ReturnType<Party["ok"]>>): void {
  let before: string | null = null;
  let time = "";
  for (const entry of auditLog) {
    expect(entry.oldStatus).toBe(before);
    expect(entry.createdAt > time).toBe(true);
    before = entry.newStatus;
    time = entry.createdAt;
  }
  expect(status).toBe(before);
}
