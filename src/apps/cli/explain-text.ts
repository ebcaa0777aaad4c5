// An explanation on one screen: what decided comes first, then the nearest misses, then how many more there are.
import type { ExplainedItem, ExplainedRule, Explanation } from "rapport";
import { columns, excerpt, printable, rule, wrap } from "./layout.ts";

/** How wide the screen is, and whether everything is to be shown however long it gets. */
export interface ExplainLayout {
  readonly width: number;
  readonly all?: boolean;
}

type Entry = NonNullable<ExplainedRule["entries"]>[number];
type Condition = Entry["conditions"][number];

/** What one screen has room for. */
const shown = { items: 10, rules: 5, decided: 4, others: 3, conditions: 4 };

/** The explanation as lines of text, one screen of them unless `all` is wanted. */
export function explainText(explanation: Explanation, { width, all = false }: ExplainLayout): string {
  const limit = (most: number) => (all ? Number.POSITIVE_INFINITY : most);
  const screen: Screen = { width, limit };
  const lines = [
    ...headLines(explanation, width),
    ...itemLines(explanation.items, screen),
    ...ruleLines(explanation, screen),
    ...footLines(explanation, width),
  ];
  return lines.join("\n");
}

interface Screen {
  readonly width: number;
  readonly limit: (most: number) => number;
}

function headLines(explanation: Explanation, width: number): readonly string[] {
  const { kind, id, peer, status, title, source } = explanation;
  const name = kind === "request" ? "Request" : "Relationship";
  const named = title === undefined ? "" : ` "${title}"`;
  const from = source === undefined ? "" : `, by ${source}`;
  return [
    ...wrap(`${name} ${id}${named}`, { width }),
    ...wrap(`from ${peer}${from}; now ${status}`, { width, indent: 2 }),
    ...wrap(outcomeOf(explanation), { width, indent: 2 }),
    ...reasonOf(explanation, width),
  ];
}

function outcomeOf({ decided, waitsFor }: Explanation): string {
  if (decided === undefined) {
    // It is settled, only not by a decision that was taken here and recorded.
    const [, first = "", rest = ""] = /^nothing; (.)(.*)$/s.exec(waitsFor ?? "") ?? [];
    if (first !== "") return `${first.toUpperCase()}${rest}.`;
    return `Nobody has decided. It waits for ${waitsFor ?? "nothing"}.`;
  }
  const { verdict, at, by, rule: name, plugin } = decided;
  const who = by === "human" ? "by hand" : `by the rule ${name}${plugin === undefined ? "" : ` (${plugin})`}`;
  return `${pastOf(verdict)} ${who} on ${at}.`;
}

const pastOf = (verdict: string) => ({ accept: "Accepted", reject: "Rejected" })[verdict] ?? verdict;

function reasonOf({ decided, refused }: Explanation, width: number): readonly string[] {
  const lines: string[] = [];
  if (decided?.reason !== undefined) lines.push(...wrap(decided.reason, { width, indent: 2 }));
  if (decided?.content !== undefined) {
    lines.push(...wrap(`With the content ${excerpt(JSON.stringify(decided.content), width)}`, { width, indent: 2 }));
  }
  if (refused !== undefined) {
    const what = `The verdict of ${refused.rule} was not carried out: ${refused.message} (${refused.code})`;
    lines.push(...wrap(what, { width, indent: 2 }));
  }
  return lines;
}

function itemLines(items: readonly ExplainedItem[], { width, limit }: Screen): readonly string[] {
  if (items.length === 0) return [];
  const few = items.slice(0, limit(shown.items));
  const rows = few.map((item) => [`  ${numberOf(item.item)}`, asksOf(item, width), verdictOf(item), byOf(item)]);
  const more = items.length - few.length;
  return ["", rule("Items", width), ...columns(rows), ...(more === 0 ? [] : [`  and ${more} more; --all shows them`])];
}

/** `items[2].items[0]` as people count: 3.1. */
function numberOf(item: string): string {
  return [...item.matchAll(/\[(\d+)\]/g)].map(([, index]) => Number(index) + 1).join(".");
}

function asksOf({ type, asks, mustBeAccepted }: ExplainedItem, width: number): string {
  const name = `${type.replace(/RequestItem$/, "")}${mustBeAccepted ? "" : " (optional)"}`;
  return excerpt(asks === undefined ? name : `${name}: ${asks}`, Math.max(20, Math.floor(width / 2)));
}

function verdictOf({ verdict, code }: ExplainedItem): string {
  if (verdict === undefined) return "undecided";
  return verdict === "accept" ? "accepted" : `rejected${code === undefined ? "" : ` (${printable(code)})`}`;
}

const byOf = ({ entry }: ExplainedItem) => (entry === undefined ? "" : `by ${printable(entry)}`);

function ruleLines({ rules, notAsked }: Explanation, screen: Screen): readonly string[] {
  if (rules.length === 0) return [];
  const few = rules.slice(0, screen.limit(shown.rules));
  const more = rules.length - few.length;
  const unasked =
    notAsked.length === 0 ? [] : wrap(`Not asked any more: ${notAsked.join(", ")}.`, { ...screen, indent: 2 });
  return [
    "",
    rule("Rules, in the order in which they were asked", screen.width),
    ...few.flatMap((one) => oneRule(one, screen)),
    ...(more === 0 ? [] : [`  and ${more} more; --all shows them`]),
    ...unasked,
  ];
}

