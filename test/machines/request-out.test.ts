import fc from "fast-check";
import {
  draftedRequest,
  type OutgoingRequestContext,
  type OutgoingRequestEnvelope,
  type OutgoingRequestFact,
  type OutgoingRequestStatus,
  type OutgoingRequestTag,
  outgoingRequestChart,
  outgoingRequestStatuses,
  statusOfOutgoingRequest,
} from "rapport/machines";
import { expect, test } from "vitest";
import { step } from "../../src/turn/step.ts";
import { after, before, deadline, outgoingContexts, outgoingFacts } from "./samples.ts";

const sent: OutgoingRequestFact = { type: "request.sent" };
const discarded: OutgoingRequestFact = { type: "request.discarded" };
const late: OutgoingRequestFact = { type: "clock.reached", now: after };
const responded = (respondedAt: string): OutgoingRequestFact => ({
  type: "response.received",
  respondedAt,
  result: "Accepted",
});

type Legal = [
  why: string,
  from: OutgoingRequestStatus,
  fact: OutgoingRequestFact,
  to: OutgoingRequestStatus,
  told: OutgoingRequestStatus,
];

// spec/domain.md 4.4; what listeners are told of the old status differs in one row (chapter 9).
const legal: Legal[] = [
  ["sending", "Draft", sent, "Open", "Draft"],
  ["the answer", "Open", responded(before), "Completed", "Open"],
  ["#84", "Expired", responded(before), "Completed", "Open"],
  ["#84, at the deadline itself", "Expired", responded(deadline), "Completed", "Open"],
  ["expiry, Draft included", "Draft", late, "Expired", "Draft"],
  ["expiry", "Open", late, "Expired", "Open"],
];

test.for(legal)("%s: %s leads to $3, is logged and announced", ([, from, fact, newStatus, told]) => {
  const taken = step(outgoingRequestChart, at(from), fact);

  expect(taken).toMatchObject({ ok: true, next: { value: newStatus } });
  expect(taken.ok && taken.effects).toEqual([
    { type: "appendStatusLog", params: { oldStatus: from, newStatus } },
    { type: "announce", params: { events: ["outgoingRequestStatusChanged"], oldStatus: told, newStatus } },
  ]);
});

const wrongStatus = "request.wrongStatus";
const alreadySent = "error.runtime.messages.cannotSendRequestThatWasAlreadySent";
const overdue = "error.runtime.messages.cannotSendMessageWithExpiredRequest";
const illegal: [why: string, from: OutgoingRequestStatus, fact: OutgoingRequestFact, code: string][] = [
  ["#82, after sending", "Open", discarded, wrongStatus],
  ["#82, after the answer", "Completed", discarded, wrongStatus],
  ["#82, after expiry", "Expired", discarded, wrongStatus],
  ["#83", "Open", sent, alreadySent],
  ["#83", "Completed", sent, alreadySent],
  ["#83", "Expired", sent, overdue],
  ["#84", "Expired", responded(after), wrongStatus],
  ["never sent", "Draft", responded(before), wrongStatus],
  ["answered twice", "Completed", responded(before), wrongStatus],
  ["the deadline itself is in time", "Open", { type: "clock.reached", now: deadline }, wrongStatus],
  ["completed is completed", "Completed", late, wrongStatus],
  ["expired once", "Expired", late, wrongStatus],
];

test.for(illegal)("%s: %s refuses $2.type", ([, from, fact, code]) => {
  expect(step(outgoingRequestChart, at(from), fact)).toEqual({ ok: false, refusal: { local: code, relay: code } });
});

const heard = new Set([...legal.map(([, from, { type }]) => `${from} ${type}`), "Draft request.discarded"]);

// The conditions of spec/domain.md 4.4 in words of our own, so that they are not compared with themselves.
function isLegal(from: OutgoingRequestStatus, fact: OutgoingRequestFact, context: OutgoingRequestContext): boolean {
  if (!heard.has(`${from} ${fact.type}`)) return false;
  if (fact.type === "clock.reached") return context.expiresAt === deadline && fact.now === after;
  if (fact.type !== "response.received" || from === "Open") return true;
  return context.expiresAt === deadline && fact.respondedAt !== after;
}

test("nothing else is legal", () => {
  for (const from of outgoingRequestStatuses) {
    for (const context of outgoingContexts) {
      for (const fact of outgoingFacts) {
        const { ok } = step(outgoingRequestChart, { ...at(from), context }, fact);
        expect(ok, JSON.stringify([from, fact, context])).toBe(isLegal(from, fact, context));
      }
    }
  }
});

test("#82: a created Request is a Draft, and discarding it only wishes for its removal", () => {
  const draft = draftedRequest(deadline);

  expect(draft).toMatchObject({ value: "Draft", context: { expiresAt: deadline } });
  expect(step(outgoingRequestChart, draft, discarded)).toMatchObject({
    ok: true,
    effects: [{ type: "removeRequest" }],
  });
});

test("#85: a Request answered through its template goes from Draft to Completed in one go", () => {
  const opened = step(outgoingRequestChart, draftedRequest(before), sent);
  const closed = opened.ok ? step(outgoingRequestChart, opened.next, responded(after)) : opened;

  expect(closed).toMatchObject({ ok: true, next: { value: "Completed" } });
});

const answers: Record<OutgoingRequestTag, string> = {
  draft: "Draft",
  open: "Open",
  completed: "Completed",
  expirable: "Draft Open",
  expired: "Expired",
  final: "Completed",
};

test.for(Object.entries(answers))("%s: %s", ([tag, wanted]) => {
  const yes = outgoingRequestStatuses.filter((status) => outgoingRequestChart.leaves.get(status)?.tags.has(tag));

  expect(yes.join(" ")).toBe(wanted);
});

test("whatever happens, Completed stays, the log chains, and a late answer completes nothing that has expired", () => {
  const instant = fc.constantFrom(before, deadline, after);
  const anyFact: fc.Arbitrary<OutgoingRequestFact> = fc.oneof(
    fc.constantFrom(sent, discarded),
    instant.map(responded),
    instant.map((now): OutgoingRequestFact => ({ type: "clock.reached", now })),
  );
  fc.assert(
    fc.property(fc.array(anyFact, { maxLength: 20 }), (facts) => {
      let envelope = draftedRequest(deadline);
      for (const fact of facts) {
        const taken = step(outgoingRequestChart, envelope, fact);
        if (!taken.ok) continue;
        const old = statusOfOutgoingRequest(envelope.value);
        expect(old).not.toBe("Completed");
        if (old === "Expired") expect(fact).not.toMatchObject({ respondedAt: after });
        for (const effect of taken.effects) {
          if (effect.type !== "appendStatusLog") continue;
          expect(effect.params).toEqual({ oldStatus: old, newStatus: statusOfOutgoingRequest(taken.next.value) });
        }
        envelope = taken.next;
      }
    }),
  );
});

function at(value: OutgoingRequestStatus): OutgoingRequestEnvelope {
  return { ...draftedRequest(deadline), value };
}
