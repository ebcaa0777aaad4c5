// Documentation drawn from a chart, so that it cannot lie.
import { type Chart, type Kind, type Leaf, pathOf, type RefusalCodes, type Row } from "rapport/machines";
import type { AnyStateNode } from "xstate";

/** The words that a chart cannot say about itself. */
export interface Words {
  readonly title: string;
  readonly intro: string;
  readonly facts: readonly string[];
}

/** The whole page as Markdown. */
export function describeMachine<K extends Kind>(chart: Chart<K>, { title, intro, facts }: Words): string {
  const sections = [
    `# ${title}`,
    "Generated from the chart by `npm run docs`; do not edit.",
    intro,
    `Machine \`${chart.name}\`, version ${chart.version}.`,
    "## Diagram",
    diagramOf(chart),
    "## Steps",
    "One line per candidate, in the order they are tried. A line without a condition always applies.",
    stepsOf(chart),
    "## Refusals",
    "What is answered when a state does not hear a fact. Status is judged before actor and other conditions.",
    refusalsOf(chart, facts),
    "## Tags",
    "Other code asks these instead of comparing statuses.",
    tagsOf(chart),
  ];
  return `${sections.join("\n\n")}\n`;
}

function stepsOf<K extends Kind>(chart: Chart<K>): string {
  const lines = [...chart.leaves.values()].flatMap((leaf) =>
    [...leaf.rows].flatMap(([fact, rows]) =>
      rows.map((row) => [
        code(leaf.name),
        code(fact),
        row.guard === undefined ? "" : code(row.guard),
        row.target === undefined ? "stays" : code(row.target),
        [
          ...row.changes.map((change) => code(change.name)),
          ...row.effects.map((effect) => wishText(effect, leaf.name, row.target ?? leaf.name)),
        ].join("<br>"),
        // Two candidates always are the two sides, one of which is the actor.
        row.guard === undefined || rows.length > 1 ? "" : codesText(chart.refuse(leaf.name, fact, row.guard)),
      ]),
    ),
  );
  return table(["state", "fact", "if", "to", "changes and wishes", "else refused with"], lines);
}

function refusalsOf<K extends Kind>(chart: Chart<K>, facts: readonly string[]): string {
  const lines = facts.flatMap((fact) => {
    const statesByCodes = new Map<string, string[]>();
    for (const leaf of chart.leaves.values()) {
      if (leaf.rows.has(fact)) continue;
      const codes = codesText(chart.refuse(leaf.name, fact, undefined));
      statesByCodes.set(codes, [...(statesByCodes.get(codes) ?? []), code(leaf.name)]);
    }
    return Array.from(statesByCodes, ([codes, states]) => [code(fact), states.join(", "), codes]);
  });
  return table(["fact", "states", "refused with"], lines);
}

function tagsOf<K extends Kind>(chart: Chart<K>): string {
  const tags = new Set([...chart.leaves.values()].flatMap((leaf) => [...leaf.tags]));
  const lines = [...tags].sort().map((tag) => {
    const states = [...chart.leaves.values()].filter((leaf) => leaf.tags.has(tag)).map(({ name }) => code(name));
    return [code(tag), states.join(", ")];
  });
  return table(["tag", "states"], lines);
}

function diagramOf<K extends Kind>(chart: Chart<K>): string {
  const outer: AnyStateNode[] = Object.values(chart.machine.root.states);
  const lines = [
    `  [*] --> ${idOf(chart.initial)}`,
    ...outer.flatMap((node) => composite(node)),
    ...outer.flatMap((node) => edgesFrom(chart, node)),
    ...outer.filter((node) => node.type === "final").map((node) => `  ${node.key} --> [*]`),
  ];
  return ["```mermaid", "stateDiagram-v2", ...lines, "```"].join("\n");
}

function composite(node: AnyStateNode): string[] {
  const inner: AnyStateNode[] = Object.values(node.states);
  if (inner.length === 0) return [];
  const names = inner.map(({ key, path }) => `    state "${key}" as ${idOf(path.join("."))}`);
  return [`  state ${node.key} {`, ...names, "  }"];
}

// What every sub-state does alike is drawn once, from the outer state.
function edgesFrom<K extends Kind>(chart: Chart<K>, node: AnyStateNode): string[] {
  const leaves = [...chart.leaves.values()].filter(({ value }) => pathOf(value).split(".")[0] === node.key);
  const drawn = leaves.map((leaf) => edgesOf(leaf));
  const shared = (drawn[0] ?? []).filter((edge) => leaves.length > 1 && drawn.every((edges) => edges.includes(edge)));
  return [
    ...shared.map((edge) => `  ${node.key} --> ${edge}`),
    ...leaves.flatMap(({ name }, index) =>
      (drawn[index] ?? []).filter((edge) => !shared.includes(edge)).map((edge) => `  ${idOf(name)} --> ${edge}`),
    ),
  ];
}

function edgesOf<K extends Kind>(leaf: Leaf<K>): string[] {
  return [...leaf.rows].flatMap(([fact, rows]) =>
    rows.map((row: Row<K>) => {
      const condition = row.guard === undefined ? "" : ` [${row.guard}]`;
      return `${idOf(row.target ?? leaf.name)}: ${fact}${condition}`;
    }),
  );
}

// The two statuses are left out where they only repeat the line they stand in.
function wishText({ type, params = {} }: Kind["effect"], from: string, to: string): string {
  const said: Record<string, string | undefined> = { oldStatus: from.split(".")[0], newStatus: to.split(".")[0] };
  const members = Object.entries(params)
    .filter(([name, value]) => said[name] !== value)
    .map(([name, value]) => ` ${name}: ${[value].flat().join(", ") || "none"}`);
  return `${code(type)}${members.join(";")}`;
}

function codesText({ local, relay }: RefusalCodes<string>): string {
  return local === relay ? code(local) : `${code(local)}<br>relay: ${code(relay)}`;
}

function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function code(text: string): string {
  return `\`${text}\``;
}

function idOf(name: string): string {
  return name.replaceAll(".", "_");
}
