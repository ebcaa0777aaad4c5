// Every bound is named, with its reason (L1).
import { expect, test } from "vitest";
import { pathsBelow, read } from "./sources.ts";

const files = pathsBelow("src", "plugins").filter((path) => path.endsWith("/limits.ts"));

test.for(files)("every limit in %s says why it is what it is", (path) => {
  expect(blocksOf(read(path)).filter(({ names, comment }) => names.length > 0 && comment.length < 30)).toEqual([]);
});

test("a limit without a reason is noticed", () => {
  const bare = blocksOf(
    "/** Because a page of this size fits one packet. */\nexport const aMax = 1;\n\nexport const bMax = 2;\n",
  );

  expect(bare.filter(({ comment }) => comment.length < 30)).toEqual([{ names: ["bMax"], comment: "" }]);
});

test.for(files)("every limit in %s has its unit or its sense last in its name", (path) => {
  const names = blocksOf(read(path)).flatMap((block) => block.names);

  expect(
    names.filter((name) => !/(Max|Min|Ms|Seconds|Default|Bytes|Per[A-Z][a-z]+|Jump|Days|Version)$/.test(name)),
  ).toEqual([]);
});

/** Limits that stand together under one comment. */
function blocksOf(text: string): readonly { names: readonly string[]; comment: string }[] {
  return text.split(/\n\s*\n/).flatMap((block) => {
    const names = [...block.matchAll(/^export const (\w+)/gm)].map(([, name = ""]) => name);
    const comment = block.replace(/^export const[\s\S]*/m, "").trim();
    return names.length === 0 ? [] : [{ names, comment }];
  });
}
