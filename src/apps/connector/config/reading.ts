// The configuration from all its sources (spec/connector-api.md 4.1): command line, environment, file, defaults.
import { accessProblems, doorProblems } from "../access/policy.ts";
import { accountProblems } from "./account-problems.ts";
import { commandLineIn } from "./command-line.ts";
import { type Environment, environmentLeaves, variableOf } from "./environment.ts";
import { fileSource } from "./file.ts";
import { invalidConfiguration, type LocatedProblem } from "./invalid.ts";
import { relayProblems } from "./relay-problems.ts";
import { type ConnectorConfig, configShape } from "./shape.ts";
import { storageProblems } from "./storage-problems.ts";
import {
  forbiddenIn,
  isForbidden,
  type Leaf,
  merged,
  type Path,
  type Problem,
  type Tree,
  treeOf,
  valueAt,
} from "./trees.ts";
import { problemsIn, wordsFor } from "./wording.ts";

/** Where a configuration is read from. */
export interface ConfigurationSources {
  readonly words: readonly string[];
  readonly environment: Environment;
  /** Where `config.json` is looked for. */
  readonly folder: string;
  /** What time it is: keys that have expired are a problem. */
  readonly nowMs: number;
  /** True for whoever is about to listen: then somebody has to be able to prove who they are. */
  readonly serves?: boolean;
}

/** A configuration, and what else the words asked for. */
export interface ReadConfiguration {
  readonly config: ConnectorConfig;
  /** The file that was read, if any. */
  readonly file?: string;
  readonly json: boolean;
}

/** Reads and checks it. Throws `config.invalid`, which lists everything that is wrong, and where it stands. */
export function readConfiguration(given: ConfigurationSources): ReadConfiguration {
  const { words, environment, folder, nowMs, serves = false } = given;
  const line = commandLineIn(words);
  const file = fileSource(line.config ?? (environment["CUSTOM_CONFIG_LOCATION"] || undefined), folder);
  const sources: Sources = { line: line.leaves, environment: environmentLeaves(environment), file };
  const { config, problems } = checked(sources, nowMs);
  const closed = config !== undefined && serves ? doorProblems(config) : [];
  const all = [...line.problems, ...file.problems, ...problems, ...closed];
  if (config === undefined || all.length > 0) throw invalidConfiguration(all.map((one) => located(one, sources)));
  return { config, json: line.json, ...(file.name === undefined ? {} : { file: file.name }) };
}

interface Sources {
  readonly line: readonly Leaf[];
  readonly environment: readonly Leaf[];
  readonly file: { readonly name?: string; readonly tree: Tree };
}

interface Checked {
  readonly config: ConnectorConfig | undefined;
  readonly problems: readonly Problem[];
}

function checked(sources: Sources, nowMs: number): Checked {
  const { line, environment, file } = sources;
  const leaves = [...environment, ...line];
  const named = leaves
    .filter(({ path }) => path.some(isForbidden))
    .map(({ path, place }) => ({ path, place, says: notAllowed }));
  const inside = [file.tree, ...leaves.map(({ value }) => value)].flatMap((value) => forbiddenIn(value));
  const tree = merged([empty, file.tree, treeOf(environment), treeOf(line)]);
  const { result, tree: final } = parsed(tree, leaves);
  const problems = [
    ...named,
    ...inside.map((path) => ({ path, says: notAllowed })),
    ...(result.success ? [] : problemsIn(result.error.issues, final)),
    ...accessProblems(final, nowMs),
    ...relayProblems(final),
    ...storageProblems(final),
    ...accountProblems(final),
  ];
  return { config: result.success ? result.data : undefined, problems };
}

/** Its keys are told one by one when they are missing. */
const empty: Tree = Object.freeze({ transportLibrary: {} });

const notAllowed = "is a name that no object may have";

// A secret may look like a number: where a text is wanted, the text is taken as it was written.
function parsed(tree: Tree, leaves: readonly Leaf[]) {
  const result = configShape.safeParse(tree, { error: wordsFor });
  if (result.success) return { result, tree };
  const wrong = new Set(problemsIn(result.error.issues, tree).map(({ path }) => path.join("\0")));
  const rewritten = leaves.filter(
    ({ path, raw, value }) => raw !== undefined && raw !== value && wrong.has(path.join("\0")),
  );
  if (rewritten.length === 0) return { result, tree };
  const again = merged([tree, treeOf(rewritten.map((leaf) => ({ ...leaf, value: leaf.raw })))]);
  return { result: configShape.safeParse(again, { error: wordsFor }), tree: again };
}

function located(problem: Problem, sources: Sources): LocatedProblem {
  const { path, says } = problem;
  return { path: path.join("."), says, place: problem.place ?? placeOf(path, sources) };
}

function placeOf(path: Path, { line, environment, file }: Sources): string {
  const leaf = covering(line, path) ?? covering(environment, path);
  if (leaf !== undefined) return leaf.place;
  if (valueAt(file.tree, path) !== undefined) return file.name ?? "";
  return path.length === 0 ? "" : `set it in a file, as ${variableOf(path)}, or as --${path.join(":")}`;
}

// The last is the strongest.
function covering(leaves: readonly Leaf[], path: Path): Leaf | undefined {
  const exact = leaves.findLast((leaf) => leaf.path.join("\0") === path.join("\0"));
  return exact ?? leaves.findLast((leaf) => leaf.path.every((name, index) => path[index] === name));
}
