// Who calls, and what they may do (spec/connector-api.md 3).
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ProfileName } from "../profiles/profile.ts";

/** Somebody who has proved who they are. */
export interface Caller {
  /** For logs; never a key. */
  readonly name: string;
  readonly scopes: readonly string[];
  /** What their key says about the profile, and about the one identity that it opens. */
  readonly profile?: ProfileName;
  readonly account?: string;
}

/**
 * Decides who calls. `undefined`: nobody known, which is answered with 401; "answered": a redirect went out already. Which
 * identity is called, is undefined when the path names none of several.
 */
export interface Access {
  identify(
    request: FastifyRequest,
    reply: FastifyReply,
    identity?: string | undefined,
  ): Promise<Caller | undefined | "answered">;
  /** Adds cookies, sessions and the routes of the login, before any other route. */
  register?(app: FastifyInstance): Promise<void>;
}
