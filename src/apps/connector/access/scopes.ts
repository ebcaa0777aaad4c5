// What opens a route (spec/connector-api.md 3).
import { contract } from "../contract.ts";
import type { Operation } from "../operation.ts";

/** The scopes that there have always been. */
const published = [
  "core:account",
  "core:announcements",
  "core:attributes",
  "core:backboneNotifications",
  "core:challenges",
  "core:files",
  "core:identityMetadata",
  "core:messages",
  "core:requests",
  "core:requests:incoming",
  "core:requests:outgoing",
  "core:relationshipTemplates",
  "core:relationships",
  "core:tokens",
  "monitoring:version",
  "monitoring:requests",
  "monitoring:support",
  "debug:identityDeletionProcess",
];

const asked = Object.values<Operation>(contract).flatMap(({ scopes }) => scopes);

/** Every scope that a route of the Connector asks for. */
export const scopeCatalogue: readonly string[] = Object.freeze([...new Set([...published, ...asked])]);

/** True when one of the scopes held opens one of those wanted; `*` is exactly one segment, `**` one or more. */
export function scopesOpen(held: readonly string[], wanted: readonly string[]): boolean {
  return held.some((one) => wanted.some((scope) => fits(one.split(":"), scope.split(":"))));
}

/** True for texts that can be a scope of a holder. */
export function isScope(text: string): boolean {
  return text.split(":").every((segment) => /^(\*\*?|[\w.-]+)$/.test(segment));
}

function fits([pattern, ...patterns]: readonly string[], [segment, ...segments]: readonly string[]): boolean {
  if (pattern === undefined || segment === undefined) return pattern === segment;
  if (pattern === "**") return fits(patterns, segments) || fits([pattern, ...patterns], segments);
  return (pattern === "*" || pattern === segment) && fits(patterns, segments);
}
