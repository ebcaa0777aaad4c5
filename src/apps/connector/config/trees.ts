// Configurations before they are checked: trees that sources give, laid over each other.
//
// T1. No source reaches a prototype: names that lead to one are refused wherever they stand.

/** What may stand in a source: JSON. Objects have only the members that somebody wrote. */
export type Tree = { readonly [name: string]: unknown };

/** Where something is, from the top. */
export type Path = readonly string[];

/** One value that a source gives. */
export interface Leaf {
  readonly path: Path;
  readonly value: unknown;
  /** As it was written, where everything is text. */
  readonly raw?: string;
  /** Where it stands, in the words of that source. */
  readonly place: string;
}

/** Something that is wrong, and where. */
export interface Problem {
  readonly path: Path;
  readonly says: string;
  /** Where it stands, when that is known without looking. */
  readonly place?: string;
}

const forbidden: ReadonlySet<string> = new Set(["__proto__", "prototype", "constructor"]);

/** True for names that no object of a configuration may have. */
export function isForbidden(name: string): boolean {
  return forbidden.has(name);
}

/** True for what has members: an object of JSON, and no list. */
export function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The trees as one: the later are stronger, objects are joined member by member, everything else is replaced. */
export function merged(trees: readonly Tree[]): Tree {
  return trees.reduce<Tree>(laidOver, {});
}

function laidOver(below: Tree, above: Tree): Tree {
  const joined: [string, unknown][] = Object.entries(above)
    .filter(([name]) => !isForbidden(name))
    .map(([name, value]) => {
      if (!isTree(value)) return [name, value];
      const under = Object.hasOwn(below, name) ? below[name] : undefined;
      return [name, laidOver(isTree(under) ? under : {}, value)];
    });
  return { ...below, ...Object.fromEntries(joined) };
}

/** The tree of these values; what lies deeper goes before what lies above it, and the later before the earlier. */
export function treeOf(leaves: readonly Leaf[]): Tree {
  const inOrder = leaves.toSorted((a, b) => a.path.length - b.path.length);
  return merged(inOrder.map(({ path, value }) => branchOf(path, value)));
}

function branchOf([name, ...rest]: Path, value: unknown): Tree {
  if (name === undefined) return isTree(value) ? value : {};
  return { [name]: rest.length === 0 ? value : branchOf(rest, value) };
}

/** What is at the path; undefined when there is nothing. */
export function valueAt(tree: unknown, path: Path): unknown {
  let at = tree;
  for (const name of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Tree)[name];
  }
  return at;
}

/** The names that no object may have, wherever they stand. */
export function forbiddenIn(value: unknown, path: Path = []): readonly Path[] {
  if (Array.isArray(value)) return value.flatMap((one, index) => forbiddenIn(one, [...path, String(index)]));
  if (!isTree(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    isForbidden(name) ? [[...path, name]] : forbiddenIn(inner, [...path, name]),
  );
}
