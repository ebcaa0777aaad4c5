import { expect, test } from "vitest";
import { languageCodes } from "../../src/model/languages.ts";

test("the languages are those of ISO 639-1, each of which has a name", () => {
  const names = new Intl.DisplayNames("en", { type: "language", fallback: "none" });
  const nameless = languageCodes.filter((code) => names.of(code) === undefined);

  expect(new Set(languageCodes).size).toBe(184);
  expect(languageCodes).toHaveLength(184);
  expect(languageCodes).toEqual([...languageCodes].sort());
  expect(nameless).toEqual([]);
});

test.for(["xx", "deu", "EN", ""])("%j is no language", (code) => {
  expect(languageCodes).not.toContain(code);
});
