// Which characters the texts of attributes may have (spec/domain.md 6.2): those that can be written, read and compared
// everywhere in the administrations of Europe. The standard behind it, DIN 91379, lists letters one by one; here whole
// blocks are taken, so that no letter of it is missing and some rare ones beside it pass:
// - Latin letters: those of Basic Latin, Latin-1, Latin Extended-A and -B, Latin Extended Additional, the letters
//   schwa, i with stroke and ezh, which the standard takes from other blocks, and the saltillo pair;
// - combining marks, but only after a letter or another mark, as the standard has them in sequences only;
// - modifier letters that romanised names are written with;
// - its basic signs (groups N1 to N4): printable ASCII, which numbers, mail and web addresses, JSON and XML are made of,
//   the signs of Latin-1 without the invisible soft hyphen, typographic quotation marks and dashes, and the euro;
// - tab, carriage return and line feed.
// Other scripts, emoji, control and invisible formatting characters, and text that ends in half a character, are not.
import type { Json, JsonObject } from "./json.ts";
import { isArray, isObject } from "./shape.ts";

const letters =
  "A-Za-z\\u00AA\\u00BA\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u024F\\u0259\\u0268\\u0292\\u1E00-\\u1EFF\\uA78B\\uA78C";
const marks = "\\u0300-\\u0315\\u031B\\u0323-\\u0338\\u0342\\u035F-\\u0361";
const modifiers = "\\u02B9-\\u02BC\\u02BE\\u02BF\\u02C6\\u02C8\\u02CC\\u02DC";
const signs =
  "\\t\\n\\r\\u0020-\\u007E\\u00A0-\\u00AC\\u00AE-\\u00FF\\u2010-\\u2015\\u2018-\\u201E\\u2020-\\u2022\\u2026\\u2030\\u2032\\u2033\\u2039\\u203A\\u20AC\\u2122";

/** Finds one, instead of matching all, so that the longest text costs one pass and no stack. */
const forbidden = new RegExp(`[^${letters}${marks}${modifiers}${signs}]|(?<![${letters}${marks}])[${marks}]`, "u");

/**
 * The path of the first text with a character that attributes may not have. The title and the description of a value of
 * a RelationshipAttribute are for people's eyes and may have any.
 */
export function forbiddenCharacters(content: JsonObject): string | undefined {
  const exempt = content["@type"] === "RelationshipAttribute" ? ["value.title", "value.description"] : [];
  return forbiddenBelow(content, "", exempt);
}

function forbiddenBelow(json: Json | undefined, path: string, exempt: readonly string[]): string | undefined {
  if (typeof json === "string") return forbidden.test(json) && !exempt.includes(path) ? path : undefined;
  if (isArray(json)) {
    for (let index = 0; index < json.length; index++) {
      const found = forbiddenBelow(json[index], `${path}[${index}]`, exempt);
      if (found !== undefined) return found;
    }
  } else if (isObject(json)) {
    for (const [member, value] of Object.entries(json)) {
      const found = forbiddenBelow(value, path === "" ? member : `${path}.${member}`, exempt);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}
