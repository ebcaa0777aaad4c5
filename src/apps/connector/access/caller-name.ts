// What callers are called whom an issuer knows.
import { createHash } from "node:crypto";
import { callerNameCharsMax } from "./limits.ts";

const hashChars = 24;

/** A bounded name that is another one for every subject: repeats of calls are told apart by it. */
export function callerNameOf(way: "bearer" | "login", subject: string): string {
  if (subject.length <= callerNameCharsMax) return `${way} ${subject}`;
  const hash = createHash("sha256").update(subject).digest("hex").slice(0, hashChars);
  return `${way} ${subject.slice(0, callerNameCharsMax - hashChars - 1)}~${hash}`;
}
