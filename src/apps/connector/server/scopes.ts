// Whether what somebody holds opens a route (spec/connector-api.md 3).

/** True when one of the scopes held opens one of the scopes asked for; `*` is one segment, `**` one or more. */
export function opens(held: readonly string[], asked: readonly string[]): boolean {
  return held.some((one) => one === "**" || asked.some((scope) => one === scope || covers(one, scope)));
}

function covers(held: string, scope: string): boolean {
  return held.includes("*") && matches(held.split(":"), scope.split(":"));
}

function matches([first, ...rest]: readonly string[], [segment, ...more]: readonly string[]): boolean {
  if (first === undefined) return segment === undefined;
  if (segment === undefined) return false;
  if (first === "**") return matches(rest, more) || matches([first, ...rest], more);
  return (first === "*" || first === segment) && matches(rest, more);
}
