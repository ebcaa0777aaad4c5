// What a folder may not say, found in the syntax tree, so that comments and texts may still speak of it.
import ts from "typescript";
import { everyNode, parse, placeOf, type Source } from "./sources.ts";

/** Something that a node may be, with the reason why it is not wanted. */
export interface Ban {
  readonly what: string;
  readonly matches: (node: ts.Node) => boolean;
}

/** "file:line what" for each banned thing in the source. */
export function findBanned(source: Source, bans: readonly Ban[]): readonly string[] {
  const found: string[] = [];
  everyNode(parse(source), (node) => {
    for (const { what, matches } of bans) if (matches(node)) found.push(`${placeOf(node)} ${what}`);
  });
  return found;
}

/** Ways to reach time, randomness and the process without asking a port. */
export const outside: readonly Ban[] = [
  member("Date", "now"),
  member("performance", "now"),
  member("Math", "random"),
  { what: "new Date() without an argument", matches: isNowDate },
  ...["setTimeout", "setInterval", "setImmediate", "process", "fetch", "Buffer", "require", "randomUUID"].map(global),
  { what: "getRandomValues", matches: (node) => ts.isIdentifier(node) && node.text === "getRandomValues" },
  { what: "randomUUID", matches: (node) => isMember(node) && node.name.text === "randomUUID" },
  { what: "an import of node:*", matches: (node) => isImport(node, (from) => from.startsWith("node:")) },
];

/** What no file of ours contains. */
export const everywhere: readonly Ban[] = [
  { what: "a decorator", matches: ts.isDecorator },
  { what: "export default", matches: isDefaultExport },
  { what: "export *", matches: (node) => ts.isExportDeclaration(node) && isStar(node) },
  { what: "an interface called IName or NameInterface", matches: isDecoratedName },
];

/** What makes a test prove less than it says. */
export const inTests: readonly Ban[] = [member("vi", "mock"), member("vi", "doMock"), member("vi", "spyOn")];

function member(object: string, name: string): Ban {
  const matches = (node: ts.Node) =>
    isMember(node) && ts.isIdentifier(node.expression) && node.expression.text === object && node.name.text === name;
  return { what: `${object}.${name}`, matches };
}

/** A name that is used and not merely the name of a member, a key, a type's property or a declaration. */
function global(name: string): Ban {
  const matches = (node: ts.Node) => {
    if (!ts.isIdentifier(node) || node.text !== name) return false;
    const { parent } = node;
    if (isMember(parent)) return parent.expression === node;
    return !("name" in parent && parent.name === node) && !("propertyName" in parent && parent.propertyName === node);
  };
  return { what: name, matches };
}

function isMember(node: ts.Node): node is ts.PropertyAccessExpression {
  return ts.isPropertyAccessExpression(node);
}

function isNowDate(node: ts.Node): boolean {
  if (!ts.isNewExpression(node) && !ts.isCallExpression(node)) return false;
  return ts.isIdentifier(node.expression) && node.expression.text === "Date" && (node.arguments?.length ?? 0) === 0;
}

function isImport(node: ts.Node, wanted: (from: string) => boolean): boolean {
  if (!ts.isImportDeclaration(node) && !ts.isExportDeclaration(node)) return false;
  const from = node.moduleSpecifier;
  return from !== undefined && ts.isStringLiteral(from) && wanted(from.text);
}

function isDefaultExport(node: ts.Node): boolean {
  if (ts.isExportAssignment(node)) return true;
  if (ts.isExportSpecifier(node)) return node.name.text === "default";
  return (
    ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)
  );
}

function isStar({ exportClause }: ts.ExportDeclaration): boolean {
  return exportClause === undefined || ts.isNamespaceExport(exportClause);
}

function isDecoratedName(node: ts.Node): boolean {
  if (!ts.isInterfaceDeclaration(node) && !ts.isTypeAliasDeclaration(node)) return false;
  return /^I[A-Z][a-z]|Interface$/.test(node.name.text);
}
