import fc from "fast-check";
import {
  createdRelationship,
  factOfAuditReason,
  type Leaf,
  olderChangeId,
  olderView,
  pathOf,
  type RelationshipAuditEntry,
  type RelationshipEnvelope,
  type RelationshipFact,
  type RelationshipKind,
  type RelationshipTag,
  refuseOlderChange,
  relationshipAuditReasons,
  relationshipChart,
  relationshipCreated,
  relationshipFactTypes,
  relationshipRoles,
  relationshipStatuses,
  statusOfRelationship,
} from "rapport/machines";
import { describe, expect, test } from "vitest";
import { hasTag, step } from "../../src/turn/step.ts";

describe("a history", () => {
  test("#21: after the templator accepted, it is Active and the log holds Creation, AcceptanceOfCreation", () => {
    const { envelope, log } = lived([{ type: "creation.accepted", by: "templator" }]);

    expect(statusOfRelationship(envelope.value)).toBe("Active");
    expect(log.map(({ reason }) => reason)).toEqual(["Creation", "AcceptanceOfCreation"]);
  });

  test("#29: the templator requests, the initiator accepts, and it is Active again", () => {
    const { envelope, log } = lived([
      ...terminated,
      { type: "reactivation.requested", by: "templator" },
      { type: "reactivation.accepted", by: "initiator" },
    ]);

    expect(statusOfRelationship(envelope.value)).toBe("Active");
    expect(log.slice(-2).map(({ reason }) => reason)).toEqual(["ReactivationRequested", "AcceptanceOfReactivation"]);
  });

  test("#33: after the initiator rejected a reactivation it may request one, and stays Terminated throughout", () => {
    const { envelope, log, refused } = lived([
      ...terminated,
      { type: "reactivation.requested", by: "templator" },
      { type: "reactivation.rejected", by: "initiator" },
      { type: "reactivation.requested", by: "initiator" },
    ]);

    expect(refused).toBe(0);
    expect(pathOf(envelope.value)).toBe("Terminated.requestedByInitiator");
    expect(log.slice(-3).map(({ newStatus }) => newStatus)).toEqual(["Terminated", "Terminated", "Terminated"]);
  });

  test("R3, R4: whatever happens, finals stay, the log chains, and the status equals its last entry", () => {
    fc.assert(
      fc.property(fc.array(anyFact, { maxLength: 40 }), (facts) => {
        const { log, envelope, trail } = lived(facts);

        expect(log[0]).toEqual({ reason: "Creation", newStatus: "Pending" });
        for (const [index, entry] of log.entries()) expect(entry.oldStatus).toBe(log[index - 1]?.newStatus);
        expect(statusOfRelationship(envelope.value)).toBe(log.at(-1)?.newStatus);
        const end = trail.findIndex((passed) => hasTag(relationshipChart, passed, "final"));
        if (end >= 0) expect(trail.slice(end).every((passed) => passed === trail[end])).toBe(true);
      }),
    );
  });

  test("replayed from its audit log gives the same state", () => {
    fc.assert(
      fc.property(fc.array(anyFact, { maxLength: 40 }), (facts) => {
        const { taken, log, envelope } = lived(facts);

        const replayed = log.slice(1).map(({ reason }, index): RelationshipFact => {
          const type = factOfAuditReason(reason);
          const by = taken[index]?.by;
          if (type === undefined || by === undefined) throw new Error(`"${reason}" is no fact.`);
          return { type, by };
        });

        expect(lived(replayed).envelope).toEqual(envelope);
      }),
    );
  });
});

