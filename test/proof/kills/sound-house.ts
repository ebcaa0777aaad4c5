// A small house in which everything is right, and ways to spoil it.
import type { AuditEntry, EndState, PartyState, Told } from "./end-state.ts";
import type { Call, Deed } from "./history.ts";

/** Its first entry. */
export const creation: AuditEntry = {
  createdAt: "2030-01-01T00:00:00.000Z",
  createdBy: "B",
  reason: "Creation",
  newStatus: "Pending",
};
const acceptance: AuditEntry = {
  ...{ createdAt: "2030-01-01T00:00:01.000Z", createdBy: "A", reason: "AcceptanceOfCreation" },
  ...{ oldStatus: "Pending", newStatus: "Active" },
};
/** An accepted Relationship. */
export const auditLog = [creation, acceptance];

const nobody: PartyState = {
  address: "",
  ...{ messages: [], relationships: [], requests: [], templates: [], files: [], attributes: [], openWork: [] },
};
/** The Relationship as one side has it. */
export const relationship = (peer: string) => ({ id: "REL1", peer, templateId: "RLT1", status: "Active", auditLog });
/** A mail with a File. */
export const mail = { id: "MSG1", createdBy: "A", recipients: ["B"], type: "Mail", mark: "m1", attached: ["FIL1"] };
/** The Message that brought the Request. */
export const asking = { id: "MSG2", createdBy: "A", recipients: ["B"], type: "Request", attached: [] };
/** A Request that was answered. */
export const request = { id: "REQ1", mark: "q1", status: "Completed", result: "Accepted", answer: "a1" };
/** A File that was sent. */
export const file = { id: "FIL1", mark: "f1", sha256: "ff" };

/** The one who asks. */
export const ann: PartyState = {
  ...nobody,
  address: "A",
  messages: [mail, asking],
  relationships: [relationship("B")],
  requests: [{ ...request, isOwn: true, peer: "B" }],
  templates: [{ id: "RLT1", isOwn: true, mark: "t1" }],
  files: [{ ...file, isOwn: true }],
  attributes: [{ id: "ATT1", isOwn: true, mark: "b1" }],
};
const bea: PartyState = {
  ...nobody,
  address: "B",
  messages: [mail, asking],
  relationships: [relationship("A")],
  requests: [{ ...request, isOwn: false, peer: "A", source: "MSG2" }],
  templates: [{ id: "RLT1", isOwn: false, mark: "t1" }],
  files: [{ ...file, isOwn: false }],
};
const toldOf = (stream: string, facts: readonly Partial<Told>[]): Told[] =>
  facts.map((fact, number) => ({ stream, number, trigger: "changed", entity: "", ...fact }));
const shown = [
  { entity: "REL1", status: "Pending", entries: 1 },
  { entity: "REL1", status: "Active", entries: 2 },
  { entity: "REQ1", status: "Completed" },
];
/** What was told of it all. */
export const told = [
  ...toldOf("north/1", [
    { trigger: "consumption.attributeCreated", entity: "ATT1", owner: "A" },
    ...shown,
    { trigger: "transport.messageSent", entity: "MSG1" },
    { trigger: "transport.messageSent", entity: "MSG2" },
  ]),
  ...toldOf("south/1", [
    { trigger: "consumption.attributeCreated", entity: "ATT0", owner: "B" },
    ...shown,
    { trigger: "transport.messageReceived", entity: "MSG1" },
    { trigger: "transport.messageReceived", entity: "MSG2" },
  ]),
];
/** The end. */
export const end: EndState = {
  parties: { ann, bea },
  relay: { relationships: [{ id: "REL1", auditLog }], templates: ["RLT1"], files: ["FIL1"], flaws: [] },
  ...{ told, flaws: [] },
};

let clock = 0;
/** A call after the one before; acknowledged unless told otherwise. */
export const call = (party: string, deed: Deed, more: Partial<Call> = {}): Call => {
  clock += 2;
  const place = { process: "north", method: "POST", path: "/" };
  return { ...place, invokedMs: clock, endedMs: clock + 1, party, deed, outcome: "acknowledged", ...more };
};
const write = (party: string, deed: Deed, id: string): Call =>
  call(party, deed, { key: `${deed.kind}-${id}`, seen: { id } });
/** The history. */
export const calls: readonly Call[] = [
  write("ann", { kind: "template", mark: "t1" }, "RLT1"),
  write("bea", { kind: "loading", templateId: "RLT1" }, "RLT1"),
  write("bea", { kind: "knock", templateId: "RLT1" }, "REL1"),
  write("ann", { kind: "step", relationshipId: "REL1", reason: "AcceptanceOfCreation" }, "REL1"),
  write("ann", { kind: "attribute", mark: "b1" }, "ATT1"),
  write("ann", { kind: "file", mark: "f1", sha256: "ff" }, "FIL1"),
  write("ann", { kind: "mail", mark: "m1", to: "B", attached: ["FIL1"] }, "MSG1"),
  write("ann", { kind: "request", mark: "q1", to: "B" }, "REQ1"),
  write("ann", { kind: "asking", requestId: "REQ1", to: "B" }, "MSG2"),
  write("bea", { kind: "decision", requestId: "REQ1", accepts: true, mark: "a1" }, "REQ1"),
  call("bea", { kind: "look", at: "messages" }, { seen: { ids: ["MSG1", "MSG2"] } }),
  call("bea", { kind: "look", at: "REL1" }, { seen: { id: "REL1", status: "Active", entries: 2 } }),
];

/** The end with something else at one of the two. */
export const withParty = (name: "ann" | "bea", more: Partial<PartyState>): EndState => ({
  ...end,
  parties: { ...end.parties, [name]: { ...end.parties[name], ...more } as PartyState },
});
/** The history with other calls of one kind. */
export const withCall = (kind: Deed["kind"], more: Partial<Call>): Call[] =>
  calls.map((one) => (one.deed.kind === kind ? { ...one, ...more } : one));
/** An entry that nobody asked for. */
export const later: AuditEntry = {
  ...{ createdAt: "2030-01-01T00:00:02.000Z", createdBy: "A", reason: "Termination" },
  ...{ oldStatus: "Active", newStatus: "Terminated" },
};
/** The end with this audit log wherever there is one. */
export const everywhere = (log: readonly AuditEntry[]): EndState => {
  const status = log.at(-1)?.newStatus ?? "";
  const at = (peer: string) => [{ ...relationship(peer), status, auditLog: log }];
  return {
    ...end,
    parties: { ann: { ...ann, relationships: at("B") }, bea: { ...bea, relationships: at("A") } },
    relay: { ...end.relay, relationships: [{ id: "REL1", auditLog: log }] },
  };
};
