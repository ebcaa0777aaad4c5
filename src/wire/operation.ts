import type { z } from "zod";
import type { Code } from "../errors/catalogue.ts";

/** One row. `errors` leaves out what any operation may answer (`commonErrors`). */
export interface Operation {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Compared without case; `{id}` is taken from the params. */
  readonly path: string;
  /** Another path of the same operation. */
  readonly alias?: string;
  readonly auth: "none" | "optional" | "bearer";
  /** Status of a success. `startSyncRun` answers 200 instead when there is nothing new. */
  readonly success: 200 | 201 | 204;
  /**
   * How the body travels; absent means as JSON. `form` is URL-encoded; `multipart` has the members of the JSON as text
   * parts, and the bytes of the call as the part `content`.
   */
  readonly sends?: "form" | "multipart";
  /** How a success travels; absent means in the envelope. `raw` is the result alone, `stream` are server-sent events. */
  readonly answers?: "raw" | "bytes" | "stream";
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly errors: readonly Code[];
}
