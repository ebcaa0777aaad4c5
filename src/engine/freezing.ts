/**
 * Rules must not change what they are shown. Documents are never changed by anybody (src/ports/store.ts), so they are frozen
 * where they lie instead of being copied. What is frozen is frozen to its leaves, here as in src/model/snapshot.ts, and is
 * not walked again.
 */
export function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null) freeze(value);
  return value;
}

function freeze(value: object): void {
  if (Object.isFrozen(value)) return;
  if (Array.isArray(value)) {
    for (const element of value) if (typeof element === "object" && element !== null) freeze(element);
  } else {
    for (const member in value) {
      const inner: unknown = (value as { readonly [member: string]: unknown })[member];
      if (typeof inner === "object" && inner !== null) freeze(inner);
    }
  }
  Object.freeze(value);
}
