/** True when the pattern fits the name of an event: `*` fits one part, `**` any number of parts. */
export function isTriggeredBy(pattern: string, name: string): boolean {
  return fits(pattern.split("."), name.split("."));
}

// Which parts of the name may be reached after each part of the pattern, so that stars cost no backtracking.
function fits(pattern: readonly string[], parts: readonly string[]): boolean {
  let reached = new Set([0]);
  for (const wanted of pattern) {
    const next = new Set<number>();
    for (const at of reached) {
      if (wanted === "**") for (let to = at; to <= parts.length; to += 1) next.add(to);
      else if (at < parts.length && (wanted === "*" || wanted === parts[at])) next.add(at + 1);
    }
    reached = next;
  }
  return reached.has(parts.length);
}
