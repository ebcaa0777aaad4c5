// The key that a reference holds, as the first generation shows and takes it (spec/connector-api.md 5.3).

/** The key inside a truncated reference, in base64; empty where the keys of an object are gone. */
export function secretKeyIn(truncatedReference: string | undefined): string {
  const [, , key = ""] = Buffer.from(truncatedReference ?? "", "base64url")
    .toString("utf8")
    .split("|");
  return Buffer.from(key, "base64url").toString("base64");
}

// The only suite that there is (spec/backbone-protocol.md 11).
const suite = "3";

/** The reference that an id and a key come to; the key may be in either alphabet of base64. */
export function referenceOf({ id, secretKey }: { readonly id: string; readonly secretKey: string }): string {
  const key = Buffer.from(secretKey, "base64").toString("base64url");
  return Buffer.from(`${id}|${suite}|${key}`, "utf8").toString("base64url");
}
