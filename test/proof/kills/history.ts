// What was asked of a house and what came of it, in words that the end can be compared with.
import { appendFileSync } from "node:fs";

/** What an answer said: done, not done for good, or nothing that can be relied on. */
export type Outcome = "acknowledged" | "refused" | "unknown";

/** What a call is for. A mark is a text that nothing else in the house has. */
export type Deed =
  | { readonly kind: "template"; readonly mark: string }
  | { readonly kind: "attribute"; readonly mark: string }
  | { readonly kind: "file"; readonly mark: string; readonly sha256: string }
  | { readonly kind: "mail"; readonly mark: string; readonly to: string; readonly attached: readonly string[] }
  | { readonly kind: "request"; readonly mark: string; readonly to: string }
  | { readonly kind: "asking"; readonly requestId: string; readonly to: string }
  | { readonly kind: "decision"; readonly requestId: string; readonly accepts: boolean; readonly mark: string }
  | { readonly kind: "loading"; readonly templateId: string }
  | { readonly kind: "knock"; readonly templateId: string }
  | { readonly kind: "step"; readonly relationshipId: string; readonly reason: Reason }
  | { readonly kind: "look"; readonly at: string }
  | { readonly kind: "sync" };

/** Reasons that an audit log gives for steps after the creation. */
export type Reason =
  | "AcceptanceOfCreation"
  | "RejectionOfCreation"
  | "RevocationOfCreation"
  | "Termination"
  | "ReactivationRequested"
  | "AcceptanceOfReactivation"
  | "RejectionOfReactivation"
  | "RevocationOfReactivation";

/** What of an answer is kept. */
export interface Seen {
  readonly id?: string;
  /** Of a Relationship or a LocalRequest. */
  readonly status?: string;
  /** Entries of a Relationship's audit log. */
  readonly entries?: number;
  /** Of a list. */
  readonly ids?: readonly string[];
}

/** One try of one call. Times are those of one clock that never goes back. */
export interface Call {
  readonly invokedMs: number;
  readonly endedMs: number;
  /** The identity for which it was made, and the process that was asked. */
  readonly party: string;
  readonly process: string;
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  /** The same for every try of one write; a read has none. */
  readonly key?: string;
  readonly deed: Deed;
  readonly outcome: Outcome;
  readonly status?: number;
  readonly code?: string;
  readonly seen?: Seen;
}

/** All tries of one write, and what they come to. */
export interface Write<D = Deed> {
  readonly key: string;
  readonly party: string;
  readonly deed: D;
  readonly outcome: Outcome;
  /** Of every acknowledged try. */
  readonly ids: readonly string[];
}

/** Keeps calls in memory and in a file. */
export interface History {
  readonly calls: readonly Call[];
  /** How many were acknowledged. */
  acknowledged(): number;
  add(call: Call): void;
}

/** Starts an empty history in a file of its own. */
export function createHistory(file: string): History {
  const calls: Call[] = [];
  let acknowledged = 0;
  return {
    calls,
    acknowledged: () => acknowledged,
    add: (call) => {
      calls.push(call);
      if (call.outcome === "acknowledged") acknowledged += 1;
      appendFileSync(file, `${JSON.stringify(call)}\n`);
    },
  };
}

/** Writes of some kinds, in the order of their first tries. */
export function writesOf<K extends Deed["kind"]>(
  calls: readonly Call[],
  ...kinds: readonly K[]
): Write<Extract<Deed, { readonly kind: K }>>[] {
  const triesByKey = new Map<string, Call[]>();
  for (const call of calls) {
    if (call.key === undefined) continue;
    const tries = triesByKey.get(call.key);
    if (tries === undefined) triesByKey.set(call.key, [call]);
    else tries.push(call);
  }
  return [...triesByKey].flatMap(([key, tries]) => {
    const [first] = tries;
    if (first === undefined || !isOf(first.deed, kinds)) return [];
    const ids = tries.flatMap(({ outcome, seen }) =>
      outcome === "acknowledged" && seen?.id !== undefined ? [seen.id] : [],
    );
    return [{ key, party: first.party, deed: first.deed, outcome: outcomeOf(tries), ids }];
  });
}

function isOf<K extends Deed["kind"]>(deed: Deed, kinds: readonly K[]): deed is Extract<Deed, { readonly kind: K }> {
  return kinds.some((kind) => kind === deed.kind);
}

// The same key gives the same answer, so one acknowledgement or refusal speaks for all tries.
function outcomeOf(tries: readonly Call[]): Outcome {
  if (tries.some(({ outcome }) => outcome === "acknowledged")) return "acknowledged";
  return tries.some(({ outcome }) => outcome === "refused") ? "refused" : "unknown";
}

/** What is counted of a history. */
export interface Tally {
  /** Answers that said done, answers that said no, and calls without an answer or with one that promises nothing. */
  readonly acknowledged: number;
  readonly refused: number;
  readonly unknown: number;
  /** Tries after the first of the same write. */
  readonly repeated: number;
}

/** Counts tries. */
export function tallyOf(calls: readonly Call[]): Tally {
  const counts = { acknowledged: 0, refused: 0, unknown: 0 };
  const keys = new Set<string>();
  let keyed = 0;
  for (const { outcome, key } of calls) {
    counts[outcome] += 1;
    if (key === undefined) continue;
    keyed += 1;
    keys.add(key);
  }
  return { ...counts, repeated: keyed - keys.size };
}
