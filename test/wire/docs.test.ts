// The page docs/protocol.md. `npm run docs` sets RAPPORT_WRITE_DOCS and so writes it instead of comparing.
import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import { commonErrors, type Operation, operations } from "../../src/wire/operations.ts";

const page = new URL("../../docs/protocol.md", import.meta.url);
const who = { none: "anybody", optional: "anybody; a login is noticed", bearer: "a login" } as const;

function describeProtocol(): string {
  const rows: [string, Operation][] = Object.entries(operations);
  return [
    "# The relay's operations",
    "",
    "Generated from `src/wire/operations.ts`. Paths are compared without case. Every answer is wrapped in `result` or",
    "`error`, but for the access token; a list adds `pagination` when there is more than one page.",
    "",
    "An operation that changes something takes an `Idempotency-Key`: the first success is stored with its effect for seven",
    "days and answered again, with `Idempotency-Replayed: true`; of operations on Relationships and Messages so is a refusal,",
    "without that header. `connectToken` takes none: access tokens are never stored.",
    "`raiseEpoch` is Rapport's own; the rest is published protocol.",
    "",
    `Any operation may answer ${list(commonErrors)}.`,
    "",
    ...rows.flatMap(([name, row]) => [...describeOperation(name, row), ""]),
  ].join("\n");
}

function describeOperation(name: string, row: Operation): string[] {
  return [
    `## ${name}`,
    "",
    `\`${row.method} ${row.path}\`, for ${who[row.auth]}, answers ${row.success}.`,
    ...members("Query", row.query),
    ...members("Body", row.body),
    ...(row.errors.length === 0 ? [] : ["", `Errors: ${list(row.errors)}.`]),
  ];
}

function members(title: string, schema: z.ZodType | undefined): string[] {
  if (!(schema instanceof z.ZodObject)) return [];
  const names = Object.entries(schema.shape).map(([name, part]) =>
    part instanceof z.ZodType && part.safeParse(undefined).success ? `\`${name}?\`` : `\`${name}\``,
  );
  return names.length === 0 ? [] : ["", `${title}: ${names.join(", ")}.`];
}

const list = (codes: readonly string[]) => codes.map((code) => `\`${code}\``).join(", ");

test("docs/protocol.md says what the table says; run `npm run docs` when it does not", () => {
  const made = describeProtocol();
  if (process.env["RAPPORT_WRITE_DOCS"] !== undefined) writeFileSync(page, made);

  expect(readFileSync(page, "utf8")).toBe(made);
});
