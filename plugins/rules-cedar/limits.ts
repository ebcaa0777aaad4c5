/** Policies of one set. Every item is held against all of them, some microseconds each; at twice as many Node 20 has crashed. */
export const policiesMax = 5_000;

/** Digits after the point that Cedar's decimals can hold. */
export const decimalDigitsMax = 4;
