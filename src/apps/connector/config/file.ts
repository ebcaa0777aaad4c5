// The configuration file (spec/connector-api.md 4.1).
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isTree, type Problem, type Tree } from "./trees.ts";

/** What a file gave. */
export interface FileSource {
  /** Absent when there is no file and none was named. */
  readonly name?: string;
  readonly tree: Tree;
  readonly problems: readonly Problem[];
}

const fileDefault = "config.json";

/** The file that was named, else `config.json` of the folder if it is there. */
export function fileSource(named: string | undefined, folder: string): FileSource {
  const beside = join(folder, fileDefault);
  if (named === undefined && !existsSync(beside)) return { tree: {}, problems: [] };
  const name = named ?? fileDefault;
  const wrong = (says: string) => ({ name, tree: {}, problems: [{ path: [], says, place: name }] });
  let content: string;
  try {
    content = readFileSync(named ?? beside, "utf8");
  } catch {
    return wrong("cannot be read");
  }
  try {
    const tree: unknown = JSON.parse(content.replace(/^\uFEFF/, ""));
    return isTree(tree) ? { name, tree, problems: [] } : wrong("must have one JSON object");
  } catch {
    // The parser's own words may repeat a secret of the file.
    return wrong("is not JSON");
  }
}
