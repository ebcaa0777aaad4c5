import fc from "fast-check";
import {
  type IncomingRequestContext,
  type IncomingRequestEnvelope,
  type IncomingRequestFact,
  type IncomingRequestTag,
  incomingRequestChart,
  incomingRequestStatuses,
  pathOf,
  receivedRequest,
  statusOfIncomingRequest,
} from "rapport/machines";
import { describe, expect, test } from "vitest";
import { current, hasTag, step } from "../../src/turn/step.ts";
import { after, before, deadline, incomingContexts, incomingFacts } from "./samples.ts";

const message = { type: "Message", reference: "MSG00000000000000001" } as const;
const met: IncomingRequestFact = { type: "prerequisites.met" };
const declined: IncomingRequestFact = { type: "automation.declined" };
const ignored: IncomingRequestFact = { type: "rule.ignored", expiresAt: after };
const accepted: IncomingRequestFact = { type: "recipient.accepted" };
const rejected: IncomingRequestFact = { type: "recipient.rejected" };
const delivered: IncomingRequestFact = { type: "response.delivered", source: message };
const nothingSent: IncomingRequestFact = { type: "response.delivered" };
const late: IncomingRequestFact = { type: "clock.reached", now: after };
const removed: IncomingRequestFact = { type: "request.deleted" };

// spec/domain.md 4.2.
const legal: [from: string, fact: IncomingRequestFact, to: string][] = [
  ["Open", met, "DecisionRequired"],
  ["DecisionRequired", declined, "ManualDecisionRequired"],
  ["DecisionRequired", ignored, "ManualDecisionRequired"],
  ["DecisionRequired", accepted, "Decided.accepted"],
  ["DecisionRequired", rejected, "Decided.rejected"],
  ["ManualDecisionRequired", accepted, "Decided.accepted"],
  ["ManualDecisionRequired", rejected, "Decided.rejected"],
  ["Decided.accepted", delivered, "Completed"],
  ["Decided.rejected", delivered, "Completed"],
  ["Decided.rejected", nothingSent, "Completed"],
  ["Open", late, "Expired"],
  ["DecisionRequired", late, "Expired"],
  ["ManualDecisionRequired", late, "Expired"],
  ["Decided.accepted", late, "Expired"],
  ["Decided.rejected", late, "Expired"],
];

test.for(legal)("%s: $1.type leads on, is logged and announced", ([from, fact, to]) => {
  const taken = step(incomingRequestChart, at(from), fact);

  const [oldStatus, newStatus] = [from.split(".")[0], to.split(".")[0]];
  expect(taken).toMatchObject({ ok: true, next: { value: incomingRequestChart.leaves.get(to)?.value } });
  expect(taken.ok && taken.effects).toEqual([
    { type: "appendStatusLog", params: { oldStatus, newStatus } },
    { type: "announce", params: { events: ["incomingRequestStatusChanged"], oldStatus, newStatus } },
  ]);
});

const wrongStatus = "request.wrongStatus";
const notExpired = "error.consumption.requests.canOnlyDeleteIncomingRequestThatIsExpired";
const illegal: [why: string, from: string, fact: IncomingRequestFact, code: string][] = [
  ["#59", "ManualDecisionRequired", removed, notExpired],
  ["#59", "Open", removed, notExpired],
  ["#59", "Decided.accepted", removed, notExpired],
  ["#59", "Completed", removed, notExpired],
  ["#62", "Expired", accepted, wrongStatus],
  ["#62", "Expired", rejected, wrongStatus],
  ["#63", "Open", accepted, wrongStatus],
  ["#63", "Open", declined, wrongStatus],
  ["#72", "Decided.accepted", accepted, wrongStatus],
  ["#72", "Decided.rejected", accepted, wrongStatus],
  ["decided is decided", "Decided.accepted", rejected, wrongStatus],
  ["completed is completed", "Completed", late, wrongStatus],
  ["completed is completed", "Completed", accepted, wrongStatus],
  ["only once", "DecisionRequired", met, wrongStatus],
  ["only once", "ManualDecisionRequired", declined, wrongStatus],
  ["nothing decided", "ManualDecisionRequired", delivered, wrongStatus],
  ["an accepted one was sent somewhere", "Decided.accepted", nothingSent, "input.invalid"],
  ["not yet", "DecisionRequired", { type: "clock.reached", now: before }, wrongStatus],
  ["the deadline itself is in time", "DecisionRequired", { type: "clock.reached", now: deadline }, wrongStatus],
];

