// A chart is a machine with everything needed to ask it: its guards, its changes of context, its refusals, and the table
// compiled from it once. The table serves only what our charts use; anything else is refused when it is compiled, and
// test/turn/step.test.ts proves that it equals XState for every state, fact and outcome of a guard.
import type { AnyStateMachine, AnyStateNode } from "xstate";

/** The types that belong to one chart, bundled. */
export interface Kind {
  readonly value: StateValue;
  readonly context: object;
  readonly fact: { readonly type: string };
  readonly effect: { readonly type: string; readonly params?: object };
  readonly code: string;
  readonly tag: string;
}

/** The name of a state, or of a state and its sub-state. */
export type StateValue = string | { readonly [state: string]: StateValue };

/** What is stored of a machine: plain JSON, ours, never XState's snapshot. */
export type Envelope<K extends Kind> = {
  readonly machine: string;
  readonly version: number;
  readonly value: K["value"];
  readonly context: K["context"];
};

/** What a state of an earlier version becomes in the next one: its value and context. Total and pure. */
export type Upgrade = (older: Pick<Envelope<Kind>, "value" | "context">) => Pick<Envelope<Kind>, "value" | "context">;

/** Why a step is illegal, as the engine says it and as the relay says it. */
export interface RefusalCodes<C extends string> {
  readonly local: C;
  readonly relay: C;
}

/** What `createChart` is handed. `refuse` gets the first failed guard, or undefined when the state does not hear the fact. */
export interface ChartParts<K extends Kind> {
  readonly name: string;
  readonly version: number;
  /** By the version that they start from; there is one for every version before the current one. */
  readonly upgrades?: { readonly [from: number]: Upgrade };
  readonly machine: AnyStateMachine;
  readonly guards: { readonly [guard: string]: (at: { context: K["context"]; event: K["fact"] }) => boolean };
  readonly changes: { readonly [change: string]: (context: K["context"], fact: K["fact"]) => K["context"] };
  refuse(state: string, fact: K["fact"]["type"], failed: string | undefined): RefusalCodes<K["code"]>;
}

/** One candidate transition. An absent target means: stays where it is. */
export interface Row<K extends Kind> {
  readonly guard: string | undefined;
  readonly holds: ((at: { context: K["context"]; event: K["fact"] }) => boolean) | undefined;
  readonly target: string | undefined;
  readonly changes: readonly ((context: K["context"], fact: K["fact"]) => K["context"])[];
  readonly effects: readonly K["effect"][];
}

/** One state without sub-states: its stored value, its tags, and its candidates per fact in the order they are tried. */
export interface Leaf<K extends Kind> {
  readonly name: string;
  readonly value: K["value"];
  readonly tags: ReadonlySet<string>;
  readonly rows: ReadonlyMap<string, readonly Row<K>[]>;
}

/** A machine that can be asked. Leaves are named by their path, for example `Terminated.quiet`. */
export interface Chart<K extends Kind> extends ChartParts<K> {
  readonly leaves: ReadonlyMap<string, Leaf<K>>;
  readonly initial: string;
}

/** Compiles the table of a machine; throws when the machine uses what the table cannot express, or an upgrade is missing. */
export function createChart<K extends Kind>(parts: ChartParts<K>): Chart<K> {
  for (let from = 1; from < parts.version; from += 1) {
    if (parts.upgrades?.[from] === undefined)
      throw new Error(`The chart "${parts.name}" cannot upgrade version ${from}.`);
  }
  const leaves = new Map<string, Leaf<K>>();
  for (const node of leavesBelow(parts.machine.root)) leaves.set(nameOf(node), leafOf(parts, node));
  return Object.freeze({ ...parts, leaves, initial: nameOf(initialLeaf(parts.machine.root)) });
}

/** The path of a stored value: `Active`, or `Terminated.quiet`. */
export function pathOf(value: StateValue): string {
  if (typeof value === "string") return value;
  for (const state in value) {
    const inner = value[state];
    if (inner !== undefined) return `${state}.${pathOf(inner)}`;
  }
  return "";
}

function leavesBelow(node: AnyStateNode): AnyStateNode[] {
  const children: AnyStateNode[] = Object.values(node.states);
  const untabled =
    node.type === "parallel" ||
    node.type === "history" ||
    node.entry.length + node.exit.length + node.invoke.length + (node.always?.length ?? 0) + node.after.length > 0;
  if (untabled)
    throw new Error(`The chart's state "${nameOf(node)}" uses more of XState than facts, guards and actions.`);
  return children.length === 0 ? [node] : children.flatMap(leavesBelow);
}

function leafOf<K extends Kind>(parts: ChartParts<K>, leaf: AnyStateNode): Leaf<K> {
  const rows = new Map<string, Row<K>[]>();
  const tags = new Set<string>();
  for (let node: AnyStateNode | undefined = leaf; node !== undefined; node = node.parent) {
    for (const tag of node.tags) tags.add(tag);
    for (const [fact, candidates] of node.transitions) {
      if (fact.includes("*")) throw new Error(`The chart hears "${fact}"; facts are named one by one.`);
      const known = rows.get(fact) ?? [];
      for (const { guard, target, actions } of candidates) {
        known.push(rowOf(parts, { guard, target: target?.[0], actions }));
      }
      rows.set(fact, known);
    }
  }
  return { name: nameOf(leaf), value: storedValueOf<K>(leaf.path), tags, rows };
}

interface Candidate {
  readonly guard: unknown;
  readonly target: AnyStateNode | undefined;
  readonly actions: readonly unknown[];
}

function rowOf<K extends Kind>(parts: ChartParts<K>, { guard, target, actions }: Candidate): Row<K> {
  const name = guard === undefined ? undefined : named(guard).type;
  const holds = name === undefined ? undefined : parts.guards[name];
  if (name !== undefined && holds === undefined) throw new Error(`The chart has no guard "${name}".`);
  const wishes = actions.map(named);
  return {
    guard: name,
    holds,
    target: target === undefined ? undefined : nameOf(initialLeaf(target)),
    changes: wishes.flatMap(({ type }) => parts.changes[type] ?? []),
    // The machine's own types tie names to parameters; the compiled table takes them as they stand there.
    effects: Object.freeze(wishes.filter(({ type }) => parts.changes[type] === undefined)) as readonly K["effect"][],
  };
}

function named(part: unknown): { readonly type: string } {
  if (typeof part === "string") return { type: part };
  if (typeof part === "object" && part !== null && "type" in part && typeof part.type === "string") {
    const params = "params" in part ? part.params : undefined;
    if (typeof params === "function") throw new Error(`The parameters of "${part.type}" are computed.`);
    return Object.freeze(params === undefined ? { type: part.type } : { type: part.type, params });
  }
  throw new Error("A guard or an effect of the chart has no name.");
}

function initialLeaf(node: AnyStateNode): AnyStateNode {
  const first: AnyStateNode | undefined = node.initial?.target[0];
  return first === undefined ? node : initialLeaf(first);
}

function nameOf(node: AnyStateNode): string {
  return node.path.join(".");
}

function storedValueOf<K extends Kind>(path: readonly string[]): K["value"] {
  const [last = "", ...outer] = path.toReversed();
  return outer.reduce<StateValue>((inner, state) => Object.freeze({ [state]: inner }), last);
}
