// Calls to a Connector as a program would make them.
import { RapportError } from "rapport";
import type { Resident } from "./up-house.ts";

/** What came back: the status, and what is in the envelope. */
export interface Answer {
  readonly status: number;
  // Answers are looked into by the story alone, which knows what it asked for.
  // biome-ignore lint/suspicious/noExplicitAny: a script reads JSON as it comes.
  readonly result: any;
}

/** One call. `path` starts behind /api/v2. */
export type Ask = (method: string, path: string, body?: object) => Promise<Answer>;

/** The calls of one Connector. Throws when it refuses. */
export function askingOf({ name, url, apiKey }: Resident): Ask {
  return async (method, path, body) => {
    const json = body === undefined ? {} : { "content-type": "application/json" };
    const answer = await fetch(`${url}/api/v2${path}`, {
      method,
      headers: { "x-api-key": apiKey, accept: "application/json", ...json },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const { result, error } = text === "" ? { result: undefined } : JSON.parse(text);
    if (answer.ok) return { status: answer.status, result };
    const said = `${name}: ${method} ${path} was answered with ${answer.status} ${error?.code}: ${error?.message}`;
    throw new RapportError("engine.closed", said);
  };
}
