// The checker is told wrong histories and wrong ends, and has a complaint about each.
import { describe, expect, test } from "vitest";
import { complaintsOf } from "./checker.ts";
import type { EndState } from "./end-state.ts";
import { type Call, tallyOf } from "./history.ts";
import {
  ann,
  asking,
  auditLog,
  call,
  calls,
  creation,
  end,
  everywhere,
  file,
  later,
  mail,
  relationship,
  request,
  told,
  withCall,
  withParty,
} from "./sound-house.ts";

test("a house in which everything is right has no complaints", () => {
  expect(complaintsOf(calls, end)).toEqual([]);
});

/** What is wrong, how, and words of the complaint. */
type Wrong = readonly [what: string, at: { readonly calls?: readonly Call[]; readonly end?: EndState }, says: RegExp];

const wrongs: readonly Wrong[] = [
  [
    "a lost attribute",
    { end: withParty("ann", { attributes: [] }) },
    /attribute b1 was acknowledged and is there 0 times/,
  ],
  [
    "an attribute that is there twice",
    { end: withParty("ann", { attributes: [...ann.attributes, ...ann.attributes] }) },
    /is there 2 times/,
  ],
  [
    "an unknown attribute that is there twice",
    {
      calls: withCall("attribute", { outcome: "unknown" }),
      end: withParty("ann", { attributes: [...ann.attributes, ...ann.attributes] }),
    },
    /was unknown and is there 2 times/,
  ],
  [
    "a refused attribute that is there",
    { calls: withCall("attribute", { outcome: "refused" }) },
    /was refused and is there 1 times/,
  ],
  [
    "an attribute of nobody",
    { calls: calls.filter(({ deed }) => deed.kind !== "attribute") },
    /nobody made what attributes have as b1/,
  ],
  [
    "a lost template",
    { end: withParty("ann", { templates: [] }) },
    /template t1 was acknowledged and is there 0 times/,
  ],
  [
    "a template that the relay lost",
    { end: { ...end, relay: { ...end.relay, templates: [] } } },
    /the relay has lost the template RLT1/,
  ],
  [
    "a template whose loading is lost",
    { end: withParty("bea", { templates: [] }) },
    /loading RLT1 was acknowledged and it is there 0 times/,
  ],
  [
    "a File with other bytes",
    { end: withParty("bea", { files: [{ ...file, isOwn: false, sha256: "00" }] }) },
    /has other bytes/,
  ],
  [
    "a File that the relay lost",
    { end: { ...end, relay: { ...end.relay, files: [] } } },
    /the relay has lost the file FIL1/,
  ],
  [
    "two answers to one key",
    {
      calls: [
        ...calls,
        call(
          "ann",
          { kind: "mail", mark: "m1", to: "B", attached: ["FIL1"] },
          { key: "mail-MSG1", seen: { id: "MSG9" } },
        ),
      ],
    },
    /acknowledged as MSG1 and MSG9/,
  ],
  [
    "a mail that its sender lost",
    { end: withParty("ann", { messages: [asking] }) },
    /ann: the mail m1 of ann was acknowledged and is there 0 times/,
  ],
  [
    "a mail that never arrived",
    { end: withParty("bea", { messages: [asking] }) },
    /bea: the mail m1 of ann was acknowledged and is there 0 times/,
  ],
  [
    "a mail that arrived twice",
    { end: withParty("bea", { messages: [mail, { ...mail, id: "MSG9" }, asking] }) },
    /bea: the mail m1 of ann was acknowledged and is there 2 times/,
  ],
  [
    "a Message that is there twice",
    { end: withParty("bea", { messages: [mail, asking, asking] }) },
    /the Message MSG2 is there twice/,
  ],
  ["a mail of nobody", { calls: calls.filter(({ deed }) => deed.kind !== "mail") }, /nobody sent the mail m1/],
  [
    "a mail without its File",
    { end: withParty("bea", { messages: [{ ...mail, attached: [] }, asking] }) },
    /has other attachments/,
  ],
  [
    "a Response that never arrived",
    {
      end: withParty("bea", {
        messages: [mail, asking, { ...asking, id: "MSG3", createdBy: "B", recipients: ["A"], type: "ResponseWrapper" }],
      }),
    },
    /ann: the ResponseWrapper MSG3 of bea never arrived/,
  ],
  [
    "a Message that came from nowhere",
    { end: withParty("ann", { messages: [mail] }) },
    /ann knows nothing of the Request MSG2 that arrived/,
  ],
  [
    "audit logs that differ",
    { end: withParty("bea", { relationships: [{ ...relationship("A"), status: "Pending", auditLog: [creation] }] }) },
    /bea: REL1 has another audit log than at the relay/,
  ],
  [
    "a status beside the audit log",
    { end: withParty("bea", { relationships: [{ ...relationship("A"), status: "Pending" }] }) },
    /REL1 is Pending, and its audit log says other/,
  ],
  [
    "a step that does not exist",
    { end: everywhere([creation, { ...later, oldStatus: "Pending" }]) },
    /may not have Termination to Terminated after Creation/,
  ],
  [
    "a Relationship that one side lost",
    { end: withParty("bea", { relationships: [] }) },
    /the Relationship REL1 of the relay is known to 1 sides/,
  ],
  [
    "two Relationships of one pair",
    { end: withParty("bea", { relationships: [relationship("A"), { ...relationship("A"), id: "REL2" }] }) },
    /REL2 is not the only one with its peer/,
  ],
  [
    "a step that was lost",
    { end: everywhere([creation]) },
    /AcceptanceOfCreation was acknowledged 1 times, may be there 1 times, and is there 0 times/,
  ],
  [
    "a step that nobody asked for",
    { end: everywhere([...auditLog, later]) },
    /nobody asked for the Termination of REL1/,
  ],
  [
    "a refused step that was taken",
    { calls: withCall("step", { outcome: "refused" }) },
    /acknowledged 0 times, may be there 0 times, and is there 1 times/,
  ],
  [
    "a lost Request",
    { end: withParty("ann", { requests: [] }) },
    /the Request q1 was acknowledged and is there 0 times/,
  ],
  [
    "a Request that never arrived",
    { end: withParty("bea", { requests: [] }) },
    /the Request REQ1 of ann was acknowledged and is there 0 times/,
  ],
  [
    "another answer than was acknowledged",
    { calls: withCall("decision", { deed: { kind: "decision", requestId: "REQ1", accepts: false, mark: "a1" } }) },
    /acknowledged as Rejected with a1 and is Accepted with a1/,
  ],
  [
    "an answer that nobody gave",
    { calls: calls.filter(({ deed }) => deed.kind !== "decision") },
    /nobody gave the answer a1 to REQ1/,
  ],
  [
    "an answer that came back changed",
    { end: withParty("ann", { requests: [{ ...request, isOwn: true, peer: "B", answer: "a2" }] }) },
    /came back Accepted with a2/,
  ],
  [
    "a Request that is never completed",
    { end: withParty("ann", { requests: [{ ...request, isOwn: true, peer: "B", status: "Open" }] }) },
    /is Open here and Completed there/,
  ],
  [
    "a Relationship that went back",
    { calls: [...calls, call("bea", { kind: "look", at: "REL1" }, { seen: { id: "REL1", entries: 1 } })] },
    /a read saw 1 entries of the audit log after 2 had been seen/,
  ],
  [
    "a Request that went back",
    {
      calls: [
        ...calls,
        call("bea", { kind: "look", at: "REQ1" }, { seen: { id: "REQ1", status: "Completed" } }),
        call("bea", { kind: "look", at: "REQ1" }, { seen: { id: "REQ1", status: "DecisionRequired" } }),
      ],
    },
    /steps of the Request after 5 had been seen/,
  ],
  [
    "a list without what was acknowledged",
    { calls: [...calls, call("ann", { kind: "look", at: "messages" }, { seen: { ids: ["MSG2"] } })] },
    /a list of messages lacks MSG1/,
  ],
  [
    "an open call and a dead letter",
    { end: withParty("ann", { openWork: ["open call to the relay: X"] }) },
    /ann has an open call/,
  ],
  [
    "a law that the relay broke",
    { end: { ...end, relay: { ...end.relay, flaws: ["it is broken"] } } },
    /relay: it is broken/,
  ],
  ["a process that ended by itself", { end: { ...end, flaws: ["north ended by itself"] } }, /north ended by itself/],
  [
    "an event that was never told",
    { end: { ...end, told: told.filter(({ stream, number }) => stream !== "north/1" || number !== 2) } },
    /the event 2 of north\/1 was never told/,
  ],
  [
    "events in the wrong order",
    { end: { ...end, told: told.toSorted((one, other) => other.number - one.number) } },
    /\(1\) of REL1 was first told after 2/,
  ],
  [
    "a last event that is missing",
    { end: { ...end, told: told.filter(({ number }) => number < 5) } },
    /transport.messageReceived MSG2 was never told/,
  ],
];

