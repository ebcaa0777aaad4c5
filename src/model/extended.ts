/**
 * A copy of `base` with the members of `more` added or replaced. For `{ ...base, added }` the V8 of Node 20 often makes a
 * hidden class per copy: a microsecond each time, and a missed inline cache wherever the copy is read.
 */
export function extended<A extends object, B extends object>(base: A, more: B): Extended<A, B> {
  return Object.assign({}, base, more);
}

type Extended<A, B> = { [member in keyof A as member extends keyof B ? never : member]: A[member] } & B;
