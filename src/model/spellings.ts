/** Leading characters of a prefix that an index is asked for; texts that agree so far are few. */
export const prefixCharactersMax = 32;

/** Spellings of a prefix that are followed; beyond them it is not told apart further. */
export const spellingsMax = 64;

/**
 * How texts in an index begin that match a prefix in any case: the spellings of its leading characters, one list for each.
 * Nothing for a prefix that does not begin with ASCII, whose cases are too many to list.
 */
export function spellingsOf(prefix: string): readonly (readonly string[])[] | undefined {
  const [plain = ""] = /^[\u0020-\u007e]*/.exec(prefix) ?? [];
  return plain === "" ? undefined : [...plain.slice(0, prefixCharactersMax)].map(casesOf);
}

/** The spellings of a whole prefix that an index has, found letter by letter: of 2^n only those are followed that exist. */
export function existingSpellings(
  letters: readonly (readonly string[])[],
  exists: (prefix: string) => boolean,
): readonly string[] {
  let prefixes = [""];
  for (const cases of letters) {
    if (prefixes.length > spellingsMax) break;
    prefixes = prefixes.flatMap((prefix) => cases.map((letter) => prefix + letter)).filter(exists);
  }
  return prefixes;
}

/** The Kelvin sign and the Turkish capital I: the only other characters whose small letter begins with an ASCII one. */
const others: { readonly [letter: string]: string } = { k: "\u212a", i: "\u0130" };

function casesOf(letter: string): string[] {
  const small = letter.toLowerCase();
  const other = others[small];
  return [...new Set([small, letter.toUpperCase(), ...(other === undefined ? [] : [other])])];
}
