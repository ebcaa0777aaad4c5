import type { z } from "zod";
import type { Code } from "../errors/catalogue.ts";

/** One row. `errors` leaves out what any operation may answer (`commonErrors`). */
export interface Operation {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Compared without case; `{id}` is taken from the params. */
  readonly path: string;
  readonly auth: "none" | "optional" | "bearer";
  /** Status of a success. `startSyncRun` answers 200 instead when there is nothing new. */
  readonly success: 200 | 201 | 204;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly errors: readonly Code[];
}
