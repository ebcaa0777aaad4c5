// The invariants U1 to U3 are those of src/relay/quotas.ts.
import { createMemoryDisk, createMemoryStore } from "rapport/plugins/storage-memory";
import type { QuotaMetric, QuotaPeriod, RelayAnswer } from "rapport/relay";
import { describe, expect, test } from "vitest";
import { createDraft } from "../../src/relay/draft.ts";
import { countAgainstQuota } from "../../src/relay/quotas.ts";
import { base64, bring, letter, minute, offer, openRelay, type Party, pend, send } from "./parties.ts";

const hour = 60 * minute;
const day = 24 * hour;
const limited = (metric: QuotaMetric, max: number, period: QuotaPeriod = "Total") => ({
  settings: { quotas: [{ metric, max, period }] },
});
const exhausted = (metricKey: QuotaMetric, isExhaustedUntil = "9999-12-31T23:59:59.999Z") => ({
  ok: false,
  status: 429,
  error: { code: "error.platform.quotaExhausted", data: [{ metricKey, isExhaustedUntil }] },
});
const createTemplate = (party: Party) => party.call("createTemplate", { body: { content: base64("template") } });
const succeeded = (answers: readonly RelayAnswer[]) => answers.filter(({ ok }) => ok).length;

describe("a quota", () => {
  test("is what one identity may do, not what all may", async () => {
    const world = await openRelay(limited("NumberOfRelationshipTemplates", 2));
    const [one, other] = [await world.party(), await world.party()];
    await offer(one);
    await offer(one);

    expect(await createTemplate(one)).toMatchObject(exhausted("NumberOfRelationshipTemplates"));
    expect(await createTemplate(other)).toMatchObject({ ok: true });
  });

  test("is never passed, however many calls come at once, and those within it all go through (U1)", async () => {
    const world = await openRelay(limited("NumberOfRelationshipTemplates", 7));
    const party = await world.party();

    const answers = await Promise.all(Array.from({ length: 40 }, () => createTemplate(party)));

    expect(succeeded(answers)).toBe(7);
    for (const answer of answers.filter(({ ok }) => !ok)) {
      expect(answer).toMatchObject(exhausted("NumberOfRelationshipTemplates"));
    }
  });

  test("counts nothing that was refused, or that an idempotency key repeats", async () => {
    const world = await openRelay(limited("NumberOfRelationshipTemplates", 2));
    const party = await world.party();
    const body = { content: base64("template") };

    await party.no("createTemplate", { body: {} });
    await party.ok("createTemplate", { body, key: "once" });
    await party.ok("createTemplate", { body, key: "once" });

    expect(await party.ok("listQuotas")).toMatchObject([{ quotas: [{ usage: 1 }] }]);
    await party.ok("createTemplate", { body });
    expect(await party.no("createTemplate", { body })).toBe("quotaExhausted");
  });

  test("of several periods of one metric holds for each; of one period the lowest counts", async () => {
    const metric = "NumberOfRelationshipTemplates";
    const quotas = [
      { metric, max: 9, period: "Hour" },
      { metric, max: 1, period: "Hour" },
      { metric, max: 2, period: "Day" },
    ] as const;
    const world = await openRelay({ settings: { quotas } });
    const party = await world.party();
    await offer(party);
    expect(await createTemplate(party)).toMatchObject(exhausted(metric, "2030-01-01T01:00:00.000Z"));

    world.clock.advance(hour);
    await offer(party);
    world.clock.advance(hour);

    expect(await createTemplate(party)).toMatchObject(exhausted(metric, "2030-01-02T00:00:00.000Z"));
  });

  test.for<[QuotaPeriod, string]>([
    ["Hour", "2030-01-01T01:00:00.000Z"],
    ["Day", "2030-01-02T00:00:00.000Z"],
    // The first of January 2030 is a Tuesday.
    ["Week", "2030-01-07T00:00:00.000Z"],
    ["Month", "2030-02-01T00:00:00.000Z"],
    ["Year", "2031-01-01T00:00:00.000Z"],
  ])("per %s is fresh when that is over, at %s (U3)", async ([period, end]) => {
    const world = await openRelay(limited("NumberOfTokens", 1, period));
    const party = await world.party();
    const create = () =>
      party.call("createToken", { body: { content: base64("token"), expiresAt: world.in(400 * day) } });
    await create();

    world.clock.advance(Date.parse(end) - world.clock.now() - 1);
    expect(await create()).toMatchObject(exhausted("NumberOfTokens", end));
    world.clock.advance(1);

    expect(await create()).toMatchObject({ ok: true });
    expect(await create()).toMatchObject({ ok: false, status: 429 });
  });

  test("holds for Messages beside the limit of unread ones", async () => {
    const world = await openRelay(limited("NumberOfSentMessages", 2));
    const [from, to] = [await world.party(), await world.party()];
    await bring(from, to, "Active");
    await send(from, to);
    await send(from, to);

    expect(await from.call("createMessage", { body: letter(to) })).toMatchObject(exhausted("NumberOfSentMessages"));
    await send(to, from);
  });

  test("that is not reached hides no other limit", async () => {
    const world = await openRelay(limited("NumberOfSentMessages", 100));
    const [from, to] = [await world.party(), await world.party()];
    await bring(from, to, "Active");
    for (let sent = 0; sent < 20; sent += 1) await send(from, to);

    expect(await from.no("createMessage", { body: letter(to) })).toBe("message.maxNumberOfUnreceivedMessagesReached");
  });

  test("for Relationships holds for who creates one and for who accepts one", async () => {
    const world = await openRelay(limited("NumberOfRelationships", 1));
    const [busy, one, other] = [await world.party(), await world.party(), await world.party()];
    await bring(one, busy, "Active");
    const body = { relationshipTemplateId: await offer(other), creationContent: base64("creation") };

    expect(await busy.call("createRelationship", { body })).toMatchObject(exhausted("NumberOfRelationships"));
    const id = await pend(other, busy);
    const accept = await busy.call("acceptRelationship", { id, body: { creationResponseContent: base64("yes") } });

    expect(accept).toMatchObject(exhausted("NumberOfRelationships"));
    await busy.ok("rejectRelationship", { id, body: {} });
  });

  test("for a template's slot keeps the answer of the template when that is full", async () => {
    const world = await openRelay(limited("NumberOfRelationships", 5));
    const [owner, one, other] = [await world.party(), await world.party(), await world.party()];
    const relationshipTemplateId = await offer(owner, { maxNumberOfAllocations: 1 });
    const body = { relationshipTemplateId, creationContent: base64("creation") };

    const answers = await Promise.all([
      one.call("createRelationship", { body }),
      other.call("createRelationship", { body }),
    ]);

    expect(succeeded(answers)).toBe(1);
    expect(answers.find(({ ok }) => !ok)).toMatchObject({
      error: { code: "error.platform.validation.relationshipTemplate.maxNumberOfAllocationsExhausted" },
    });
  });

  test("for challenges and modifications counts those of a login", async () => {
    const quotas = [
      { metric: "NumberOfCreatedChallenges", max: 1, period: "Day" },
      { metric: "NumberOfCreatedDatawalletModifications", max: 3, period: "Day" },
    ] as const;
    const world = await openRelay({ settings: { quotas } });
    const party = await world.party();
    const change = { objectIdentifier: "a", collection: "Attributes", type: "Create", datawalletVersion: 1 };
    const push = (localIndex: number, count: number) =>
      party.call("pushModifications", { body: { localIndex, modifications: Array(count).fill(change) } });
    await party.ok("createChallenge", { body: {} });

    expect(await party.no("createChallenge", { body: {} })).toBe("quotaExhausted");
    await world.anonymous.ok("createChallenge", { body: {} });
    expect(await push(-1, 2)).toMatchObject({ ok: true });
    expect(await push(1, 2)).toMatchObject({ status: 429 });
    expect(await push(1, 1)).toMatchObject({ ok: true });
  });
});

