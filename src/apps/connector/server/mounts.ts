/**
 * What stands in front of a path: `/gen/<profile>` and the prefix of an identity, in either order. Both are taken off before
 * routing, so that every route exists once.
 */
import type { IncomingMessage } from "node:http";
import type { HostedIdentity } from "../parts.ts";
import { type ProfileName, profileNames } from "../profiles/profile.ts";

/** What the front of a path said. */
export interface Place {
  /** Undefined when there are several and none was named. */
  readonly identity: HostedIdentity | undefined;
  readonly profile: ProfileName | undefined;
  /** What was taken off, as it was written. */
  readonly prefix: string;
}

/** Takes fronts off, and remembers them. */
export interface Mounts {
  rewrite(request: IncomingMessage): string;
  placeOf(request: IncomingMessage): Place;
}

/** Makes it for the identities of this process. */
export function createMounts(identities: readonly HostedIdentity[]): Mounts {
  const only = identities.length === 1 && identities[0]?.prefix === "" ? identities[0] : undefined;
  const usual: Place = { identity: only, profile: undefined, prefix: "" };
  const identityByPrefix = new Map(
    identities.filter(({ prefix }) => prefix !== "").map((identity) => [identity.prefix.toLowerCase(), identity]),
  );
  const places = new WeakMap<IncomingMessage, Place>();
  return {
    rewrite: (request) => {
      const url = request.url ?? "/";
      const { rest, place } = takeOff(url, usual, identityByPrefix);
      const path = withoutAlias(withoutLastSlash(rest));
      const isOldest = path.isOldest && place.profile === undefined;
      if (place !== usual || isOldest) places.set(request, isOldest ? { ...place, profile: oldest } : place);
      return path.url;
    },
    placeOf: (request) => places.get(request) ?? usual,
  };
}

const profileFront = /^\/gen\/([a-z0-9]+)(?=[/?]|$)/i;
const firstSegment = /^\/[^/?]+/;

function takeOff(url: string, usual: Place, identities: ReadonlyMap<string, HostedIdentity>) {
  let rest = url;
  let place = usual;
  // At most one of each, in either order.
  for (let turn = 0; turn < 2; turn += 1) {
    const front = frontOf(rest, place, identities);
    if (front === undefined) break;
    place = { ...place, ...front.says, prefix: place.prefix + rest.slice(0, front.length) };
    rest = rest.slice(front.length);
    if (!rest.startsWith("/")) rest = `/${rest}`;
  }
  return { rest, place };
}

function frontOf(url: string, { profile, identity }: Place, identities: ReadonlyMap<string, HostedIdentity>) {
  const generation = profile === undefined ? profileFront.exec(url) : null;
  const named = profileNames.find((name) => name === generation?.[1]?.toLowerCase());
  if (generation !== null && named !== undefined) return { says: { profile: named }, length: generation[0].length };
  if (identity !== undefined || identities.size === 0) return undefined;
  const segment = firstSegment.exec(url)?.[0] ?? "";
  const found = identities.get(segment.toLowerCase());
  return found === undefined ? undefined : { says: { identity: found }, length: segment.length };
}

const lastSlash = /^(\/(?:api|monitoring|health|docs)\b(?:[^?]*[^/?])?)\/+(?=\?|$)/i;

function withoutLastSlash(url: string): string {
  return url.endsWith("/") || url.includes("/?") ? url.replace(lastSlash, "$1") : url;
}

const alias = /^\/api\/v1(?=[/?]|$)/i;

/** Clients of the very first generation throw on what newer ones expect, and nobody else says v1. */
const oldest: ProfileName = "gen1";

/** The oldest clients say v1 where the others say v2. */
function withoutAlias(url: string): { readonly url: string; readonly isOldest: boolean } {
  const isOldest = url.charCodeAt(5) === letterV && alias.test(url);
  return { url: isOldest ? `/api/v2${url.slice("/api/v1".length)}` : url, isOldest };
}

const letterV = "v".charCodeAt(0);
