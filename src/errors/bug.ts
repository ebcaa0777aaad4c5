/** A mistake of ours. Nobody catches it. */
export class Bug extends Error {
  override readonly name = "Bug";
}

/** Stops at once when something that cannot be false is false. */
export function invariant(truth: unknown, message: string): asserts truth {
  if (!truth) throw new Bug(message);
}
