// Entries for pending Relationships: the first that matches says what becomes of it, and the trace says why.
import fc from "fast-check";
import type { JsonObject, RelationshipFacts, RelationshipVerdict } from "rapport/core";
import {
  createRuleTable,
  type RelationshipEntry,
  type RuleTableOptions,
  rulesTable,
} from "rapport/plugins/rules-table";
import { describe, expect, test } from "vitest";
import { couple, yes as decision, loadRequest, only, structured } from "../../services/scenes.ts";
import { no, P, yes } from "./facts.ts";
import { pendings, policies } from "./policy-pools.ts";

const manual = { manual: true } as const;
const ignore = { ignore: true } as const;
const accepted = { "@type": "AcceptResponseItem", result: "Accepted" };
const rejected = { "@type": "RejectResponseItem", result: "Rejected", code: "c1" };

/** A pending Relationship from P with these ResponseItems. */
const about = (items: readonly JsonObject[] = [accepted], more: JsonObject = {}): RelationshipFacts => ({
  self: "did:e:relay.test:dids:2222222222222222222222",
  now: "2030-01-01T00:00:01.000Z",
  relationship: {
    peer: P,
    templateId: "RLT1",
    status: "Pending",
    creationContent: { "@type": "RelationshipCreationContent", response: { result: "Accepted", items } },
    auditLog: [{ createdAt: "2030-01-01T00:00:00.000Z", reason: "Creation" }],
    ...more,
  },
  template: { id: "RLT1", isOwn: true, content: { title: "Shop", isOwn: "mine" } },
});
const entry = (
  relationshipConfig: RelationshipEntry["relationshipConfig"],
  responseConfig: RelationshipEntry["responseConfig"],
  name?: string,
): RelationshipEntry => ({ relationshipConfig, responseConfig, ...(name === undefined ? {} : { name }) });

const judged = (relationships: RelationshipEntry[], facts = about()) =>
  createRuleTable({ relationships }).rule.judgeRelationship?.(facts);
const traced = (relationships: RelationshipEntry[], facts = about(), options: RuleTableOptions = {}) => {
  const { rule } = createRuleTable({ relationships }, options);
  return rule.traceRelationship?.(facts, JSON.parse(JSON.stringify(rule.source))) ?? [];
};
const outcomes = (entries: ReturnType<typeof traced>) => entries.map(({ entry, outcome }) => `${entry} ${outcome}`);

describe("a policy", () => {
  test("without entries says nothing, and with entries that do not match leaves it to a person", () => {
    expect(judged([])).toBeUndefined();
    expect(judged([entry({ peer: "somebody" }, yes)])).toEqual({ verdict: "manual", reason: "No entry answers it." });
  });

  test("says what its first entry that matches says", () => {
    expect(judged([entry({ peer: "somebody" }, yes), entry({ peer: P }, no, "P"), entry({}, yes)])).toEqual({
      verdict: "reject",
      reason: "Decided by P.",
    });
    expect(judged([entry({}, manual, "look"), entry({}, yes)])).toEqual({
      verdict: "manual",
      reason: "Entry look leaves it to a person.",
    });
    expect(judged([entry({}, ignore, "deaf"), entry({}, yes)])).toEqual({
      verdict: "ignore",
      reason: "Entry deaf ignores it.",
    });
  });

  test("hands over the content of the entry that decides, and of no other", () => {
    const welcome = { greeting: "Welcome" };

    expect(judged([entry({}, { accept: true, content: welcome }), entry({}, { accept: true, content: {} })])).toEqual({
      verdict: "accept",
      reason: "Decided by #1.",
      content: welcome,
    });
    expect(judged([entry({ peer: "x" }, { accept: true, content: welcome }), entry({}, no)])).toEqual({
      verdict: "reject",
      reason: "Decided by #2.",
    });
  });

  test("wants everything of one and the same ResponseItem, also of one in a group", () => {
    const both = [entry({ "response.item.result": "Accepted", "response.item.code": "c1" }, yes)];
    const grouped = { "@type": "ResponseItemGroup", items: [{ ...accepted, code: "c1" }] };

    expect(judged(both, about([accepted, rejected]))).toMatchObject({ verdict: "manual" });
    expect(judged(both, about([rejected, grouped]))).toMatchObject({ verdict: "accept" });
  });

  test("takes a field of the template before one of its content, and the day of the creation from the audit log", () => {
    expect(judged([entry({ "template.isOwn": true, "template.title": "Shop" }, yes)])).toMatchObject({
      verdict: "accept",
    });
    expect(judged([entry({ createdAt: "<2030-01-01" }, no), entry({ createdAt: ">2029-12-31" }, yes)])).toMatchObject({
      verdict: "accept",
    });
  });

  test("leaves to a person what cannot be compared, unless something else of the entry fails", () => {
    const odd = about([accepted], { metadata: { startsAt: 5 } });
    const late = { "metadata.startsAt": ">2029-01-01" };

    expect(judged([entry(late, yes, "late"), entry({}, no)], odd)).toEqual({
      verdict: "manual",
      reason: "A value cannot be compared with what entry late wants.",
    });
    expect(judged([entry({ ...late, peer: "somebody" }, yes), entry({}, no)], odd)).toMatchObject({
      verdict: "reject",
    });
  });
});

