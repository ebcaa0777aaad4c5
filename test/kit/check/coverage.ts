// Which rows of the three charts were taken, read from what the engines and the relay have stored: audit entries, status logs
// and the states before and after.
import {
  type Chart,
  factOfAuditReason,
  incomingRequestChart,
  type Kind,
  outgoingRequestChart,
  pathOf,
  relationshipChart,
  type StateValue,
} from "rapport/machines";
import type { RelationshipRecord, RequestRecord } from "../../../src/model/records.ts";
import type { RelationshipDocument } from "../../../src/relay/documents.ts";
import type { Changed } from "./snapshot.ts";

/** The names of the rows that were taken: chart, state, fact, and which of several candidates. */
export type Coverage = Set<string>;

/** Rows that no program asks for, and why. */
export const waivedRows: ReadonlyMap<string, string> = new Map([
  [
    "request-in ManualDecisionRequired rule.ignored 1",
    "rules are asked about a Request until it is left to a person, and not again (src/engine/leaving.ts)",
  ],
]);

/** Every row of the three charts. */
export function allRows(): readonly string[] {
  return [...rowsOf(relationshipChart), ...rowsOf(incomingRequestChart), ...rowsOf(outgoingRequestChart)];
}

/** Notes the rows that a commit took. `account` is undefined at the relay. */
export function recordChanges(coverage: Coverage, account: string | undefined, changes: readonly Changed[]): void {
  const relationships = account === undefined ? "relay/relationship/" : `${account}/relationships/`;
  for (const change of changes) {
    if (change.key.startsWith(relationships)) recordRelationship(coverage, change);
    if (account !== undefined && change.key.startsWith(`${account}/requests/`))
      recordRequest(coverage, change, changes);
  }
}

function rowsOf<K extends Kind>({ name, leaves }: Chart<K>): string[] {
  return [...leaves.values()].flatMap((leaf) =>
    [...leaf.rows].flatMap(([fact, rows]) => rows.map((_row, at) => rowName(name, { leaf: leaf.name, fact, at }))),
  );
}

const rowName = (chart: string, { leaf, fact, at }: { leaf: string; fact: string; at: number }) =>
  `${chart} ${leaf} ${fact} ${at + 1}`;

// Several entries may have come at once; each is one step.
function recordRelationship(coverage: Coverage, { before, after }: Changed): void {
  const [old, now] = [before, after] as (RelationshipDocument | RelationshipRecord | undefined)[];
  if (old === undefined || now === undefined) return;
  let leaf = pathOf(old.state.value as StateValue);
  for (const entry of now.auditLog.slice(old.auditLog.length)) {
    const fact = factOfAuditReason(entry.reason as Parameters<typeof factOfAuditReason>[0]);
    if (fact === undefined) return;
    const initiator = "from" in now ? now.from : initiatorOf(now);
    const by = entry.createdBy === initiator ? "initiator" : "templator";
    const rows = relationshipChart.leaves.get(leaf)?.rows.get(fact) ?? [];
    const event = { type: fact, by } as const;
    const at = rows.findIndex(({ holds }) => holds === undefined || holds({ context: {}, event }));
    if (at < 0) return;
    coverage.add(rowName("relationship", { leaf, fact, at }));
    leaf = rows[at]?.target ?? leaf;
  }
}

function initiatorOf({ role, peer, auditLog }: RelationshipRecord): string {
  return role === "initiator" ? (auditLog[0]?.createdBy ?? "") : peer;
}

type Removal = { readonly chart: "request-in" | "request-out"; readonly leaf: string; readonly fact: string };

const removals: readonly Removal[] = [
  { chart: "request-in", leaf: "Expired", fact: "request.deleted" },
  { chart: "request-out", leaf: "Draft", fact: "request.discarded" },
];

function recordRequest(coverage: Coverage, change: Changed, all: readonly Changed[]): void {
  const [old, now] = [change.before, change.after] as (RequestRecord | undefined)[];
  const record = now ?? old;
  if (record === undefined) return;
  const chart: Chart<Kind> = (record.isOwn ? outgoingRequestChart : incomingRequestChart) as unknown as Chart<Kind>;
  if (now === undefined) {
    // Erasing a peer erases its Requests with everything else; that is no step of theirs.
    const isErasing = all.some(({ key, after }) => after === undefined && key.includes("/relationships/"));
    const gone = removals.find(({ chart: name, leaf }) => name === chart.name && leaf === record.status);
    if (gone !== undefined && !isErasing) coverage.add(rowName(gone.chart, { ...gone, at: 0 }));
    return;
  }
  let leaf = old === undefined ? chart.initial : pathOf(old.state.value as StateValue);
  const last = pathOf(now.state.value as StateValue);
  for (const { newStatus } of now.statusLog.slice(old?.statusLog.length ?? 0)) {
    const target = newStatus === "Decided" ? decidedLeaf(now) : newStatus;
    const isIgnored = target === "ManualDecisionRequired" && now.ignored === true;
    take(coverage, chart, { leaf, target: target === last.split(".")[0] ? last : target, isIgnored });
    leaf = target;
  }
}

function decidedLeaf({ response }: RequestRecord): string {
  return response?.content["result"] === "Accepted" ? "Decided.accepted" : "Decided.rejected";
}

interface Taken {
  readonly leaf: string;
  readonly target: string;
  readonly isIgnored: boolean;
}

function take(coverage: Coverage, chart: Chart<Kind>, { leaf, target, isIgnored }: Taken): void {
  for (const [fact, rows] of chart.leaves.get(leaf)?.rows ?? []) {
    if (target === "ManualDecisionRequired" && isIgnored !== (fact === "rule.ignored")) continue;
    for (const [at, row] of rows.entries()) {
      if (row.target === target) return void coverage.add(rowName(chart.name, { leaf, fact, at }));
    }
  }
}
