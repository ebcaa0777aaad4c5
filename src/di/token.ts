/** Names a slot and carries the type of its occupant. `one` slots have one provider, `many` slots any number. */
export interface Token<T, K extends "one" | "many" = "one"> {
  readonly name: string;
  readonly arity: K;
  /** Never set; it only carries the type. */
  readonly occupant?: T;
}

/** A slot with one occupant. */
export function slot<T>(name: string): Token<T, "one"> {
  return Object.freeze({ name, arity: "one" as const });
}

/** A slot that many plugins add to. */
export function slots<T>(name: string): Token<T, "many"> {
  return Object.freeze({ name, arity: "many" as const });
}