describe("there is a complaint about", () => {
  test.for(wrongs)("%s", ([_what, wrong, says]) => {
    expect(complaintsOf(wrong.calls ?? calls, wrong.end ?? end).join("\n")).toMatch(says);
  });
});

describe("there is no complaint about", () => {
  test("an unknown outcome that took no effect, or took it once", () => {
    const unknown = withCall("attribute", { outcome: "unknown" });

    expect(complaintsOf(unknown, end)).toEqual([]);
    expect(complaintsOf(unknown, withParty("ann", { attributes: [] }))).toEqual([]);
  });

  test("a read that was on its way while the later state came about", () => {
    const slow = { invokedMs: 0, endedMs: 1_000_000, seen: { id: "REL1", entries: 1 } };

    expect(complaintsOf([...calls, call("bea", { kind: "look", at: "REL1" }, slow)], end)).toEqual([]);
  });

  test("an event that was told again", () => {
    expect(complaintsOf(calls, { ...end, told: [...told, ...told] })).toEqual([]);
  });
});

test("tries are counted by what came of them, and repeats by their keys", () => {
  const lost = call("ann", { kind: "attribute", mark: "b1" }, { key: "attribute-ATT1", outcome: "unknown" });

  expect(tallyOf([lost, ...calls])).toEqual({ acknowledged: 12, refused: 0, unknown: 1, repeated: 1 });
});
