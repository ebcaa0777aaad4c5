/**
 * Who calls, and what they may do (spec/connector-api.md 3).
 *
 * A1. A call with the API key's header is judged by it alone, then one with a bearer token by that alone, then the login.
 * A2. Nothing of what callers prove themselves with is ever logged, shown or part of an error.
 * A3. Without any way to prove it, everything is open in debug mode, and in production there is no Connector.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ClockPort } from "rapport/core";
import { invalidConfiguration } from "../config/invalid.ts";
import type { ConnectorConfig } from "../config/shape.ts";
import type { ProfileName } from "../profiles/profile.ts";
import { createApiKeys } from "./api-keys.ts";
import { createBearer } from "./bearer.ts";
import { createLogin } from "./login.ts";
import { doorProblems } from "./policy.ts";
import { addSecurity } from "./security.ts";
import { waysOf } from "./ways.ts";

/** Somebody who has proved who they are. */
export interface Caller {
  /** For logs; never a key. */
  readonly name: string;
  readonly scopes: readonly string[];
  /** What their key says about the profile, and about the one identity that it opens. */
  readonly profile?: ProfileName;
  readonly account?: string;
}

/** Decides who calls. `undefined`: nobody known, which is answered with 401; "answered": a redirect went out already. */
export interface Access {
  /** `identity` is the name of the identity that the path names, where there are several. */
  identify(request: FastifyRequest, reply: FastifyReply, identity?: string): Promise<Caller | undefined | "answered">;
  /** Adds security headers, CORS, and the cookies, sessions and routes of the login. Before any other route. */
  register?(app: FastifyInstance): Promise<void>;
}

/** What an access works with. */
export interface AccessGround {
  readonly clock: ClockPort;
}

const everyone: Caller = Object.freeze({ name: "everyone", scopes: Object.freeze(["**"]) });

/** The ways of a configuration. Throws `config.invalid` when there is none in production. */
export function createAccess(config: ConnectorConfig, ground: AccessGround): Access {
  const problems = doorProblems(config);
  if (problems.length > 0) {
    throw invalidConfiguration(problems.map(({ path, says }) => ({ path: path.join("."), says, place: "" })));
  }
  const { apiKey, jwtBearer, oidc } = waysOf(config.infrastructure.httpServer);
  const secured = (app: FastifyInstance) => addSecurity(app, config);
  if (apiKey === undefined && jwtBearer === undefined && oidc === undefined) {
    return { identify: async () => everyone, register: secured };
  }
  const keys =
    apiKey === undefined ? undefined : createApiKeys({ ...apiKey, accounts: config.accounts ?? {} }, ground.clock);
  const bearer = jwtBearer === undefined ? undefined : createBearer(jwtBearer, ground);
  const login = oidc === undefined ? undefined : createLogin(oidc, ground);
  return {
    identify: async (request, reply, identity) => {
      const key = keys?.keyIn(request);
      if (key !== undefined) return keys?.callerOf(key, identity);
      const { authorization } = request.headers;
      if (bearer !== undefined && authorization !== undefined) return bearer.callerOf(authorization);
      return login?.identify(request, reply);
    },
    register: async (app) => {
      await secured(app);
      await login?.register(app);
    },
  };
}
