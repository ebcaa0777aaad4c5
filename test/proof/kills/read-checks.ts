// Reads: whatever one answer has shown, every later answer to the same identity shows, too, whichever process gives it.
import { type Call, writesOf } from "./history.ts";

/** What was seen and not seen afterwards. */
export function readFlaws(calls: readonly Call[]): string[] {
  const acknowledged = calls.filter(({ outcome }) => outcome === "acknowledged");
  return [
    ...heightFlaws(acknowledged, "entries of the audit log", (call) =>
      heightOf(relationshipIn(call), call.seen?.entries),
    ),
    ...heightFlaws(acknowledged, "steps of the Request", (call) => heightOf(requestIn(call), rankOf(call))),
    ...listFlaws(calls, "messages", ["mail", "asking"]),
    ...listFlaws(calls, "own files", ["file"]),
    ...listFlaws(calls, "attributes", ["attribute"]),
  ];
}

interface Height {
  readonly id: string;
  readonly height: number;
}

const heightOf = (id: string | undefined, height: number | undefined): Height | undefined =>
  id === undefined || height === undefined ? undefined : { id, height };

function relationshipIn({ deed, seen }: Call): string | undefined {
  return deed.kind === "look" || deed.kind === "step" || deed.kind === "knock" ? seen?.id : undefined;
}

function requestIn({ deed, seen }: Call): string | undefined {
  if (deed.kind === "decision") return deed.requestId;
  return deed.kind === "look" && seen?.id?.startsWith("REQ") ? seen.id : undefined;
}

const ranks = ["Draft", "Open", "DecisionRequired", "ManualDecisionRequired", "Decided", "Completed"];

function rankOf({ seen }: Call): number | undefined {
  const rank = ranks.indexOf(seen?.status ?? "");
  return rank < 0 ? undefined : rank;
}

/** An answer to a repeated write may be the one that was stored then, so only reads have to be up to date. */
function heightFlaws(calls: readonly Call[], what: string, look: (call: Call) => Height | undefined): string[] {
  const groups = new Map<string, { readonly call: Call; readonly height: number }[]>();
  for (const call of calls) {
    const found = look(call);
    if (found === undefined) continue;
    const name = `${call.party} ${found.id}`;
    groups.set(name, [...(groups.get(name) ?? []), { call, height: found.height }]);
  }
  return [...groups].flatMap(([name, all]) => {
    const endedBefore = endsOf(all);
    let highest = 0;
    return readsOf(all).flatMap(({ call, height }) => {
      for (const one of endedBefore(call)) highest = Math.max(highest, one.height);
      return height < highest ? [`${name}: a read saw ${height} ${what} after ${highest} had been seen`] : [];
    });
  });
}

const readsOf = <T extends { readonly call: Call }>(all: readonly T[]): T[] =>
  all.filter(({ call }) => call.key === undefined).toSorted((one, other) => one.call.invokedMs - other.call.invokedMs);

/** What had been answered when a call was made and was not yet given; calls come in the order in which they were made. */
function endsOf<T extends { readonly call: Call }>(all: readonly T[]): (call: Call) => T[] {
  const byEnd = all.toSorted((one, other) => one.call.endedMs - other.call.endedMs);
  let at = 0;
  return ({ invokedMs }) => {
    const from = at;
    while ((byEnd[at]?.call.endedMs ?? Number.POSITIVE_INFINITY) < invokedMs) at += 1;
    return byEnd.slice(from, at);
  };
}

/** Nothing is deleted, so lists only grow; and they hold what was acknowledged before they were asked for. */
function listFlaws(calls: readonly Call[], at: string, kinds: readonly ("mail" | "asking" | "file" | "attribute")[]) {
  const writes = new Set(writesOf(calls, ...kinds).map(({ key }) => key));
  const groups = new Map<string, { readonly call: Call; readonly ids: readonly string[] }[]>();
  for (const call of calls) {
    const { deed, seen, key, party, outcome } = call;
    const isWrite = key !== undefined && writes.has(key) && seen?.id !== undefined;
    const isList = deed.kind === "look" && deed.at === at && seen?.ids !== undefined;
    if (outcome !== "acknowledged" || !(isWrite || isList)) continue;
    groups.set(party, [...(groups.get(party) ?? []), { call, ids: seen?.ids ?? [seen?.id ?? ""] }]);
  }
  return [...groups].flatMap(([party, all]) => {
    const endedBefore = endsOf(all);
    const known = new Set<string>();
    return readsOf(all).flatMap(({ call, ids }) => {
      for (const one of endedBefore(call)) for (const id of one.ids) known.add(id);
      const there = new Set(ids);
      const missing = [...known].filter((id) => !there.has(id));
      return missing.length === 0 ? [] : [`${party}: a list of ${at} lacks ${missing.join(", ")}, seen before`];
    });
  });
}