describe("the trace of a policy", () => {
  test("says of every entry whether it decided, came late, or did not match, and what it saw", () => {
    const found = traced([
      entry({ peer: "somebody" }, yes, "other"),
      entry({ peer: P, "template.title": ["Shop"] }, { accept: true, content: { a: 1 } }, "P"),
      entry({}, { accept: false }, "rest"),
      entry({ "request.status": "Open" }, ignore),
    ]);

    expect(outcomes(found)).toEqual(["other not matched", "P decided", "rest late", "#4 not matched"]);
    expect(found[0]).toEqual({
      entry: "other",
      outcome: "not matched",
      conditions: [{ path: "peer", wanted: "somebody", seen: P, matched: false }],
      answer: "accept",
    });
    expect(found[1]).toMatchObject({
      conditions: [
        { path: "peer", matched: true },
        { path: "template.title", wanted: ["Shop"], seen: "Shop", matched: true },
      ],
      answer: "accept with content",
    });
    expect(found[3]).toMatchObject({
      conditions: [{ path: "request.status", wanted: "Open", matched: false }],
      answer: "ignore",
    });
  });

  test("shows the ResponseItem that comes nearest to what is wanted", () => {
    const wanted = { "response.item.result": "Rejected", "response.item.code": "c2" };
    const [found] = traced([entry(wanted, no)], about([accepted, rejected]));

    expect(found).toMatchObject({
      outcome: "not matched",
      conditions: [
        { path: "response.item.result", seen: "Rejected", matched: true },
        { path: "response.item.code", seen: "c1", matched: false },
      ],
    });
  });

  test("compares what it may not show, and says what cannot be known", () => {
    const entries = [entry({ "template.title": "Shop", peer: P }, yes)];
    const hidden = { ...about(), template: { content: { title: "[redacted]" } } };

    expect(traced(entries, about(), { redact: ["template"] })).toMatchObject([
      { outcome: "decided", conditions: [{ path: "template.title", seen: "[redacted]", matched: true }, { seen: P }] },
    ]);
    expect(traced(entries, hidden)).toMatchObject([
      { outcome: "not matched", answer: expect.stringContaining("template.title was recorded as [redacted]") },
    ]);
  });

  test("is over with a value that cannot be compared", () => {
    const found = traced(
      [entry({ "metadata.startsAt": ">2029-01-01" }, yes), entry({}, no)],
      about([accepted], { metadata: { startsAt: 5 } }),
    );

    expect(outcomes(found)).toEqual(["#1 not matched", "#2 late"]);
    expect(found[0]?.answer).toContain("cannot be compared");
  });

  test("names as deciding the entry by which the policy decides", () => {
    fc.assert(
      fc.property(policies, pendings, (relationships, facts) => {
        const { rule } = createRuleTable({ relationships });
        const verdict = rule.judgeRelationship?.(facts) as RelationshipVerdict;

        const deciding = traced(relationships, facts).filter(({ outcome }) => outcome === "decided");

        expect(deciding.length).toBeLessThanOrEqual(1);
        const [one] = deciding;
        if (one === undefined) expect(verdict.reason).toMatch(/^No entry answers it|cannot be compared/);
        else expect(verdict.reason).toMatch(new RegExp(`${one.entry}\\b`));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("in the engine", () => {
  const answered = async (relationships: RelationshipEntry[]) => {
    const two = await couple({
      content: structured({ title: "Shop" }),
      templator: { plugins: [rulesTable({ config: { relationships } })] },
    });
    const request = await loadRequest(two.initiator.account, two.template);
    await two.initiator.account.requests.incoming.accept(request.id, decision);
    await two.templator.account.sync();
    await two.initiator.account.sync();
    const [here, there] = [two.templator.account.relationships, two.initiator.account.relationships];
    return { two, here: only(await here.find()), there: only(await there.find()) };
  };

  test("a rejecting entry answers with its content, and the peer reads it", async () => {
    const { two, here, there } = await answered([
      entry({ "template.title": "Other" }, yes),
      entry({ "template.title": "Shop" }, { accept: false, content: { why: "full" } }, "full"),
      entry({}, yes),
    ]);
    await using _world = two.world;

    expect([here.status, there.status]).toEqual(["Rejected", "Rejected"]);
    expect(there).toMatchObject({ responseContent: { why: "full" } });
    expect(await two.templator.account.relationships.decision(here.id)).toMatchObject({
      decider: { rule: "rules-table" },
      verdict: "reject",
    });
  });

  test.for([
    ["manual", manual],
    ["ignore", ignore],
  ] as const)(
    "an entry that says %s leaves it Pending at both, whatever comes after it",
    async ([verdict, response]) => {
      const { two, here, there } = await answered([entry({}, response), entry({}, yes)]);
      await using _world = two.world;

      expect([here.status, there.status]).toEqual(["Pending", "Pending"]);
      expect(await two.templator.account.relationships.decision(here.id)).toMatchObject({ verdict });
    },
  );
});
