/** Policies of one set. Every decision looks at all of them, about a microsecond each. */
export const policiesMax = 10_000;

/** Digits after the point that Cedar's decimals can hold. */
export const decimalDigitsMax = 4;
