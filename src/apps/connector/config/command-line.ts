// Values from the command line (spec/connector-api.md 4.1).
import { parsedText } from "./environment.ts";
import { configShape } from "./shape.ts";
import type { Leaf, Path, Problem } from "./trees.ts";

/** What the words say. */
export interface CommandLine {
  readonly leaves: readonly Leaf[];
  readonly problems: readonly Problem[];
  readonly config?: string;
  readonly json: boolean;
  readonly help: boolean;
}

/** Shorter names for keys that are often given. */
export const conveniences: Readonly<Record<string, Path>> = Object.freeze({
  port: ["infrastructure", "httpServer", "port"],
  host: ["infrastructure", "httpServer", "host"],
});

const topLevel: ReadonlySet<string> = new Set(Object.keys(configShape.shape));

/** Reads `--a.b=value`, `--a:b value` and `--a__b value`; an option without a value is true. */
export function commandLineIn(words: readonly string[]): CommandLine {
  const found: Found = { leaves: [], problems: [], config: undefined, flags: new Set() };
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    const next = words[at + 1];
    const isUsed = take(found, word, next !== undefined && !next.startsWith("-") ? next : undefined);
    if (isUsed) at += 1;
  }
  const { leaves, problems, config, flags } = found;
  return {
    leaves,
    problems,
    json: flags.has("json"),
    help: flags.has("help"),
    ...(config === undefined ? {} : { config }),
  };
}

interface Found {
  readonly leaves: Leaf[];
  readonly problems: Problem[];
  readonly flags: Set<string>;
  config: string | undefined;
}

// True when the next word is the value.
function take(found: Found, word: string, next: string | undefined): boolean {
  const [, name, equals, inWord = ""] = /^--([^=]+)(=)?([\s\S]*)$/.exec(word) ?? shortOf(word);
  if (name === undefined) {
    found.problems.push({ path: [], says: `"${word}" is not an option`, place: "command line" });
    return false;
  }
  const raw = equals === undefined ? next : inWord;
  if (name === "json" || name === "help") {
    found.flags.add(name);
    return false;
  }
  if (name === "config") {
    if (raw === undefined) found.problems.push({ path: [], says: "needs the name of a file", place: "--config" });
    found.config = raw;
    return equals === undefined && raw !== undefined;
  }
  const path = (Object.hasOwn(conveniences, name) ? conveniences[name] : undefined) ?? pathOf(name);
  if (topLevel.has(path[0] ?? "")) add(found.leaves, leafOf(path, { name, raw: raw ?? "true" }));
  else found.problems.push({ path, says: "is not a key of the configuration", place: `--${name}` });
  return equals === undefined && raw !== undefined;
}

function shortOf(word: string): readonly (string | undefined)[] {
  return [word, word === "-c" ? "config" : word === "-h" ? "help" : undefined];
}

// Colons are stronger than dots: a name of a host or a header has dots of its own.
function pathOf(name: string): Path {
  return /:|__/.test(name) ? name.split(/:|__/) : name.split(".");
}

function leafOf(path: Path, { name, raw }: { readonly name: string; readonly raw: string }): Leaf {
  return { path, value: parsedText(raw), raw, place: `--${name}` };
}

// The same option twice is a list.
function add(leaves: Leaf[], leaf: Leaf): void {
  const at = leaves.findIndex(({ path }) => path.join("\0") === leaf.path.join("\0"));
  const earlier = leaves[at];
  if (earlier === undefined) leaves.push(leaf);
  else {
    const before = Array.isArray(earlier.value) ? earlier.value : [earlier.raw];
    leaves[at] = { path: leaf.path, value: [...before, leaf.raw], place: leaf.place };
  }
}