function oneRule({ rule: name, verdict, reason, problem, entries, conditions }: ExplainedRule, screen: Screen) {
  const { width } = screen;
  const said = verdict === "none" ? "left it to the next" : `said ${verdict}`;
  const why = problem ?? reason;
  const head = `${name} ${problem === undefined ? said : "failed"}${why === undefined ? "" : `: ${why}`}`;
  return [
    ...wrap(head, { width, indent: 2 }),
    ...(conditions ?? []).slice(0, screen.limit(shown.conditions)).map((one) => conditionLine(one, width)),
    ...(entries === undefined ? [] : entryLines(entries, screen)),
  ];
}

/** An entry was held against every item: what is told is where it came nearest. */
interface Held {
  readonly entry: string;
  readonly outcome: Entry["outcome"];
  readonly items: readonly string[];
  readonly nearest: Entry;
}

const rank = { decided: 0, late: 1, unfit: 2, "not matched": 3 } as const;

function entryLines(entries: readonly Entry[], screen: Screen): readonly string[] {
  const held = heldOf(entries);
  const decided = held.filter(({ outcome }) => outcome === "decided");
  const others = held
    .filter(({ outcome }) => outcome !== "decided")
    .sort((one, other) => rank[one.outcome] - rank[other.outcome] || missesOf(one.nearest) - missesOf(other.nearest));
  const first = decided.slice(0, screen.limit(shown.decided));
  const next = others.slice(0, screen.limit(shown.others));
  const moreDecided = decided.length - first.length;
  const more = others.length - next.length;
  return [
    ...first.flatMap((one) => heldLines(one, screen)),
    ...(moreDecided === 0 ? [] : [`    and ${moreDecided} more decided items; --all shows them`]),
    ...next.flatMap((one) => heldLines(one, screen)),
    ...(more === 0 ? [] : [`    and ${more} more did not match; --all shows them`]),
  ];
}

function heldOf(entries: readonly Entry[]): readonly Held[] {
  const byName = new Map<string, Entry[]>();
  for (const one of entries) {
    const same = byName.get(one.entry);
    if (same === undefined) byName.set(one.entry, [one]);
    else same.push(one);
  }
  return [...byName].map(([entry, all]) => {
    const outcome = all.reduce(
      (best, one) => (rank[one.outcome] < rank[best] ? one.outcome : best),
      all[0]?.outcome ?? "not matched",
    );
    const same = all.filter((one) => one.outcome === outcome);
    const nearest = same.reduce((best, one) => (missesOf(one) < missesOf(best) ? one : best));
    const items =
      outcome === "not matched" ? [] : same.flatMap(({ item }) => (item === undefined ? [] : [numberOf(item)]));
    return { entry, outcome, items, nearest };
  });
}

const missesOf = ({ conditions }: Entry) => conditions.filter(({ matched }) => !matched).length;

const wordsOf = {
  decided: "decided",
  late: "matched, but an earlier entry had decided",
  unfit: "matched, but its answer does not fit",
  "not matched": "did not match",
} as const;

function heldLines({ entry, outcome, items, nearest }: Held, { width, limit }: Screen): readonly string[] {
  const where = items.length === 0 ? "" : ` item ${items.slice(0, 8).join(", ")}${items.length > 8 ? ", ..." : ""}`;
  const answer = nearest.answer === undefined ? "" : ` (${nearest.answer})`;
  // What failed says more than what held.
  const sorted = [...nearest.conditions].sort((one, other) => Number(one.matched) - Number(other.matched));
  const few = sorted.slice(0, limit(shown.conditions));
  const more = sorted.length - few.length;
  return [
    ...wrap(`${entry} ${wordsOf[outcome]}${where}${answer}`, { width, indent: 4 }),
    ...few.map((one) => conditionLine(one, width)),
    ...(more === 0 ? [] : [`      and ${more} more conditions; --all shows them`]),
  ];
}

/** One condition of an entry: whether it held, what it wanted and what it saw. */
export function conditionLine({ path, wanted, seen, matched }: Condition, width: number): string {
  const room = Math.max(12, Math.floor((width - 6 - path.length - "yes : wanted , saw ".length) / 2));
  const text = (value: unknown) => excerpt(JSON.stringify(value) ?? "nothing", room);
  const line = `${matched ? "yes" : "no "} ${path}: wanted ${text(wanted)}, saw ${text(seen)}`;
  return `      ${excerpt(line, width - 6)}`;
}

function footLines({ rulesChanged, ruleSet, redacted }: Explanation, width: number): readonly string[] {
  const lines: string[] = [];
  if (rulesChanged === true) lines.push("The rules have changed since; these are those of then.");
  if (rulesChanged === false) lines.push("The rules are still the same.");
  if (ruleSet !== undefined) lines.push(`Rule set ${ruleSet.slice(0, 12)}.`);
  if (redacted.length > 0) lines.push(`Not recorded, and shown as [redacted]: ${redacted.join(", ")}.`);
  return lines.length === 0 ? [] : ["", ...wrap(lines.join(" "), { width })];
}
