// From an HTTP request to a call of the relay's table. What the members mean is the relay's matter.
import type { FastifyRequest } from "fastify";
import type { Call, Operation, OperationName } from "rapport/core";
import { RapportError } from "rapport/core";
import { queryPairsMax } from "./limits.ts";
import type { Upload } from "./upload.ts";

/** A row of the table with its name. */
export interface NamedOperation {
  readonly name: OperationName;
  readonly row: Operation;
}

/** The call that the request makes. */
export function callOf(request: FastifyRequest, { name, row }: NamedOperation, upload: Upload | undefined): Call {
  const params = request.params as { readonly [name: string]: string };
  const query = queryOf(request.raw.url ?? "");
  const body = upload?.body ?? bodyOf(request.body, row);
  const idempotencyKey = headerOf(request, "idempotency-key");
  const etag = headerOf(request, "if-none-match");
  return {
    operation: name,
    ...(row.path.includes("{") ? { params } : {}),
    ...(query === undefined ? {} : { query }),
    ...(body === undefined ? {} : { body }),
    ...(upload === undefined ? {} : { bytes: upload.bytes }),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    ...(etag === undefined ? {} : { etag: tagsIn(etag)[0] ?? "" }),
    ...(needsVersion.test(row.path) ? { supportedDatawalletVersion: versionOf(request) } : {}),
  };
}

/** One value of a header. */
export function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** The opaque texts of a list of entity tags. */
export function tagsIn(header: string): readonly string[] {
  return header.split(",").map((tag) =>
    tag
      .trim()
      .replace(/^W\//, "")
      .replace(/^"(.*)"$/, "$1"),
  );
}

/** Names as they come, repeated ones as lists. A plus is a plus: no value of the protocol has spaces, and base64 has it. */
function queryOf(url: string): Call["query"] {
  const at = url.indexOf("?");
  if (at < 0) return undefined;
  const pairs = url.slice(at + 1).split("&");
  if (pairs.length > queryPairsMax) {
    throw new RapportError("error.platform.inputCannotBeParsed", `A query may have at most ${queryPairsMax} values.`);
  }
  const query: Record<string, string | string[]> = Object.create(null);
  for (const pair of pairs) {
    if (pair === "") continue;
    const [name = "", ...rest] = pair.split("=");
    const key = decoded(name);
    const value = decoded(rest.join("="));
    const known = query[key];
    if (known === undefined) query[key] = value;
    else if (typeof known === "string") query[key] = [known, value];
    else known.push(value);
  }
  return query;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new RapportError("error.platform.inputCannotBeParsed", "The query must be percent-encoded UTF-8.");
  }
}

/** Bodies stay text: the relay's core parses them, once. */
function bodyOf(body: unknown, row: Operation): string | undefined {
  if (typeof body !== "string") return undefined;
  return row.sends === "form" ? JSON.stringify(Object.fromEntries(new URLSearchParams(body))) : body;
}

const needsVersion = /^\/api\/v2\/(Datawallet|SyncRuns)(\/|$)/;

function versionOf(request: FastifyRequest): number {
  const version = headerOf(request, "x-supported-datawallet-version") ?? "";
  if (/^[1-9]\d{0,8}$/.test(version)) return Number(version);
  const message = "The header X-Supported-Datawallet-Version must be an integer of at least 1.";
  throw new RapportError("error.platform.validation.invalidPropertyValue", message);
}
