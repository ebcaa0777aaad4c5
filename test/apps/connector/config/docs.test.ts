// docs/connector-config.schema.json and docs/connector-configuration.md. `npm run docs` writes them instead of comparing.
import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { configReference } from "../../../../src/apps/connector/config/reference.ts";
import { configJsonSchema, configKeys } from "../../../../src/apps/connector/config/schema.ts";

const docs = new URL("../../../../docs/", import.meta.url).pathname;
const isWriting = process.env["RAPPORT_WRITE_DOCS"] === "1";

test("the published schema is that of the shape; else run npm run docs", () => {
  const file = `${docs}connector-config.schema.json`;
  const text = `${JSON.stringify(configJsonSchema(), undefined, 2)}\n`;
  if (isWriting) writeFileSync(file, text);

  expect(readFileSync(file, "utf8")).toBe(text);
});

test("the page about the keys says what the shape says; else run npm run docs", () => {
  const file = `${docs}connector-configuration.md`;
  const page = `${head}\n\n${configReference()}\n`;
  if (isWriting) writeFileSync(file, page);

  expect(readFileSync(file, "utf8")).toBe(page);
});

test("every key says what it means", () => {
  const silent = configKeys().filter(({ path, schema }) => path.at(-1) !== "*" && schema.description === undefined);

  expect(silent.map(({ path }) => path.join("."))).toEqual([]);
});

const head = `# Configuration of a Connector

Generated from \`src/apps/connector/config/\` by \`npm run docs\`; do not edit.

Values come from four places, the strongest first: the command line (\`--database.driver=lowdb\`), the environment
(\`database__driver=lowdb\`), a file (\`--config FILE\`, \`-c FILE\`, \`CUSTOM_CONFIG_LOCATION\`, else \`config.json\` where the
Connector is started), and the defaults below. Objects are joined key by key, everything else is replaced. Values of the command
line and of the environment are read as JSON where they are JSON; lists and objects are written as JSON. Everything that is
wrong is told at once, with the place where it stands, and the Connector does not start.

[connector-config.schema.json](connector-config.schema.json) is the schema of the file: name it under \`$schema\`, and editors
complete and check. \`<name>\` is a name of your own, \`[]\` an entry of a list. [operate-connector.md](operate-connector.md)
shows how it is used.`;