test.for(illegal)("%s: %s refuses $2.type", ([, from, fact, code]) => {
  expect(step(incomingRequestChart, at(from), fact)).toEqual({ ok: false, refusal: { local: code, relay: code } });
});

// What leads on, and the two steps that change no status.
const heard = new Set([
  ...legal.map(([from, { type }]) => `${from} ${type}`),
  "ManualDecisionRequired rule.ignored",
  "Expired request.deleted",
]);

// The conditions of spec/domain.md 4.2 and 4.3 in words of our own, so that they are not compared with themselves.
function isLegal(from: string, fact: IncomingRequestFact, context: IncomingRequestContext): boolean {
  if (!heard.has(`${from} ${fact.type}`)) return false;
  const { expiresAt, ignoredUntil } = context;
  if (fact.type === "clock.reached") return [expiresAt, ignoredUntil].includes(deadline) && fact.now === after;
  if (fact.type === "rule.ignored") return from === "DecisionRequired" || ignoredUntil === null;
  if (fact.type !== "response.delivered" || fact.source !== undefined) return true;
  return from === "Decided.rejected" && context.source === "RelationshipTemplate";
}

test("nothing else is legal", () => {
  for (const from of incomingRequestChart.leaves.keys()) {
    for (const context of incomingContexts) {
      for (const fact of incomingFacts) {
        const { ok } = step(incomingRequestChart, at(from, context), fact);
        expect(ok, JSON.stringify([from, fact, context])).toBe(isLegal(from, fact, context));
      }
    }
  }
});

test("a rejected Request from a Message is completed only with a source", () => {
  const decided = at("Decided.rejected", { source: "Message" });

  expect(step(incomingRequestChart, decided, nothingSent)).toMatchObject({ refusal: { local: "input.invalid" } });
  expect(step(incomingRequestChart, decided, delivered).ok).toBe(true);
});

test("an Expired one can be deleted, which only wishes for its removal", () => {
  const taken = step(incomingRequestChart, at("Expired"), removed);

  expect(taken).toMatchObject({ ok: true, effects: [{ type: "removeRequest" }] });
});

test("a Request without expiry never expires", () => {
  expect(step(incomingRequestChart, receivedRequest("Message", undefined), late).ok).toBe(false);
});

describe("a Request that a rule ignores", () => {
  test("stays ManualDecisionRequired, marked, and keeps its own expiry", () => {
    const taken = step(incomingRequestChart, at("DecisionRequired"), ignored);

    expect(taken).toMatchObject({
      next: { value: "ManualDecisionRequired", context: { ignoredUntil: deadline, expiresAt: deadline } },
    });
  });

  test("gets a deadline if it has no expiry, which stays absent", () => {
    const taken = step(incomingRequestChart, at("DecisionRequired", { expiresAt: null }), ignored);

    expect(taken).toMatchObject({ ok: true, next: { context: { ignoredUntil: after, expiresAt: null } } });
    const [soon, later] = [after, "2030-01-02T00:00:00.002Z"].map((now) =>
      step(incomingRequestChart, taken.ok ? taken.next : at("Open"), { type: "clock.reached", now }),
    );
    expect([soon?.ok, later?.ok]).toEqual([false, true]);
  });

  test("is marked without a change of status when it already waits for a person, and once only", () => {
    const marked = step(incomingRequestChart, at("ManualDecisionRequired"), ignored);

    expect(marked).toMatchObject({ ok: true, effects: [], next: { context: { ignoredUntil: deadline } } });
    expect(marked.ok && step(incomingRequestChart, marked.next, ignored).ok).toBe(false);
  });

  test("can still be decided by a person", () => {
    const waiting = at("ManualDecisionRequired", { ignoredUntil: after });

    expect(hasTag(incomingRequestChart, waiting, "decidable")).toBe(true);
    expect(step(incomingRequestChart, waiting, accepted).ok).toBe(true);
  });
});

