import type { FastifyRequest } from "fastify";
import type { Caller } from "rapport/relay";

/** Who made a request, once that is known. It is forgotten with the request. */
export type Callers = Pick<WeakMap<FastifyRequest, Caller>, "get" | "set">;

/** Makes an empty one. */
export function createCallers(): Callers {
  return new WeakMap();
}
