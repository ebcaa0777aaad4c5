import { describe, expect, test } from "vitest";
import { interruptedStore } from "./interrupted.ts";
import { base64, minute, offer, openRelay } from "./parties.ts";

const exhausted = "relationshipTemplate.maxNumberOfAllocationsExhausted";

describe("allocations", () => {
  test("a single-use template serves one identity and tells the owner once (#5)", async () => {
    const world = await openRelay();
    const [owner, first, second] = [await world.party(), await world.party(), await world.party()];
    const id = await offer(owner, { maxNumberOfAllocations: 1 });

    await first.ok("getTemplate", { id });

    expect(await second.no("getTemplate", { id })).toBe(exhausted);
    expect(await owner.sync()).toMatchObject([
      { type: "RelationshipTemplateAllocationsExhausted", payload: { relationshipTemplateId: id } },
    ]);
    expect(await owner.sync()).toEqual([]);
  });

  test("reading twice and reading as the owner use nothing up (#6)", async () => {
    const world = await openRelay();
    const [owner, first, second] = [await world.party(), await world.party(), await world.party()];
    const id = await offer(owner, { maxNumberOfAllocations: 2 });

    await owner.ok("getTemplate", { id });
    await first.ok("getTemplate", { id });
    await first.ok("getTemplate", { id });

    expect(await second.ok("getTemplate", { id })).toMatchObject({ id, maxNumberOfAllocations: 2 });
  });

  test("a slot is not given back when no Relationship follows (#7)", async () => {
    const world = await openRelay();
    const [owner, first, second] = [await world.party(), await world.party(), await world.party()];
    const id = await offer(owner, { maxNumberOfAllocations: 1 });
    const { id: relationship } = await first.ok("createRelationship", { body: { relationshipTemplateId: id } });

    await owner.ok("rejectRelationship", { id: relationship, body: {} });

    expect(await second.no("getTemplate", { id })).toBe(exhausted);
  });

  test("32 identities at once take exactly the 10 slots there are, and the owner hears of it once (A2)", async () => {
    const world = await openRelay();
    const owner = await world.party();
    const readers = [];
    for (let count = 0; count < 32; count += 1) readers.push(await world.party());
    const id = await offer(owner, { maxNumberOfAllocations: 10 });

    const answers = await Promise.all(readers.map((reader) => reader.call("getTemplate", { id })));

    expect(answers.filter(({ ok }) => ok)).toHaveLength(10);
    for (const answer of answers) {
      if (!answer.ok) expect(answer.error.code).toBe(`error.platform.validation.${exhausted}`);
    }
    expect(await owner.sync()).toHaveLength(1);
  });
});

