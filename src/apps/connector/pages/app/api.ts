// Calls to the Connector that served this page.
import { type Json, type JsonObject, objectIn, textIn } from "./json.ts";
import { messageFor } from "./problems.ts";

/** What the Connector refused, in words for people. */
export class ApiProblem extends Error {
  readonly code: string;
  readonly status: number;
  constructor(message: string, { code, status }: { code: string; status: number }) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** Calls one route; `path` starts behind /api/v2. Gives what is in the envelope. */
export type Call = (method: "GET" | "POST" | "PUT", path: string, body?: JsonObject) => Promise<Json>;

const keyName = "rapport.apiKey";

/** Keeps the key for as long as this tab is open. */
export function keepKey(key: string): void {
  sessionStorage.setItem(keyName, key);
}

/** True when one was given. */
export function hasKey(): boolean {
  return sessionStorage.getItem(keyName) !== null;
}

/**
 * Makes the calls. The page may be served behind the prefix of an identity: its own address says where the routes are. It
 * reads the objects of profile `union`, whatever else the Connector is configured to answer with.
 */
export function createCall(pagePath: string): Call {
  const base = `${pagePath.replace(/\/app\/?$/, "").replace(/\/gen\/[a-z0-9]+/i, "")}/gen/union/api/v2`;
  return async (method, path, body) => {
    const key = sessionStorage.getItem(keyName);
    const headers = {
      accept: "application/json",
      prefer: "return=minimal",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(key === null ? {} : { "x-api-key": key }),
    };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(`${base}${path}`, { method, headers, ...sent }).catch(unreachable);
    return resultOf(answer.status, await answer.text());
  };
}

function unreachable(): never {
  throw new ApiProblem(messageFor("unreachable", ""), { code: "unreachable", status: 0 });
}

const successes = 300;

function resultOf(status: number, text: string): Json {
  const body = objectIn(parsed(text));
  if (status < successes) return body["result"] ?? null;
  const error = objectIn(body["error"]);
  const code = textIn(error["code"]) || `HTTP ${status}`;
  throw new ApiProblem(messageFor(code, textIn(error["message"])), { code, status });
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
