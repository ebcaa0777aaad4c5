// Templates, attributes and Files: what was acknowledged is there once, what was refused is not, the rest at most once.
import type { EndState, MarkedThere } from "./end-state.ts";
import { type Call, type Outcome, type Write, writesOf } from "./history.ts";

/** What is wrong with whatever carries a mark of its own, and with answers that were given twice. */
export function writeFlaws(calls: readonly Call[], end: EndState): string[] {
  return [
    ...repeatFlaws(calls),
    ...markedFlaws(writesOf(calls, "template"), end, "templates"),
    ...markedFlaws(writesOf(calls, "attribute"), end, "attributes"),
    ...markedFlaws(writesOf(calls, "file"), end, "files"),
    ...byteFlaws(calls, end),
    ...loadingFlaws(calls, end),
    ...relayFlaws(calls, end),
  ];
}

/** How many times something may be there after a write with this outcome. */
export function isRightCount(outcome: Outcome, count: number): boolean {
  switch (outcome) {
    case "acknowledged":
      return count === 1;
    case "refused":
      return count === 0;
    case "unknown":
      return count <= 1;
  }
}

function repeatFlaws(calls: readonly Call[]): string[] {
  const all = writesOf(
    calls,
    ...([
      "template",
      "attribute",
      "file",
      "mail",
      "request",
      "asking",
      "decision",
      "loading",
      "knock",
      "step",
    ] as const),
  );
  return all.flatMap(({ key, ids, deed }) => {
    const different = [...new Set(ids)];
    return different.length < 2
      ? []
      : [`the same ${deed.kind} (${key}) was acknowledged as ${different.join(" and ")}`];
  });
}

type Marked = "templates" | "attributes" | "files";

function markedFlaws(
  writes: readonly Write<{ readonly kind: "template" | "attribute" | "file"; readonly mark: string }>[],
  { parties }: EndState,
  what: Marked,
): string[] {
  const flaws: string[] = [];
  const known = new Set<string>();
  const thereByParty = new Map(Object.entries(parties).map(([name, state]) => [name, byMark(state[what])]));
  for (const { party, deed, outcome, ids } of writes) {
    const there = thereByParty.get(party)?.get(deed.mark) ?? [];
    known.add(`${party} ${deed.mark}`);
    if (!isRightCount(outcome, there.length))
      flaws.push(`${party}: the ${deed.kind} ${deed.mark} was ${outcome} and is there ${there.length} times`);
    else if (ids[0] !== undefined && there[0]?.id !== ids[0])
      flaws.push(`${party}: the ${deed.kind} ${deed.mark} was acknowledged as ${ids[0]} and is ${there[0]?.id}`);
  }
  for (const [party, marks] of thereByParty) {
    for (const mark of marks.keys()) {
      if (!known.has(`${party} ${mark}`)) flaws.push(`${party}: nobody made what ${what} have as ${mark}`);
    }
  }
  return flaws;
}

/** Own things by their marks. */
function byMark(there: readonly MarkedThere[]): Map<string, MarkedThere[]> {
  const found = new Map<string, MarkedThere[]>();
  for (const one of there) if (one.isOwn) found.set(one.mark, [...(found.get(one.mark) ?? []), one]);
  return found;
}

/** Whoever has a File has its bytes. */
function byteFlaws(calls: readonly Call[], { parties }: EndState): string[] {
  const hashByMark = new Map(writesOf(calls, "file").map(({ deed }) => [deed.mark, deed.sha256]));
  return Object.entries(parties).flatMap(([name, { files }]) =>
    files.flatMap(({ id, mark, sha256 }) =>
      hashByMark.get(mark) === sha256 ? [] : [`${name}: the File ${id} has other bytes than were uploaded (${sha256})`],
    ),
  );
}

function loadingFlaws(calls: readonly Call[], { parties }: EndState): string[] {
  return writesOf(calls, "loading").flatMap(({ party, deed, outcome }) => {
    const there = parties[party]?.templates.filter(({ id, isOwn }) => id === deed.templateId && !isOwn) ?? [];
    if (isRightCount(outcome, there.length)) return [];
    return [`${party}: loading ${deed.templateId} was ${outcome} and it is there ${there.length} times`];
  });
}

function relayFlaws(calls: readonly Call[], { relay }: EndState): string[] {
  const there = new Set([...relay.templates, ...relay.files]);
  return writesOf(calls, "template", "file").flatMap(({ ids: [id], deed }) =>
    id === undefined || there.has(id) ? [] : [`the relay has lost the ${deed.kind} ${id}`],
  );
}