describe("what others may ask", () => {
  const answers: Record<RelationshipTag, string> = {
    existing: "Pending Active Terminated DeletionProposed",
    pending: "Pending",
    messages: "Active",
    notifications: "Active Terminated",
    relayTakesMessages: "Pending Active Terminated",
    relayHoldsMessages: "Pending Terminated",
    requestCreatable: "Pending Active",
    decideTemplateRequest: "Active Rejected Revoked",
    decideMessageRequest: "Active",
    blocksTemplateRequest: "Pending Terminated DeletionProposed",
    answersByMessage: "Active",
    reactivationOpen: "",
    sharedWithThirdParties: "Active Terminated DeletionProposed",
    declined: "Rejected Revoked",
    peerLeft: "DeletionProposed",
    decomposable: "Terminated DeletionProposed",
    final: "Rejected Revoked ReadyForDeletion",
  };

  test.for(Object.entries(answers))("%s: %s", ([tag, wanted]) => {
    const yes = relationshipStatuses.filter((status) => leavesOf(status).every(({ tags }) => tags.has(tag)));

    expect(yes.join(" ")).toBe(wanted);
  });

  test("a status is the outer state of each leaf, and each status has one", () => {
    const seen = [...relationshipChart.leaves.values()].map(({ value }) => statusOfRelationship(value));

    expect(new Set(seen)).toEqual(new Set(relationshipStatuses));
  });

  test("each fact has its audit reasons, and every reason but Creation has a fact", () => {
    const facts = relationshipAuditReasons.map((reason) => factOfAuditReason(reason));

    expect(facts[0]).toBeUndefined();
    expect(facts.slice(1)).toEqual([...relationshipFactTypes]);
  });

  test("a peer that synchronises hears the reactivation before the change (#35)", () => {
    const taken = step(relationshipChart, at("Terminated.quiet"), { type: "reactivation.requested", by: "templator" });

    const announce = taken.ok ? taken.effects.find(({ type }) => type === "announce") : undefined;
    expect(announce?.params).toEqual({
      events: ["relationshipChanged", "relationshipReactivationRequested"],
      onSync: ["relationshipReactivationRequested", "relationshipChanged"],
    });
  });
});

describe("the older view", () => {
  const creation: RelationshipAuditEntry = {
    reason: "Creation",
    createdAt: "2030-01-01",
    createdBy: "did:i",
    createdByDevice: "DVC1",
  };
  const answer = (reason: RelationshipAuditEntry["reason"]): RelationshipAuditEntry => ({
    reason,
    createdAt: "2030-01-02",
    createdBy: "did:t",
    createdByDevice: null,
  });

  test.for([
    ["AcceptanceOfCreation", "Accepted"],
    ["RejectionOfCreation", "Rejected"],
    ["RevocationOfCreation", "Revoked"],
  ] as const)("#48: %s shows as a Creation change that is %s, for ever", ([reason, status]) => {
    const change = olderView("RELabcdefghijklmnopq", [creation, answer(reason), answer("Termination")]);

    expect(change).toEqual({
      id: "RCHabcdefghijklmnopq",
      type: "Creation",
      status,
      request: { createdAt: "2030-01-01", createdBy: "did:i", createdByDevice: "DVC1" },
      response: { createdAt: "2030-01-02", createdBy: "did:t" },
    });
  });

  test("#47: only a Pending change can be answered or revoked", () => {
    const pending = olderView("RELabcdefghijklmnopq", [creation]);
    const accepted = olderView("RELabcdefghijklmnopq", [creation, answer("AcceptanceOfCreation")]);

    expect(pending).toMatchObject({ id: olderChangeId("RELabcdefghijklmnopq"), status: "Pending" });
    expect(pending).not.toHaveProperty("response");
    expect(refuseOlderChange(pending)).toBeUndefined();
    expect(refuseOlderChange(accepted)).toBe("error.transport.relationships.wrongChangeStatus");
  });

  test("an empty audit log is a mistake", () => {
    expect(() => olderView("RELabcdefghijklmnopq", [])).toThrow(/is empty/);
  });
});

const terminated: RelationshipFact[] = [
  { type: "creation.accepted", by: "templator" },
  { type: "relationship.terminated", by: "initiator" },
];

const anyFact: fc.Arbitrary<RelationshipFact> = fc.record({
  type: fc.constantFrom(...relationshipFactTypes),
  by: fc.constantFrom(...relationshipRoles),
});

function lived(facts: readonly RelationshipFact[]) {
  let envelope = createdRelationship();
  const log = auditsOf(relationshipCreated);
  const trail = [envelope];
  const taken: RelationshipFact[] = [];
  for (const fact of facts) {
    const result = step(relationshipChart, envelope, fact);
    if (result.ok) {
      envelope = result.next;
      taken.push(fact);
      log.push(...auditsOf(result.effects));
    }
    trail.push(envelope);
  }
  return { envelope, log, trail, taken, refused: facts.length - taken.length };
}

function auditsOf(effects: readonly RelationshipKind["effect"][]) {
  return effects.flatMap((effect) => (effect.type === "appendAudit" ? [effect.params] : []));
}

function at(path: string): RelationshipEnvelope {
  const leaf = relationshipChart.leaves.get(path);
  if (leaf === undefined) throw new Error(`There is no state "${path}".`);
  return { ...createdRelationship(), value: leaf.value };
}

function leavesOf(status: string): Leaf<RelationshipKind>[] {
  return [...relationshipChart.leaves.values()].filter(({ name }) => name.split(".")[0] === status);
}