describe("the list of quotas", () => {
  test("says for every metric with a limit how far the caller is", async () => {
    const quotas = [
      { metric: "NumberOfTokens", max: 5, period: "Day" },
      { metric: "NumberOfRelationshipTemplates", max: 3, period: "Hour" },
      { metric: "NumberOfRelationshipTemplates", max: 10, period: "Total" },
    ] as const;
    const world = await openRelay({ settings: { quotas } });
    const party = await world.party();
    await offer(party);
    world.clock.advance(hour);
    await offer(party);

    const metricKey = "NumberOfRelationshipTemplates";
    expect(await party.ok("listQuotas")).toEqual([
      {
        metricKey,
        quotas: [
          { source: "Tier", metricKey, max: 3, usage: 1, period: "Hour" },
          { source: "Tier", metricKey, max: 10, usage: 2, period: "Total" },
        ],
      },
      {
        metricKey: "NumberOfTokens",
        quotas: [{ source: "Tier", metricKey: "NumberOfTokens", max: 5, usage: 0, period: "Day" }],
      },
    ]);
  });

  test("is empty without limits, and then nothing is counted (U2)", async () => {
    const disk = createMemoryDisk();
    const world = await openRelay({ store: createMemoryStore({ disk }) });
    const party = await world.party();
    await offer(party);

    expect(await party.ok("listQuotas")).toEqual([]);
    expect([...disk.documents().keys()].filter((key) => key.startsWith("relay/usage"))).toEqual([]);
  });
});

