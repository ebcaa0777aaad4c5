import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { base64, bring, offer, openRelay, type Party, pend, type Status } from "./parties.ts";

const body = {};

/** The state table of the protocol: (status, operation, side) to the code, or the status it leads to. */
const rows: readonly [Status, string, "from" | "to", string][] = [
  ["Pending", "acceptRelationship", "to", "Active"],
  ["Pending", "acceptRelationship", "from", "cannotAcceptOrRejectRelationshipAddressedToSomeoneElse"],
  ["Pending", "rejectRelationship", "to", "Rejected"],
  ["Pending", "rejectRelationship", "from", "cannotAcceptOrRejectRelationshipAddressedToSomeoneElse"],
  ["Pending", "revokeRelationship", "from", "Revoked"],
  ["Pending", "revokeRelationship", "to", "cannotRevokeRelationshipNotCreatedByYourself"],
  ["Pending", "terminateRelationship", "from", "relationshipIsNotInCorrectStatus"],
  ["Pending", "requestReactivation", "from", "relationshipIsNotInCorrectStatus"],
  ["Pending", "decomposeRelationship", "from", "relationshipIsNotInCorrectStatus"],
  ["Active", "acceptRelationship", "to", "relationshipIsNotInCorrectStatus"],
  ["Active", "acceptRelationship", "from", "relationshipIsNotInCorrectStatus"],
  ["Active", "rejectRelationship", "from", "relationshipIsNotInCorrectStatus"],
  ["Active", "revokeRelationship", "to", "relationshipIsNotInCorrectStatus"],
  ["Active", "terminateRelationship", "from", "Terminated"],
  ["Active", "terminateRelationship", "to", "Terminated"],
  ["Active", "requestReactivation", "to", "relationshipIsNotInCorrectStatus"],
  ["Active", "decomposeRelationship", "to", "relationshipIsNotInCorrectStatus"],
  ["Active", "acceptReactivation", "to", "noAcceptableRelationshipReactivationRequestExists"],
  ["Terminated", "terminateRelationship", "from", "relationshipIsNotInCorrectStatus"],
  ["Terminated", "requestReactivation", "from", "Terminated"],
  ["Terminated", "requestReactivation", "to", "Terminated"],
  ["Terminated", "acceptReactivation", "from", "noAcceptableRelationshipReactivationRequestExists"],
  ["Terminated", "rejectReactivation", "to", "noRejectableReactivationRequestExists"],
  ["Terminated", "revokeReactivation", "to", "noRevocableReactivationRequestExists"],
  ["Terminated", "decomposeRelationship", "from", "DeletionProposed"],
  ["Terminated", "decomposeRelationship", "to", "DeletionProposed"],
  ["Reactivating", "requestReactivation", "from", "cannotRequestReactivationWhenThereIsAnOpenReactivationRequest"],
  ["Reactivating", "requestReactivation", "to", "cannotRequestReactivationWhenThereIsAnOpenReactivationRequest"],
  ["Reactivating", "acceptReactivation", "from", "Active"],
  ["Reactivating", "acceptReactivation", "to", "noAcceptableRelationshipReactivationRequestExists"],
  ["Reactivating", "rejectReactivation", "from", "Terminated"],
  ["Reactivating", "rejectReactivation", "to", "noRejectableReactivationRequestExists"],
  ["Reactivating", "revokeReactivation", "to", "Terminated"],
  ["Reactivating", "revokeReactivation", "from", "noRevocableReactivationRequestExists"],
  ["Reactivating", "decomposeRelationship", "from", "DeletionProposed"],
  ["DeletionProposed", "decomposeRelationship", "to", "ReadyForDeletion"],
  ["DeletionProposed", "decomposeRelationship", "from", "relationshipAlreadyDecomposed"],
  ["DeletionProposed", "terminateRelationship", "to", "relationshipIsNotInCorrectStatus"],
  ...(["Rejected", "Revoked"] as const).flatMap((status) =>
    [
      "acceptRelationship",
      "revokeRelationship",
      "terminateRelationship",
      "requestReactivation",
      "decomposeRelationship",
    ]
      .flatMap((operation) => (["from", "to"] as const).map((side) => [status, operation, side] as const))
      .map((row): [Status, string, "from" | "to", string] => [...row, "relationshipIsNotInCorrectStatus"]),
  ),
];

