// Generators of what everything else is made of.
import fc, { type Arbitrary } from "fast-check";
import type { JsonObject } from "rapport/core";

/** A text of letters, digits and signs, of so many characters. */
export const arbitraryText = (min: number, max: number): Arbitrary<string> =>
  fc.string({ minLength: min, maxLength: max, unit: "grapheme-ascii" });

/** Any JSON, as JSON writes it. */
export const arbitraryJson: Arbitrary<JsonObject[string]> = fc
  .jsonValue({ maxDepth: 3 })
  .map((value) => JSON.parse(JSON.stringify(value)) as JsonObject[string]);

/** What `metadata` may hold. */
export const arbitraryMetadata: Arbitrary<JsonObject> = fc.dictionary(arbitraryText(0, 8), arbitraryJson, {
  maxKeys: 3,
});

/** An instant of this century. */
export const arbitraryInstant: Arbitrary<string> = fc
  .date({ min: new Date("2030-01-01"), max: new Date("2090-01-01"), noInvalidDate: true })
  .map((date) => date.toISOString());

/** An object identifier with this prefix. */
export const arbitraryId = (prefix: string): Arbitrary<string> =>
  fc
    .array(fc.constantFrom(..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"), {
      minLength: 20 - prefix.length,
      maxLength: 20 - prefix.length,
    })
    .map((characters) => prefix + characters.join(""));
