// `rapport check` itself: what holds is found to hold, what is broken is found, and it says the same every time.
import { relationshipChart } from "rapport/machines";
import { checkProtocol, sceneNames } from "rapport/proof";
import { createRelay, type Relay, type RelayOptions } from "rapport/relay";
import { describe, expect, test } from "vitest";

const quick = { threads: 1, statesMax: 400 };

describe("the checker", () => {
  test("finds that everything holds as far as it looks, in every scene", async () => {
    const report = await checkProtocol({ ...quick, statesMax: 60 });

    expect(report.violation).toBeUndefined();
    expect(report.scenes.map(({ name }) => name)).toEqual(sceneNames);
    expect(report.states).toBeGreaterThan(50 * sceneNames.length);
    expect(report.coverage.covered + report.coverage.missing.length).toBe(report.coverage.total);
  });

  test("goes through a small scene to its end, and says the same again", async () => {
    const first = await checkProtocol({ threads: 1, scene: "waiting" });
    const second = await checkProtocol({ threads: 1, scene: "waiting" });

    expect(first.complete).toBe(true);
    expect(first.states).toBeGreaterThan(500);
    expect(first.scenes[0]?.rows).toContain("request-in Open clock.reached 1");
    expect(second).toEqual(first);
  });

  test("lets rules decide as the scenes say", async () => {
    const rowsOf = async (scene: string) => (await checkProtocol({ ...quick, scene })).scenes[0]?.rows;

    expect(await rowsOf("rules that accept")).not.toContain("request-in DecisionRequired automation.declined 1");
    expect(await rowsOf("rules that ignore")).toContain("request-in DecisionRequired rule.ignored 1");
  });
});

/** A relay that does something else with calls. */
const altered =
  (change: (relay: Relay) => Relay["call"]): ((options: RelayOptions) => Relay) =>
  (options) => {
    const relay = createRelay(options);
    return { ...relay, call: change(relay) };
  };

describe("a planted fault is found, with a way that a person can follow:", () => {
  test("a relay that forgets idempotency keys", async () => {
    const forgetful = altered(
      (relay) =>
        ({ idempotencyKey: _forgotten, ...call }, caller) =>
          relay.call(call, caller),
    );

    const { violation } = await checkProtocol({ ...quick, statesMax: 3_000, scene: "handshake", makeRelay: forgetful });

    expect(violation?.sentence).toMatch(/^(R2|Liveness)/);
    expect(violation?.diagram).toMatch(
      /^sequenceDiagram\n {2}participant A\n {2}participant Relay\n {2}participant B\n/,
    );
    expect(violation?.diagram).toContain(violation?.sentence);
  });

  test("a relay that tells nobody of a termination", async () => {
    const silent = altered((relay) => async (call, caller) => {
      const answer = await relay.call(call, caller);
      if (call.operation !== "listExternalEvents" || !answer.ok) return answer;
      return { ...answer, result: [] };
    });

    const { violation } = await checkProtocol({ ...quick, scene: "ending", makeRelay: silent });

    expect(violation?.sentence).toMatch(/^R2: after syncing, the Relationship is Active at [AB] and Terminated/);
  });

  test("a chart that lets a rejected Relationship be revoked (R3, R4)", async () => {
    const rejected = relationshipChart.leaves.get("Rejected");
    const rows = rejected?.rows as Map<string, unknown>;
    rows.set("creation.revoked", relationshipChart.leaves.get("Pending")?.rows.get("creation.revoked"));
    try {
      const { violation } = await checkProtocol({ ...quick, statesMax: 3_000, scene: "handshake" });

      expect(violation?.sentence).toMatch(/^R[34]/);
    } finally {
      rows.delete("creation.revoked");
    }
  });
});