describe("the table of relationship steps (#24, #31, #32, #34, #39)", () => {
  test.for(rows)("%s: %s by %s gives %s", async ([status, operation, side, expected]) => {
    const world = await openRelay();
    const from = await world.party();
    const to = await world.party();
    const id = await bring(from, to, status);

    const answer = await (side === "from" ? from : to).call(operation, { id, body });

    if (answer.ok) expect(answer).toMatchObject({ status: 200, result: { id, status: expected } });
    else
      expect(answer).toMatchObject({
        status: 400,
        error: { code: `error.platform.validation.relationship.${expected}` },
      });
  });

  test.for(rows.filter(([status]) => status === "Terminated"))(
    "a stranger's %s %s finds nothing",
    async ([, operation]) => {
      const world = await openRelay();
      const [from, to, stranger] = [await world.party(), await world.party(), await world.party()];
      const id = await bring(from, to, "Terminated");

      const code = await stranger.no(operation, { id, body });

      expect(code).toBe(
        operation === "decomposeRelationship"
          ? "relationship.requestingIdentityDoesNotBelongToRelationship"
          : "recordNotFound",
      );
    },
  );
});

describe("creating a Relationship", () => {
  test("answers Pending with one audit entry and keeps the creation content for both", async () => {
    const world = await openRelay();
    const from = await world.party();
    const to = await world.party();
    const relationshipTemplateId = await offer(to);

    const created = await from.call("createRelationship", {
      body: { relationshipTemplateId, creationContent: base64("creation") },
    });

    expect(created).toMatchObject({
      status: 201,
      result: {
        relationshipTemplateId,
        from: from.address,
        to: to.address,
        status: "Pending",
        auditLog: [
          {
            createdBy: from.address,
            createdByDevice: from.caller.deviceId,
            reason: "Creation",
            oldStatus: null,
            newStatus: "Pending",
          },
        ],
      },
    });
    const id = created.ok && (created.result as { id: string }).id;
    const read = await to.ok("getRelationship", { id: String(id) });
    expect(read).toMatchObject({ creationContent: base64("creation"), creationResponseContent: null });
  });

  test("is refused on the own template", async () => {
    const world = await openRelay();
    const owner = await world.party();

    const code = await owner.no("createRelationship", { body: { relationshipTemplateId: await offer(owner) } });

    expect(code).toBe("relationship.cannotCreateRelationshipWithYourself");
  });

  test("takes a slot of the template, once", async () => {
    const world = await openRelay();
    const [owner, first, second] = [await world.party(), await world.party(), await world.party()];
    const relationshipTemplateId = await offer(owner, { maxNumberOfAllocations: 1 });

    await first.ok("createRelationship", { body: { relationshipTemplateId } });

    expect(await second.no("createRelationship", { body: { relationshipTemplateId } })).toBe(
      "relationshipTemplate.maxNumberOfAllocationsExhausted",
    );
    expect((await owner.sync()).map((event) => event.type)).toEqual([
      "RelationshipTemplateAllocationsExhausted",
      "RelationshipStatusChanged",
    ]);
  });

  test("needs the slot that a password-protected template gave before", async () => {
    const world = await openRelay();
    const [owner, other] = [await world.party(), await world.party()];
    const relationshipTemplateId = await offer(owner, { password: base64("secret") });

    expect(await other.no("createRelationship", { body: { relationshipTemplateId } })).toBe("recordNotFound");

    await other.ok("getTemplate", { id: relationshipTemplateId, query: { password: base64("secret") } });
    await other.ok("createRelationship", { body: { relationshipTemplateId } });
  });

  test.for(["Pending", "Active", "Terminated", "DeletionProposed"] as const)(
    "is refused while one is %s, in both directions (#38)",
    async (status) => {
      const world = await openRelay();
      const [from, to] = [await world.party(), await world.party()];
      await bring(from, to, status);

      const codes = [
        await from.no("createRelationship", { body: { relationshipTemplateId: await offer(to) } }),
        await to.no("createRelationship", { body: { relationshipTemplateId: await offer(from) } }),
      ];

      const expected = "relationship.relationshipToTargetAlreadyExists";
      expect(codes).toEqual([expected, expected]);
      const query = { peer: to.address };
      expect(await from.ok("canCreateRelationship", { query })).toEqual({
        canCreate: false,
        code: `error.platform.validation.${expected}`,
      });
    },
  );

  test.for(["Rejected", "Revoked"] as const)(
    "works again after %s, even on the same template (#25)",
    async (status) => {
      const world = await openRelay();
      const [from, to] = [await world.party(), await world.party()];
      const old = await bring(from, to, status);
      const { relationshipTemplateId } = await from.ok("getRelationship", { id: old });

      const { id } = await from.ok("createRelationship", { body: { relationshipTemplateId } });

      expect(id).not.toBe(old);
      expect(await from.ok("getRelationship", { id: old })).toMatchObject({ status });
      expect(await from.ok("getRelationship", { id })).toMatchObject({ status: "Pending" });
    },
  );

  test("works again once both have decomposed (#38)", async () => {
    const world = await openRelay();
    const [from, to] = [await world.party(), await world.party()];
    const id = await bring(from, to, "DeletionProposed");

    await to.ok("decomposeRelationship", { id, body });

    expect(await from.ok("canCreateRelationship", { query: { peer: to.address } })).toEqual({
      canCreate: true,
      code: null,
    });
    await pend(from, to);
  });

  test("CanCreate says in the protocol's words that an identity is unknown", async () => {
    const world = await openRelay();
    const party = await world.party();
    const elsewhere = await openRelay({ seed: 99 });
    const unknown = await elsewhere.party();

    const answer = await party.call("canCreateRelationship", { query: { peer: unknown.address } });

    expect(answer).toMatchObject({ status: 404, error: { code: "error.platform.recordNotFound" } });
    expect(answer.ok ? "" : answer.error.message).toContain("Identity not found.");
  });
});

