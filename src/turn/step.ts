/**
 * Asks a chart. It walks the table compiled from the machine instead of waking an actor, and gives a new envelope and the
 * wishes, or the reason why not. Pure: the envelope handed in stays as it is.
 */
import {
  type Chart,
  type Envelope,
  type Kind,
  type Leaf,
  pathOf,
  type RefusalCodes,
  type Row,
  type Upgrade,
} from "rapport/machines";
import { invariant } from "../errors/bug.ts";
import type { Code } from "../errors/catalogue.ts";
import { fault } from "../errors/rapport-error.ts";

/** A kind whose refusals are codes of the catalogue. */
export type AskableKind = Kind & { readonly code: Code };

/** What became of a fact. */
export type Step<K extends Kind> =
  | { readonly ok: true; readonly next: Envelope<K>; readonly effects: readonly K["effect"][] }
  | { readonly ok: false; readonly refusal: RefusalCodes<K["code"]> };

/** Takes the fact, or says why it is illegal here: status first, then the first guard that failed. */
export function step<K extends AskableKind>(chart: Chart<K>, stored: Envelope<K>, fact: K["fact"]): Step<K> {
  const envelope = current(chart, stored);
  const leaf = leafAt(chart, envelope);
  const at = { context: envelope.context, event: fact };
  let failed: string | undefined;
  for (const row of leaf.rows.get(fact.type) ?? []) {
    if (row.holds === undefined || row.holds(at)) {
      return { ok: true, next: nextOf(chart, envelope, { row, fact, leaf }), effects: row.effects };
    }
    failed ??= row.guard;
  }
  return { ok: false, refusal: chart.refuse(leaf.name, fact.type, failed) };
}

/** The envelope of the chart's initial state. */
export function beginning<K extends Kind>(chart: Chart<K>, context: K["context"]): Envelope<K> {
  const leaf = chart.leaves.get(chart.initial);
  invariant(leaf, `The chart ${chart.name} has no state "${chart.initial}".`);
  return { machine: chart.name, version: chart.version, value: leaf.value, context };
}

/** True when the state carries the tag. All questions about a status are asked this way. */
export function hasTag<K extends Kind>(chart: Chart<K>, envelope: Envelope<K>, tag: K["tag"]): boolean {
  return leafAt(chart, current(chart, envelope)).tags.has(tag);
}

/**
 * The stored state as this version of the chart has it. Whoever looks into an envelope asks for this first; the next write
 * stores it. Fault: `store.newerVersion`.
 */
export function current<K extends Kind>(chart: Chart<K>, stored: Envelope<K>): Envelope<K> {
  return stored.version === chart.version ? stored : upgraded(chart, stored);
}

function upgraded<K extends Kind>(chart: Chart<K>, { machine, version, value, context }: Envelope<K>): Envelope<K> {
  assertOf(chart, machine);
  if (version > chart.version) {
    throw fault(
      "store.newerVersion",
      `The stored state of "${machine}" has version ${version}; this Rapport knows versions up to ${chart.version}. Upgrade it.`,
      { details: { machine, version, known: chart.version } },
    );
  }
  let older: ReturnType<Upgrade> = { value, context };
  for (let from = version; from < chart.version; from += 1) {
    const upgrade = chart.upgrades?.[from];
    invariant(upgrade, `The state of "${machine}" has version ${version}, which never was.`);
    older = upgrade(older);
  }
  // Upgrades lead to the types of today, which laws of each machine check.
  return { machine, version: chart.version, value: older.value as K["value"], context: older.context as K["context"] };
}

function leafAt<K extends Kind>(chart: Chart<K>, { machine, value }: Envelope<K>): Leaf<K> {
  assertOf(chart, machine);
  const path = pathOf(value);
  const leaf = chart.leaves.get(path);
  invariant(leaf, `The chart "${machine}" has no state "${path}".`);
  return leaf;
}

function assertOf<K extends Kind>(chart: Chart<K>, machine: string): void {
  invariant(machine === chart.name, `A state of "${machine}" was handed to the chart "${chart.name}".`);
}

interface Going<K extends Kind> {
  readonly row: Row<K>;
  readonly fact: K["fact"];
  readonly leaf: Leaf<K>;
}

function nextOf<K extends Kind>(chart: Chart<K>, { context }: Envelope<K>, { row, fact, leaf }: Going<K>): Envelope<K> {
  const target = row.target === undefined ? leaf : chart.leaves.get(row.target);
  invariant(target, `The chart "${chart.name}" leads to no state "${row.target}".`);
  let changed = context;
  for (const change of row.changes) changed = change(changed, fact);
  return { machine: chart.name, version: chart.version, value: target.value, context: changed };
}
