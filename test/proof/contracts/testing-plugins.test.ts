// docs/testing-plugins.md, run as it stands: its programs are test files, so their tests are registered here.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const page = readFileSync(new URL("../../../docs/testing-plugins.md", import.meta.url), "utf8");
const programs = [...page.matchAll(/^## (.+)$(?:(?!^## )[\s\S])*?^```js\n([\s\S]*?)^```/gm)].map(
  ([, title = "", code = ""]) => ({ title, code }),
);

// The doors that the programs open, as source.
const doors: { readonly [name: string]: () => Promise<object> } = {
  rapport: () => import("rapport"),
  "rapport/testkit": () => import("rapport/testkit"),
  "rapport/plugins/storage-memory": () => import("rapport/plugins/storage-memory"),
  "fast-check": () => import("fast-check"),
  vitest: () => import("vitest"),
};

const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor;

// Node 20 does not read `await using` yet; compilers write it as a try with a finally.
const disposing = /^ {2}await using (\w+) = (.+);\n([\s\S]*?)^\}\);$/gm;

for (const { title, code } of programs) {
  const opened = await Promise.all(Object.entries(doors).map(async ([name, open]) => [name, await open()] as const));
  const body = code
    .replaceAll(/^import (\w+) from ("[^"]+");$/gm, "const { default: $1 } = doors[$2];")
    .replaceAll(/^import (\{[^}]+\}) from ("[^"]+");$/gm, "const $1 = doors[$2];")
    .replaceAll(disposing, "const $1 = $2;\ntry {\n$3} finally { await $1[Symbol.asyncDispose](); }\n});");
  describe(title, async () => {
    await new AsyncFunction("doors", body)(Object.fromEntries(opened));
  });
}

test("the page has a program for a store, a rule, an item kind, a publisher and a story, of about twenty lines each", () => {
  const titles = programs.map(({ title }) => title);

  expect(titles).toEqual(["A store", "A rule", "An item kind", "A publisher", "A story"]);
  for (const { code } of programs)
    expect(code.split("\n").filter((line) => line.trim() !== "").length).toBeLessThan(24);
});
