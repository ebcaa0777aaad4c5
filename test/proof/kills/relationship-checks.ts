// Relationships: both sides and the relay tell the same story, and it has every step that was acknowledged, once.
import type { AuditEntry, EndState, PartyState, RelationshipThere } from "./end-state.ts";
import { type Call, type Write, writesOf } from "./history.ts";
import { isRightCount } from "./write-checks.ts";

/** What is wrong with Relationships. */
export function relationshipFlaws(calls: readonly Call[], end: EndState): string[] {
  const states = Object.entries(end.parties);
  return [
    ...states.flatMap((named) => viewFlaws(named, end)),
    ...end.relay.relationships.flatMap(({ id }) => {
      const sides = states.filter(([, { relationships }]) => relationships.some((one) => one.id === id));
      return sides.length === 2 ? [] : [`the Relationship ${id} of the relay is known to ${sides.length} sides`];
    }),
    ...states.flatMap(openFlaws),
    ...stepFlaws(calls, end),
    ...knockFlaws(calls, end),
  ];
}

type Named = readonly [string, PartyState];

function viewFlaws([name, { relationships }]: Named, { relay }: EndState): string[] {
  const relayById = new Map(relay.relationships.map(({ id, auditLog }) => [id, storyOf(auditLog)]));
  return relationships.flatMap(({ id, status, auditLog }) => [
    ...lawFlaws(auditLog).map((flaw) => `${name}: ${id} ${flaw}`),
    ...(auditLog.at(-1)?.newStatus === status ? [] : [`${name}: ${id} is ${status}, and its audit log says other`]),
    ...(relayById.get(id) === storyOf(auditLog)
      ? []
      : [`${name}: ${id} has another audit log than at the relay: ${storyOf(auditLog)} / ${relayById.get(id)}`]),
  ]);
}

const storyOf = (auditLog: readonly AuditEntry[]): string =>
  auditLog
    .map(({ createdAt, createdBy, reason, newStatus }) => [createdAt, createdBy, reason, newStatus].join(" "))
    .join("; ");

/** From which status a reason leads to which one. */
const steps: Readonly<Record<string, readonly [from: string | undefined, to: string]>> = {
  Creation: [undefined, "Pending"],
  AcceptanceOfCreation: ["Pending", "Active"],
  RejectionOfCreation: ["Pending", "Rejected"],
  RevocationOfCreation: ["Pending", "Revoked"],
  Termination: ["Active", "Terminated"],
  ReactivationRequested: ["Terminated", "Terminated"],
  AcceptanceOfReactivation: ["Terminated", "Active"],
  RejectionOfReactivation: ["Terminated", "Terminated"],
  RevocationOfReactivation: ["Terminated", "Terminated"],
};

function lawFlaws(auditLog: readonly AuditEntry[]): string[] {
  return auditLog.flatMap(({ reason, newStatus, createdAt }, at) => {
    const before = auditLog[at - 1];
    const [from, to] = steps[reason] ?? [];
    const isLater = before === undefined || Date.parse(before.createdAt) < Date.parse(createdAt);
    if (to === newStatus && from === before?.newStatus && isLater) return [];
    return [`may not have ${reason} to ${newStatus} after ${before?.reason ?? "nothing"}`];
  });
}

/** R1: of one pair at most one Relationship is neither Rejected nor Revoked. */
function openFlaws([name, { relationships }]: Named): string[] {
  const open = relationships.filter(({ status }) => !["Rejected", "Revoked"].includes(status));
  return open.flatMap(({ id, peer }, at) =>
    open.slice(0, at).some((other) => other.peer === peer) ? [`${name}: ${id} is not the only one with its peer`] : [],
  );
}

/** Each acknowledged step is one entry, and there are no more than may have been made. */
function stepFlaws(calls: readonly Call[], { parties, relay }: EndState): string[] {
  const logById = new Map(relay.relationships.map(({ id, auditLog }) => [id, auditLog]));
  const stepsByName = new Map<string, Write<{ kind: "step"; relationshipId: string; reason: string }>[]>();
  for (const write of writesOf(calls, "step")) {
    const name = [write.party, write.deed.relationshipId, write.deed.reason].join(" ");
    stepsByName.set(name, [...(stepsByName.get(name) ?? []), write]);
  }
  const flaws: string[] = [];
  for (const [name, writes] of stepsByName) {
    const [party = "", id = "", reason] = name.split(" ");
    const by = parties[party]?.address;
    const entries = (logById.get(id) ?? []).filter((one) => one.reason === reason && one.createdBy === by).length;
    const least = writes.filter(({ outcome }) => outcome === "acknowledged").length;
    const most = writes.filter(({ outcome }) => outcome !== "refused").length;
    if (entries < least || entries > most)
      flaws.push(`${name} was acknowledged ${least} times, may be there ${most} times, and is there ${entries} times`);
  }
  return [...flaws, ...unaskedFlaws(new Set(stepsByName.keys()), { parties, relay })];
}

function unaskedFlaws(asked: ReadonlySet<string>, { parties, relay }: Pick<EndState, "parties" | "relay">): string[] {
  const nameByAddress = new Map(Object.entries(parties).map(([name, { address }]) => [address, name]));
  return relay.relationships.flatMap(({ id, auditLog }) =>
    auditLog.flatMap(({ reason, createdBy }) =>
      reason === "Creation" || asked.has([nameByAddress.get(createdBy), id, reason].join(" "))
        ? []
        : [`nobody asked for the ${reason} of ${id}`],
    ),
  );
}

/** Whoever knocked has a Relationship from the template, once. */
function knockFlaws(calls: readonly Call[], { parties }: EndState): string[] {
  return writesOf(calls, "knock").flatMap(({ party, deed, outcome, ids: [id] }) => {
    const there: RelationshipThere[] =
      parties[party]?.relationships.filter(({ templateId }) => templateId === deed.templateId) ?? [];
    if (!isRightCount(outcome, there.length))
      return [`${party}: a Relationship from ${deed.templateId} was ${outcome} and is there ${there.length} times`];
    if (id !== undefined && there[0]?.id !== id)
      return [`${party}: a Relationship was acknowledged as ${id} and is ${there[0]?.id}`];
    return [];
  });
}