describe("reading Relationships", () => {
  test("accepting stores the response for the initiator", async () => {
    const world = await openRelay();
    const [from, to] = [await world.party(), await world.party()];
    const id = await bring(from, to, "Active");

    expect(await from.ok("getRelationship", { id })).toMatchObject({
      status: "Active",
      creationResponseContent: base64("response"),
      auditLog: [
        { reason: "Creation" },
        { reason: "AcceptanceOfCreation", createdBy: to.address, oldStatus: "Pending" },
      ],
    });
  });

  test("strangers find nothing; who has decomposed is told so; who has not still reads (#36)", async () => {
    const world = await openRelay();
    const [from, to, stranger] = [await world.party(), await world.party(), await world.party()];
    const id = await bring(from, to, "DeletionProposed");

    expect(await stranger.no("getRelationship", { id })).toBe("recordNotFound");
    expect(await from.no("getRelationship", { id })).toBe("relationship.relationshipAlreadyDecomposed");
    const seen = await to.ok("getRelationship", { id });
    expect(seen.status).toBe("DeletionProposed");
    expect(seen.auditLog.at(-1)).toMatchObject({ reason: "Decomposition", createdBy: from.address });
  });

  test("the template id becomes null once the template was deleted", async () => {
    const world = await openRelay();
    const [from, to] = [await world.party(), await world.party()];
    const id = await pend(from, to);
    const { relationshipTemplateId } = await to.ok("getRelationship", { id });

    await to.ok("deleteTemplate", { id: relationshipTemplateId });

    expect(await to.ok("getRelationship", { id })).toMatchObject({ relationshipTemplateId: null });
    expect(await to.ok("acceptRelationship", { id, body })).toMatchObject({
      relationshipTemplateId: null,
      status: "Active",
    });
  });

  test("a list shows what the caller may read, in pages", async () => {
    const world = await openRelay();
    const [from, to, other] = [await world.party(), await world.party(), await world.party()];
    const mine = [await pend(from, to), await pend(from, other)];
    const theirs = await pend(to, other);

    const list = await from.call("listRelationships", {
      query: { ids: [...mine, theirs], pageSize: "1", PAGENUMBER: "2" },
    });

    expect(list).toMatchObject({
      result: [{ id: mine[1], creationContent: base64("creation") }],
      pagination: { pageNumber: 2, pageSize: 1, totalPages: 2, totalRecords: 2 },
    });
    expect(await from.no("listRelationships", {})).toBe("invalidPropertyValue");
    expect(await from.no("listRelationships", { query: { ids: mine, PageSize: "201" } })).toBe(
      "pagination.invalidPageSize",
    );
  });
});

describe("reactivation (#33)", () => {
  test("a rejected request may be followed by one of the other side; the status stays Terminated throughout", async () => {
    const world = await openRelay();
    const [from, to] = [await world.party(), await world.party()];
    const id = await bring(from, to, "Reactivating");

    await from.ok("rejectReactivation", { id, body });
    const { status, auditLog } = await from.ok("requestReactivation", { id, body });

    expect(status).toBe("Terminated");
    expect(auditLog.slice(-3)).toMatchObject([
      { reason: "ReactivationRequested", oldStatus: "Terminated", newStatus: "Terminated", createdBy: to.address },
      { reason: "RejectionOfReactivation", createdBy: from.address },
      { reason: "ReactivationRequested", createdBy: from.address },
    ]);
  });
});

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
