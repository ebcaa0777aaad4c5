// What one route of the Connector is, as data: validation, OpenAPI and the typed client are derived from it.
import type { z } from "zod";

/** Methods that routes are called with. */
export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/**
 * Where a route is served: `v2` under /api/v2 (profiles union, gen1, gen2), `core` under /api/core/v1 (gen3), `own` under
 * /api/rapport/v1 (what only Rapport has), `bare` at the root.
 */
export type Mount = "v2" | "core" | "own" | "bare";

/** The paths of the mounts. */
export const mountPaths: Readonly<Record<Mount, string>> = Object.freeze({
  v2: "/api/v2",
  core: "/api/core/v1",
  own: "/api/rapport/v1",
  bare: "",
});

/** What an answer may be: a JSON object in the envelope, a QR code, a file's bytes, or text of another kind. */
export type Produced = "json" | "png" | "bytes" | "other";

/** How a list is asked (spec/connector-api.md 1.13). */
export interface Filter {
  /** Public names of what can be filtered. */
  readonly fields: readonly string[];
  /** Unknown fields are ignored instead of refused. */
  readonly lenient?: true;
}

/** One route. Shapes are zod; requests are checked by the JSON schemas that zod makes of them. */
export interface Operation {
  readonly method: Method;
  /** Under the mount, with `:name` for parameters. */
  readonly path: string;
  readonly mounts: readonly Mount[];
  /** Any one of them opens the route; none: no authentication. */
  readonly scopes: readonly string[];
  readonly tag: string;
  readonly summary: string;
  /** Shapes of the parameters in the path; without it any text will do. */
  readonly params?: z.ZodObject;
  /** Parameters of the query that are not filters; values arrive as texts or lists of texts. */
  readonly query?: z.ZodObject;
  readonly filter?: Filter;
  /** JSON; or a form with a file. */
  readonly body?: z.ZodType;
  readonly form?: z.ZodObject;
  readonly success: 200 | 201 | 204;
  /** What is in the envelope, in profile `union`; absent for bytes and for nothing. */
  readonly result?: z.ZodType;
  /** The result has no envelope (spec/connector-api.md 1.2). */
  readonly isPlain?: true;
  /** What it can answer, the preferred first; default JSON. */
  readonly produces?: readonly Produced[];
  /** Any `Accept` will do (spec/connector-api.md 1.15). */
  readonly anyAccept?: true;
  /** Only in debug mode. */
  readonly isDebug?: true;
}

/** Keeps the exact type of a table of routes, and checks it. */
export function table<const T extends Readonly<Record<string, Operation>>>(operations: T): T {
  return Object.freeze(operations);
}