describe("who may read a template", () => {
  test("a personalised one is for the named identity and the owner alone (#8)", async () => {
    const world = await openRelay();
    const [owner, named, other] = [await world.party(), await world.party(), await world.party()];
    const id = await offer(owner, { forIdentity: named.address });

    expect(await named.ok("getTemplate", { id })).toMatchObject({ forIdentity: named.address });
    expect(await owner.ok("getTemplate", { id })).toMatchObject({ id });
    expect(await other.no("getTemplate", { id })).toBe("recordNotFound");
  });

  test("a password is needed once, in either alphabet, and never by the owner (#9)", async () => {
    const world = await openRelay();
    const [owner, reader] = [await world.party(), await world.party()];
    const bytes = Buffer.from([251, 255, 191, 62, 63]);
    const id = await offer(owner, { password: bytes.toString("base64") });

    expect(await reader.no("getTemplate", { id })).toBe("recordNotFound");
    expect(await reader.no("getTemplate", { id, query: { password: base64("wrong") } })).toBe("recordNotFound");
    await reader.ok("getTemplate", { id, query: { password: bytes.toString("base64url") } });
    await reader.ok("getTemplate", { id });
    await owner.ok("getTemplate", { id });
  });

  test("an expired one is gone, but not for the two whose Relationship was built on it", async () => {
    const world = await openRelay();
    const [owner, holder, partner] = [await world.party(), await world.party(), await world.party()];
    const id = await offer(owner, { expiresAt: world.in(minute) });
    const lonely = await offer(owner, { expiresAt: world.in(minute) });
    await holder.ok("getTemplate", { id });
    await partner.ok("createRelationship", { body: { relationshipTemplateId: id } });

    world.clock.advance(minute);

    expect(await holder.no("getTemplate", { id })).toBe("recordNotFound");
    expect(await owner.no("getTemplate", { id: lonely })).toBe("recordNotFound");
    expect(await partner.ok("getTemplate", { id })).toMatchObject({ id });
    expect(await owner.ok("getTemplate", { id })).toMatchObject({ id });
    expect(await holder.no("createRelationship", { body: { relationshipTemplateId: id } })).toBe("recordNotFound");
  });

  test("only the owner deletes it, and then it is gone for all", async () => {
    const world = await openRelay();
    const [owner, reader] = [await world.party(), await world.party()];
    const id = await offer(owner);
    await reader.ok("getTemplate", { id });

    const refused = await reader.call("deleteTemplate", { id });
    const deleted = await owner.call("deleteTemplate", { id });

    expect(refused).toMatchObject({ status: 403, error: { code: "error.platform.forbidden" } });
    expect(deleted).toMatchObject({ status: 204 });
    expect(await reader.no("getTemplate", { id })).toBe("recordNotFound");
    expect(await owner.no("deleteTemplate", { id })).toBe("recordNotFound");
  });

  test("a list takes no slot and shows what the caller owns or holds", async () => {
    const world = await openRelay();
    const [owner, reader] = [await world.party(), await world.party()];
    const [held, other] = [await offer(owner), await offer(owner, { maxNumberOfAllocations: 1 })];
    await reader.ok("getTemplate", { id: held });

    const query = { "templates.0.id": held, "templates.1.id": other };

    expect(await reader.ok("listTemplates", { query })).toMatchObject([{ id: held }]);
    expect(await owner.ok("listTemplates", { query: { ids: [held, other] } })).toHaveLength(2);
    expect(await reader.no("listTemplates")).toBe("invalidPropertyValue");
    const third = await world.party();
    await third.ok("getTemplate", { id: other });
  });
});

test.for([
  ["no content", { content: undefined }],
  ["empty content", { content: "" }],
  ["content that is not base64", { content: "ä" }],
  ["a past expiry", { expiresAt: "2029-12-31T23:59:59.999Z" }],
  ["an expiry at this very moment", { expiresAt: "2030-01-01T00:00:00.000Z" }],
  ["an expiry after the last year with four digits", { expiresAt: "9999-12-31T23:59:59.999-01:00" }],
  ["an expiry that is no date", { expiresAt: "2030-02-30T00:00:00.000Z" }],
  ["zero allocations", { maxNumberOfAllocations: 0 }],
  ["half an allocation", { maxNumberOfAllocations: 1.5 }],
  ["an address with a wrong checksum", { forIdentity: "did:e:localhost:dids:00000000000000000000ff" }],
  ["a password over 200 bytes", { password: base64("p".repeat(201)) }],
] as const)("a template with %s is not created", async ([, more]) => {
  const world = await openRelay();
  const owner = await world.party();

  const answer = await owner.call("createTemplate", { body: { content: base64("content"), ...more } });

  expect(answer).toMatchObject({ status: 400, error: { code: "error.platform.validation.invalidPropertyValue" } });
});

test("content in classic base64 is answered as base64url without padding", async () => {
  const world = await openRelay();
  const owner = await world.party();
  const bytes = Buffer.from([251, 255, 191, 62]);

  const id = await offer(owner, { content: bytes.toString("base64") });

  expect((await owner.ok("getTemplate", { id })).content).toBe(bytes.toString("base64url"));
});

test("who takes the last slot on one device finds no full template on the other at the same moment (A1)", async () => {
  const { store, after } = interruptedStore();
  const world = await openRelay({ store });
  const [owner, reader] = [await world.party(), await world.party()];
  const id = await offer(owner, { maxNumberOfAllocations: 1 });
  after("/allocation", () => reader.ok("getTemplate", { id }));

  const answer = await reader.call("getTemplate", { id });

  expect(answer).toMatchObject({ ok: true, result: { id } });
});
