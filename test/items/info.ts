// What the items are told about the account in these tests.
let drawn = 0;

/** Ids that say in which order they were drawn. */
export const newId = (prefix: string): string => `${prefix}${String(++drawn).padStart(20 - prefix.length, "0")}`;
