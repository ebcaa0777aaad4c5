// Which steps are kept, as people write it: `3-9,17`.
import { fault } from "rapport/core";

/** The numbers in the text. Fault: `input.invalid`. */
export function stepsIn(text: string): readonly number[] {
  return text.split(",").flatMap((part) => {
    const [, first = "", last = first] = /^(\d{1,7})(?:-(\d{1,7}))?$/.exec(part.trim()) ?? [];
    const [from, to] = [Number(first), Number(last)];
    if (first === "" || to < from || to - from >= stepsMax)
      throw fault("input.invalid", `"${part}" names no steps. Write for example 3-9,17.`);
    return Array.from({ length: to - from + 1 }, (_, at) => from + at);
  });
}

const stepsMax = 1_000_000;

/** The text for these numbers, which grow. */
export function rangesOf(steps: readonly number[]): string {
  const parts: string[] = [];
  for (let at = 0; at < steps.length; ) {
    let end = at;
    while (steps[end + 1] === (steps[end] ?? 0) + 1) end += 1;
    parts.push(end === at ? `${steps[at]}` : `${steps[at]}-${steps[end]}`);
    at = end + 1;
  }
  return parts.join(",");
}
