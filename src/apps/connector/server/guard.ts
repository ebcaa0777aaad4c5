// Lets callers through to a route, before their body is read (spec/connector-api.md 3).
import type { FastifyReply, FastifyRequest } from "fastify";
import { RapportError } from "rapport/core";
import type { Access, Caller } from "../access/access.ts";
import { scopesOpen } from "../access/scopes.ts";
import type { HostedIdentity } from "../parts.ts";
import type { Delay } from "./delay.ts";
import type { Mounts, Place } from "./mounts.ts";

/** Who calls, and with which front of the path. */
export interface Seen {
  readonly caller: Caller;
  readonly place: Place;
}

/** What a guard knows. */
export interface GuardGround {
  readonly access: Access | undefined;
  readonly mounts: Mounts;
  readonly identities: readonly HostedIdentity[];
  /** Before wrong credentials are answered. */
  readonly delay: Delay;
}

/** Checks one request; the result is undefined when it was answered already. */
export type Guard = (request: FastifyRequest, reply: FastifyReply) => Promise<Seen | undefined>;

/** What a route asks of callers: one of the scopes, any login, or nothing. */
export type Entry = readonly string[] | "anybody known" | "everybody";

const stranger: Caller = Object.freeze({ name: "stranger", scopes: Object.freeze([]) });

/** Nobody is asked who they are: without an Access, everybody may do everything. */
const everyone: Caller = Object.freeze({ name: "everyone", scopes: Object.freeze(["**"]) });

/** Makes the guard of a route. */
export function guardOf(entry: Entry, ground: GuardGround): Guard {
  const { access, mounts } = ground;
  return async (request, reply) => {
    const place = mounts.placeOf(request.raw);
    if (entry === "everybody") return { caller: stranger, place };
    if (access === undefined) return { caller: everyone, place };
    const caller = await access.identify(request, reply, place.identity?.name);
    if (caller === "answered") return undefined;
    if (caller === undefined) return refuseStranger(reply, ground);
    if (entry !== "anybody known" && !scopesOpen(caller.scopes, entry)) throw forbidden(entry);
    return { caller, place: placeFor(caller, place, ground.identities) };
  };
}

async function refuseStranger(reply: FastifyReply, { delay }: GuardGround): Promise<never> {
  // One connection can bring any number of calls before the first is answered.
  if (!(await delay.wait())) reply.header("connection", "close");
  const message = "The API key or token is missing, wrong or expired.";
  throw new RapportError("error.connector.unauthorized", message);
}

/** A key that opens one identity also chooses it, and opens no other. */
function placeFor(caller: Caller, place: Place, identities: readonly HostedIdentity[]): Place {
  if (caller.account === undefined || caller.account === place.identity?.name) return place;
  const own = place.identity === undefined && identities.find(({ name }) => name === caller.account);
  if (own) return { ...place, identity: own };
  throw new RapportError("error.connector.forbidden", "This key opens another identity.");
}

function forbidden(scopes: readonly string[]): RapportError {
  const message = `You are not allowed to do this: one of these scopes is needed: ${scopes.join(", ")}.`;
  return new RapportError("error.connector.forbidden", message);
}
