/** Numbers that tests name but do not pay in full, each with what is missing and why. */
export const partly: Readonly<Record<number, string>> = {};

/** Numbers that no test names yet, each with the reason; a number that a test names may not stand here. */
export const notYet: Readonly<Record<number, string>> = {};