describe("a state of version 1", () => {
  const first = (value: string, context: object): IncomingRequestEnvelope =>
    JSON.parse(JSON.stringify({ machine: "request-in", version: 1, value, context }));
  const source = "Message";

  test("that a rule ignored keeps its deadline, and is ignored once only", () => {
    const stored = first("ManualDecisionRequired", { source, expiresAt: deadline, ignored: true });

    expect(current(incomingRequestChart, stored)).toEqual({
      machine: "request-in",
      version: 2,
      value: "ManualDecisionRequired",
      context: { source, expiresAt: deadline, ignoredUntil: deadline },
    });
    expect(step(incomingRequestChart, stored, ignored).ok).toBe(false);
    expect(step(incomingRequestChart, stored, late)).toMatchObject({
      ok: true,
      next: { version: 2, value: "Expired" },
    });
  });

  test("that nobody ignored becomes one with the same expiry", () => {
    for (const expiresAt of [null, deadline]) {
      const stored = first("Open", { source, expiresAt, ignored: false });

      expect(current(incomingRequestChart, stored)).toEqual(receivedRequest(source, expiresAt ?? undefined));
    }
  });
});

const answers: Record<IncomingRequestTag, string> = {
  decidable: "DecisionRequired ManualDecisionRequired",
  open: "Open DecisionRequired ManualDecisionRequired Decided",
  decided: "Decided",
  completed: "Completed",
  expirable: "Open DecisionRequired ManualDecisionRequired Decided",
  expired: "Expired",
  final: "Completed",
};

test.for(Object.entries(answers))("%s: %s", ([tag, wanted]) => {
  const leaves = [...incomingRequestChart.leaves.values()];

  const yes = incomingRequestStatuses.filter((status) =>
    leaves.filter(({ value }) => statusOfIncomingRequest(value) === status).every(({ tags }) => tags.has(tag)),
  );

  expect(yes.join(" ")).toBe(wanted);
});

test("Q1: whatever happens, Decided leads only to Completed or Expired, and the log chains", () => {
  fc.assert(
    fc.property(anyContext, fc.array(anyFact, { maxLength: 30 }), ({ source, expiresAt }, facts) => {
      let envelope = receivedRequest(source, expiresAt);
      let status = "Open";
      for (const fact of facts) {
        const taken = step(incomingRequestChart, envelope, fact);
        if (!taken.ok) continue;
        for (const { type, ...wish } of taken.effects) {
          if (type !== "appendStatusLog" || !("params" in wish)) continue;
          expect(wish.params.oldStatus).toBe(status);
          expect(wish.params.newStatus).not.toBe(status);
          status = wish.params.newStatus;
        }
        if (pathOf(envelope.value).startsWith("Decided")) expect(["Completed", "Expired"]).toContain(status);
        if (expiresAt !== undefined) expect(taken.next.context.expiresAt).toBe(expiresAt);
        envelope = taken.next;
        expect(statusOfIncomingRequest(envelope.value)).toBe(status);
      }
    }),
  );
});

const instant = fc.constantFrom(before, deadline, after);
const anyContext = fc.record({
  source: fc.constantFrom("Message" as const, "RelationshipTemplate" as const),
  expiresAt: fc.option(instant, { nil: undefined }),
});
const anyFact: fc.Arbitrary<IncomingRequestFact> = fc.oneof(
  fc.constantFrom(met, declined, accepted, rejected, delivered, nothingSent, removed),
  instant.map((expiresAt): IncomingRequestFact => ({ type: "rule.ignored", expiresAt })),
  instant.map((now): IncomingRequestFact => ({ type: "clock.reached", now })),
);

function at(path: string, context: Partial<IncomingRequestContext> = {}): IncomingRequestEnvelope {
  const leaf = incomingRequestChart.leaves.get(path);
  if (leaf === undefined) throw new Error(`There is no state "${path}".`);
  const fresh = receivedRequest("RelationshipTemplate", deadline);
  return { ...fresh, value: leaf.value, context: { ...fresh.context, ...context } };
}
