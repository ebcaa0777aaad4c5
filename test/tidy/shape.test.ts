// The shape of the house: doors, plugin folders, charts, sizes, and a sentence beside every promise.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { linesWith, parse, pathsBelow, placeOf, programs, read, root, type Source, sourcesBelow } from "./sources.ts";

const { exports: doors, files } = createRequire(import.meta.url)(`${root}/package.json`) as {
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly files: readonly string[];
};
const doorFiles = Object.values(doors).flatMap((door) =>
  typeof door === "string" ? [] : [door["rapport:source"]?.slice(2)],
);
const plugins = [...new Set(pathsBelow("plugins").map((path) => path.split("/")[1] ?? ""))];

test("the top level stays as small as it is", () => {
  const top = new Set(pathsBelow(".").map((path) => path.split("/")[0] ?? ""));
  const hidden = [...top].filter((name) => name.startsWith("."));

  expect(new Set([...top].filter((name) => !name.startsWith(".") && name !== "CHANGELOG.md"))).toEqual(
    new Set([
      "LICENSE",
      "README.md",
      "docs",
      "machines",
      "package-lock.json",
      "package.json",
      "plugins",
      "src",
      "test",
      "tsconfig.json",
    ]),
  );
  expect(
    hidden.filter((name) => ![".biome.json", ".changeset", ".ci", ".config", ".gitignore", ".npmrc"].includes(name)),
  ).toEqual([]);
});

describe("doors", () => {
  test("index.ts exists only where package.json has a door", () => {
    const indexes = pathsBelow("machines", "src", "plugins", "test").filter((path) => path.endsWith("/index.ts"));

    expect(indexes.filter((path) => !doorFiles.includes(path))).toEqual([]);
  });

  test("every door leads somewhere, in source and in the build", () => {
    const missing = doorFiles.filter((path) => path === undefined || !existsSync(`${root}/${path}`));
    const odd = Object.values(doors).flatMap((door) => {
      if (typeof door === "string") return [];
      const built = door["rapport:source"]?.replace(/^\.\//, "./dist/").replace(/\.ts$/, "");
      return door["types"] === `${built}.d.ts` && door["default"] === `${built}.js` ? [] : [door];
    });

    expect(missing).toEqual([]);
    expect(odd).toEqual([]);
    expect(files).toContain("dist");
  });
});

describe("plugins", () => {
  test.for(plugins)("%s is a folder like the others", (name) => {
    const paths = pathsBelow(`plugins/${name}`);

    expect(paths).toContain(`plugins/${name}/index.ts`);
    expect(paths).toContain(`plugins/${name}/plugin.ts`);
    expect(doors).toHaveProperty([`./plugins/${name}`]);
    expect(paths.filter((path) => path.split("/").length > 3)).toEqual([]);
  });

  test.for(plugins)("%s registers under its own name", (name) => {
    const [plugin] = sourcesBelow(`plugins/${name}`).filter(({ path }) => path.endsWith("/plugin.ts"));

    expect(plugin?.text).toContain(`"${name}"`);
  });

  test("no plugin climbs out of its folder", () => {
    const climbing = sourcesBelow("plugins").flatMap((source) => linesWith(source, /(from|import\() ?"\.\.\//));

    expect(climbing).toEqual([]);
  });
});

describe("machines", () => {
  const charts = [...new Set(pathsBelow("machines").flatMap((path) => /^machines\/([^/]+)\//.exec(path)?.[1] ?? []))];

  test.for(charts)("%s has the same six files as the others, and a seventh once it had an earlier version", (chart) => {
    const six = ["context", "effects", "facts", "guards", "machine", "refusals"];
    const version = Number(/^ {2}version: (\d+),$/m.exec(read(`machines/${chart}/machine.ts`))?.[1]);
    const wanted = version > 1 ? [...six, "upgrades"] : six;

    expect(version).toBeGreaterThanOrEqual(1);
    expect(pathsBelow(`machines/${chart}`)).toEqual(wanted.map((name) => `machines/${chart}/${name}.ts`));
  });

  test("they import xstate, each other and nothing else", () => {
    const others = sourcesBelow("machines").flatMap((source) => linesWith(source, /from "(?!\.|xstate")/));

    expect(others).toEqual([]);
  });
});

test("a file stops at 300 lines", () => {
  const long = sourcesBelow(...programs).map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 }));

  expect(long.filter(({ lines }) => lines > 300)).toEqual([]);
});

test("every exported function, class and interface has its sentence, which ends with a full stop", () => {
  expect(sourcesBelow("machines", "src", "plugins", "test/kit").flatMap(unexplained)).toEqual([]);
});

test("a missing sentence is noticed", () => {
  const toy = (text: string) => unexplained({ path: "toy.ts", text });

  expect(toy("export function a(): void {}")).toEqual(["toy.ts:1"]);
  expect(toy("/** No stop */\nexport interface A {}")).toEqual(["toy.ts:2"]);
  expect(toy("/** Says it. */\nexport interface A {}\nexport interface B {}")).toEqual([]);
});

/** Exported declarations without a comment; one comment may head a block of declarations without empty lines. */
function unexplained(source: Source): readonly string[] {
  const file = parse(source);
  return file.statements.flatMap((statement, index) => {
    if (!isExportedDeclaration(statement)) return [];
    const comment = commentOf(source.text, statement) ?? headOfBlock(source.text, file.statements.slice(0, index + 1));
    return comment !== undefined && /[.!?:]\)?\s*(\*\/)?\s*$/.test(comment) ? [] : [placeOf(statement)];
  });
}

/** Tables of constants and types stand under one sentence for all; what has behaviour or a shape has its own. */
function isExportedDeclaration(node: ts.Statement): boolean {
  if (!ts.isFunctionDeclaration(node) && !ts.isClassDeclaration(node) && !ts.isInterfaceDeclaration(node)) return false;
  return (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
}

function commentOf(text: string, node: ts.Node): string | undefined {
  const last = ts.getLeadingCommentRanges(text, node.getFullStart())?.at(-1);
  return last === undefined ? undefined : text.slice(last.pos, last.end);
}

/** The comment of the nearest earlier statement that has one, if no empty line lies between. */
function headOfBlock(text: string, statements: readonly ts.Statement[]): string | undefined {
  for (const statement of statements.toReversed()) {
    const comment = commentOf(text, statement);
    if (comment !== undefined) return comment;
    if (/\n\s*\n/.test(statement.getFullText().slice(0, statement.getLeadingTriviaWidth()))) return undefined;
  }
  return undefined;
}
