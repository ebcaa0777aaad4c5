import { columns, excerpt, rule, wrap } from "./layout.ts";
import type { ChangeGroup, TrialSummary } from "./trial-summary.ts";

/** Groups on one screen; `--json` has all. */
const rowsShown = 20;

/** What a trial comes to, as lines of text. */
export function trialText(summary: TrialSummary, { file, width }: { file: string; width: number }): string {
  const { judged, unchanged, changed, byHand, notJudgeable, withNow } = summary;
  const counts = columns([
    [`  ${unchanged}`, "would stay as they are"],
    [`  ${changed}`, "would change"],
    ...(byHand === 0 ? [] : [[`  ${byHand}`, "were decided by hand, without rules"]]),
    ...(notJudgeable === 0 ? [] : [[`  ${notJudgeable}`, "cannot be judged again"]]),
  ]);
  const note = `${withNow} of them were judged with documents as they are now, because nobody had looked at these then.`;
  return [
    ...wrap(`${judged} recorded decisions, judged again by the rules in ${file}. Nothing was written.`, { width }),
    ...counts,
    ...(withNow === 0 ? [] : wrap(note, { width })),
    ...section("What would change", summary.changes, { width, from: "was" }),
    ...section("Decided by hand, and what these rules would have done", summary.hand, { width, from: "a person" }),
    ...unjudged(summary, width),
  ].join("\n");
}

function section(title: string, groups: readonly ChangeGroup[], { width, from }: { width: number; from: string }) {
  if (groups.length === 0) return [];
  const some = groups.slice(0, rowsShown);
  const hasLater = some.some(({ afterwards }) => Object.keys(afterwards).length > 0);
  const later = (group: ChangeGroup) => (hasLater ? [laterOf(group)] : []);
  const head = ["  how many", "by", from, "would be", ...(hasLater ? ["then by hand"] : [])];
  const rows = some.flatMap((group) => {
    const { by, from: was, to, count } = group;
    return [[`  ${count}`, excerpt(by, Math.floor(width / 3)), was, to, ...later(group)]];
  });
  const [titles = "", ...lines] = columns([head, ...rows]);
  const told = lines.flatMap((line, at) => [line, ...examplesOf(some[at]?.examples ?? [], width)]);
  const more = groups.length - some.length;
  return ["", rule(title, width), titles, ...told, ...(more === 0 ? [] : [`  and ${more} more kinds; --json has all`])];
}

const laterOf = ({ afterwards }: ChangeGroup) =>
  Object.entries(afterwards)
    .map(([verdict, count]) => `${count} ${verdict}`)
    .join(", ");

function examplesOf(examples: readonly string[], width: number): readonly string[] {
  return wrap(`for example ${examples.join(", ")}`, { width, indent: 6 });
}

function unjudged({ reasons }: TrialSummary, width: number): readonly string[] {
  if (reasons.length === 0) return [];
  const some = reasons.slice(0, rowsShown);
  const lines = some.flatMap(({ why, count, examples }) => [
    ...wrap(`${count}: ${why}`, { width, indent: 2 }),
    ...examplesOf(examples, width),
  ]);
  return ["", rule("Cannot be judged again", width), ...lines];
}
