// From an HTTP request to what a handler is asked.
import { createHash } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { type JsonObject, RapportError } from "rapport/core";
import type { Ask } from "../handler.ts";
import { idempotencyKeyCharsMax } from "../limits.ts";
import type { Operation } from "../operation.ts";
import type { ConnectorParts } from "../parts.ts";
import type { Profile } from "../profiles/profile.ts";
import { formOf } from "./forms.ts";
import type { Seen } from "./guard.ts";
import { negotiatorOf } from "./negotiation.ts";
import { queryReaderOf, unknownName } from "./query.ts";
import { jsonSchemaOf, type Schemas } from "./schemas.ts";

/** A route with its name. */
export interface NamedOperation {
  readonly name: string;
  readonly operation: Operation;
}

/** Reads and checks one request. */
export type Asker = (request: FastifyRequest, seen: Seen, profile: Profile) => Promise<Ask>;

/** Makes the reader of an operation; everything that can be prepared is. */
export function askerOf(
  { name, operation }: NamedOperation,
  { schemas, connector }: { readonly schemas: Schemas; readonly connector: ConnectorParts },
): Asker {
  const wantsOf = negotiatorOf(operation);
  const checked = checksOf(operation, schemas);
  return async (request, { caller, place }, profile) => {
    const wants = wantsOf(request.headers.accept);
    const account = place.identity?.account;
    if (account === undefined) throw noIdentity();
    return {
      // What a call changes tells which call it was, in logs and to the receivers of events.
      account: operation.method === "GET" ? account : account.withCorrelationId(request.id),
      profile,
      ...(await checked(request)),
      wants,
      prefers: prefersOf(request),
      command: commandOf(request, `${caller.name}\n${name}`),
      correlationId: request.id,
      connector,
    };
  };
}

function checksOf(operation: Operation, schemas: Schemas) {
  const queryOf = queryReaderOf(operation);
  const checkOf = (shape: Operation["body"]) => (shape === undefined ? undefined : schemas.checkOf(shape));
  const checkParams = checkOf(operation.params);
  const checkQuery = checkOf(operation.query);
  const checkBody = checkOf(operation.form ?? operation.body);
  const isStrict = operation.filter === undefined ? isClosed(operation) : operation.filter.lenient !== true;
  return async (request: FastifyRequest) => {
    // The router gives them an object without a prototype.
    const params = request.params as Ask["params"];
    checkParams?.(params);
    const { unknown, query, filter, page } = queryOf(request.raw.url ?? "");
    if (unknown !== undefined && isStrict) throw unknownName(unknown);
    checkQuery?.(query);
    const form = operation.form === undefined ? undefined : await formOf(request);
    const body = (form?.body ?? (checkBody === undefined ? undefined : request.body) ?? {}) as JsonObject;
    checkBody?.(body);
    return { params, query, filter, page, body, file: form?.file };
  };
}

/** A route that has parameters but no filters refuses others when its shape is a closed one. */
function isClosed({ query }: Operation): boolean {
  return query !== undefined && jsonSchemaOf(query).additionalProperties === false;
}

function prefersOf({ headers, body }: FastifyRequest): Ask["prefers"] {
  const { prefer } = headers;
  const isForm = headers["content-type"]?.startsWith("application/x-www-form-urlencoded") === true;
  return { prefer: Array.isArray(prefer) ? prefer[0] : prefer, isClientForm: isForm && body === undefined };
}

/** Keys of different callers and routes are different ones; that the input is the same is checked by the engine. */
function commandOf({ method, headers }: FastifyRequest, scope: string): Ask["command"] {
  const key = headers["idempotency-key"];
  if (key === undefined || method === "GET" || method === "HEAD") return noCommand;
  if (typeof key !== "string" || key === "" || key.length > idempotencyKeyCharsMax) {
    const message = `the header Idempotency-Key must have 1 to ${idempotencyKeyCharsMax} letters`;
    throw new RapportError("error.runtime.validation.invalidPropertyValue", message);
  }
  return { commandId: createHash("sha256").update(`${scope}\n${key}`).digest("hex") };
}

const noCommand = Object.freeze({});

function noIdentity(): RapportError {
  const message = "This Connector has several identities: put the prefix of one in front of the path.";
  return new RapportError("error.connector.http.routeDoesNotExist", message);
}
