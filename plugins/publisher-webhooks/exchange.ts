import { fault } from "rapport/core";
import { Agent, type Dispatcher, request } from "undici";
import { connectionsPerTargetMax } from "./limits.ts";

/** One call, whole. */
export interface Call {
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
  /** Bytes of the answer that are read at most. */
  readonly answerBytesMax: number;
}

/** What came back. */
export interface Answered {
  readonly status: number;
  readonly text: string;
}

/** Makes calls. Redirects are not followed. Throws `publisher.failed` when no answer came in time. */
export interface Caller extends AsyncDisposable {
  post(call: Call): Promise<Answered>;
}

/** Connections of one publisher to all its targets. */
export function createCaller(options: { readonly timeoutMs: number; readonly skipTlsCheck: boolean }): Caller {
  const agent = new Agent({
    connections: connectionsPerTargetMax,
    connect: { timeout: options.timeoutMs, rejectUnauthorized: !options.skipTlsCheck },
  });
  return {
    post: async (call) => {
      try {
        return await exchange(agent, call, AbortSignal.timeout(options.timeoutMs));
      } catch (cause) {
        throw fault("publisher.failed", `No answer: ${wordsOf(cause, options.timeoutMs)}.`, { cause });
      }
    },
    [Symbol.asyncDispose]: () => agent.destroy(),
  };
}

async function exchange(dispatcher: Dispatcher, call: Call, signal: AbortSignal): Promise<Answered> {
  const url = new URL(call.url);
  const basic =
    url.username === ""
      ? {}
      : { authorization: basicOf(decodeURIComponent(url.username), decodeURIComponent(url.password)) };
  url.username = "";
  url.password = "";
  const headers = { ...basic, ...call.headers };
  const { statusCode, body } = await request(url, { dispatcher, signal, method: "POST", headers, body: call.body });
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    // Leaving the loop closes the connection; the status is all that counts.
    if (size > call.answerBytesMax) break;
    chunks.push(chunk);
  }
  return { status: statusCode, text: Buffer.concat(chunks).toString("utf8") };
}

/** The credentials as an Authorization header says them. */
export function basicOf(name: string, secret: string): string {
  return `Basic ${Buffer.from(`${name}:${secret}`).toString("base64")}`;
}

// The driver's messages may hold addresses and with them secrets; its codes do not.
function wordsOf(problem: unknown, timeoutMs: number): string {
  if (problem instanceof Error && problem.name === "TimeoutError") return `not within ${timeoutMs} ms`;
  const code = problem instanceof Error && "code" in problem ? String(problem.code) : undefined;
  return code ?? (problem instanceof Error ? problem.name : "unknown problem");
}
