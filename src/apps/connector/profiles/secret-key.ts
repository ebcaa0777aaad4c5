// The key that a reference holds, as the first generation shows and takes it (spec/connector-api.md 5.3).

/** The key inside a truncated reference, in base64. */
export function secretKeyIn(truncatedReference: string): string {
  const [, , key = ""] = Buffer.from(truncatedReference, "base64url").toString("utf8").split("|");
  return Buffer.from(key, "base64url").toString("base64");
}

/** A key that somebody gave, in either alphabet of base64, as the engine takes it. */
export function secretKeyFrom(given: string): string {
  return Buffer.from(given, "base64").toString("base64url");
}