test("what is taken back lowers what is counted for ever, and not what was done within a period", async () => {
  const quotas = (["Hour", "Total"] as const).map((period) => ({ metric: "NumberOfFiles", max: 9, period }) as const);
  const desk = { settings: { gracePeriodDays: 1, messageRecipientsMax: 1, quotas } };
  const use = { address: "did:e:localhost:dids:00", metric: "NumberOfFiles", nowMs: 0 } as const;
  const countersOf = (by: number) => {
    const draft = createDraft();
    countAgainstQuota(draft, desk, { ...use, by });
    return (draft.answer({}).value.adds ?? []).map(({ counter, by, atMost }) => [counter.split(".")[1], by, atMost]);
  };

  expect(countersOf(2)).toEqual([
    ["Hour", 2, 9],
    ["Total", 2, 9],
  ]);
  expect(countersOf(-2)).toEqual([["Total", -2, undefined]]);
  expect(countersOf(0)).toEqual([]);
});

test("counters of periods that are over are swept, and the others stay (U3)", async () => {
  const disk = createMemoryDisk();
  const metric = "NumberOfRelationshipTemplates";
  const quotas = (["Hour", "Day", "Total"] as const).map((period) => ({ metric, max: 1_000, period }) as const);
  const world = await openRelay({ store: createMemoryStore({ disk }), settings: { quotas } });
  const party = await world.party();
  for (let hours = 0; hours < 30; hours += 1) {
    await offer(party);
    world.clock.advance(hour);
  }

  await offer(party);

  const kept = [...disk.documents()].filter(([key]) => key.startsWith("relay/usage"));
  expect(kept.map(([key, { n }]) => [key.split(".")[1], n]).sort()).toEqual([
    ["Day", 7],
    ["Hour", 1],
    ["Total", 31],
  ]);
});

test("a Message has as many recipients as the operator allows", async () => {
  const world = await openRelay({ settings: { messageRecipientsMax: 1 } });
  const [from, one, other] = [await world.party(), await world.party(), await world.party()];
  await bring(from, one, "Active");
  await bring(from, other, "Active");

  expect(await from.no("createMessage", { body: letter(one, other) })).toBe("invalidPropertyValue");
  await send(from, one);
});
