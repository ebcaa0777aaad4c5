import { fault, type JsonObject } from "rapport/core";
import type { Dispatcher } from "undici";
import { answerBytesMax } from "./limits.ts";
import type { HttpRequest } from "./request.ts";

/** What came back, whole. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly body: Uint8Array;
}

/** Header fields by their names in lower case. */
export type HttpHeaders = { readonly [name: string]: string | string[] | undefined };

/**
 * Sends one request and reads the answer. Throws `relay.unreachable`; `sent` in the details is false when the request never
 * got as far as a connection, so that no byte of it left.
 */
export function exchange(pool: Dispatcher, request: HttpRequest): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    let sent = false;
    let size = 0;
    let status = 0;
    let headers: HttpHeaders = {};
    pool.dispatch(optionsOf(request), {
      onRequestStart: () => {
        sent = true;
      },
      onResponseStart: (_controller, statusCode, fields) => {
        status = statusCode;
        headers = fields;
      },
      onResponseData: (controller, chunk) => {
        size += chunk.length;
        if (size > answerBytesMax) controller.abort(new Error(`The answer is over ${answerBytesMax} bytes.`));
        else chunks.push(chunk);
      },
      onResponseEnd: () => resolve({ status, headers, body: joined(chunks, size) }),
      onResponseError: (_controller, error) => reject(unreachable(error, { sent })),
    });
  });
}

/** What the driver wants to know of a request. */
export function optionsOf({ method, path, headers, body }: HttpRequest): Dispatcher.DispatchOptions {
  return { method, path, headers: { ...headers }, body: body ?? null };
}

/** The fault for an answer that did not come, or is none. */
export function unreachable(cause: unknown, details: JsonObject): Error {
  const why = (cause instanceof Error ? cause.message : String(cause)).replace(/\.?$/, ".");
  return fault("relay.unreachable", `The relay did not answer: ${why} Repeat the call later.`, { cause, details });
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const [first] = chunks;
  if (first !== undefined && chunks.length === 1) return first;
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
