import { expect, test } from "vitest";
import { countryCodes } from "../../src/model/countries.ts";

test("the countries are the 249 of ISO 3166-1, each of which has a name", () => {
  const names = new Intl.DisplayNames("en", { type: "region", fallback: "none" });

  expect(new Set(countryCodes).size).toBe(249);
  expect(countryCodes).toHaveLength(249);
  expect(countryCodes.filter((code) => names.of(code) === undefined)).toEqual([]);
  expect(countryCodes).toEqual([...countryCodes].sort());
});

test.for(["XK", "EU", "UK", "ZZ", "de"])("%s is no country", (code) => {
  expect(countryCodes).not.toContain(code);
});
