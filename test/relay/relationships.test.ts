import { describe, expect, test } from "vitest";
import { base64, bring, offer, openRelay, pend } from "./parties.ts";

const body = {};

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
