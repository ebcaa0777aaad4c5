// The routes of the protocol, made from the table of operations.
import multipart from "@fastify/multipart";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type Operation, type OperationName, operations, RapportError } from "rapport/core";
import type { Caller, Relay } from "rapport/relay";
import { answer } from "./answering.ts";
import { callOf, headerOf, type NamedOperation } from "./asking.ts";
import type { Callers } from "./callers.ts";
import { requestBytesMax, strangerBytesMax } from "./limits.ts";
import { named } from "./naming.ts";
import type { Rates } from "./rates.ts";
import { strangersBody } from "./strangers.ts";
import { uploadLimits, uploadOf } from "./upload.ts";

/** What carries out the calls, and who has called. */
export interface RoutesOptions {
  readonly relay: Relay;
  readonly callers: Callers;
  readonly rates: Rates | undefined;
  /** Takes over requests whose answer is a stream. */
  readonly stream: (request: FastifyRequest, reply: FastifyReply, caller: Caller) => void;
}

/** Adds a route for every row of the table. */
export function addRoutes(app: FastifyInstance, options: RoutesOptions): void {
  const rows = Object.entries(operations) as readonly [OperationName, Operation][];
  const add = (to: FastifyInstance, operation: NamedOperation) => {
    const { path, alias } = operation.row;
    for (const one of alias === undefined ? [path] : [path, alias]) addRoute(to, { operation, path: one, options });
  };
  for (const [name, row] of rows) if (row.sends !== "multipart") add(app, { name, row });
  // In a scope of their own, so that no other route reads multipart bodies.
  app.register(async (scope) => {
    await scope.register(multipart, { limits: uploadLimits, throwFileSizeLimit: false });
    for (const [name, row] of rows) if (row.sends === "multipart") add(scope, { name, row });
  });
}

function addRoute(app: FastifyInstance, at: { operation: NamedOperation; path: string; options: RoutesOptions }): void {
  const { operation, path, options } = at;
  const { name, row } = operation;
  const { relay, callers, rates, stream } = options;
  app.route({
    method: row.method,
    url: path.replace(/\{(\w+)\}/g, ":$1"),
    bodyLimit: row.auth === "none" ? strangerBytesMax : requestBytesMax,
    config: named(name),
    // Before the body is read: strangers are turned away without it.
    onRequest: async (request, reply) => {
      const caller = await callerOf(request, row, relay);
      if (caller === undefined) return;
      callers.set(request, caller);
      await rates?.ofDevice(request, reply);
    },
    // Where a login is optional, a body without one is bounded like that of any stranger (H2).
    preParsing: async (request, _reply, body) =>
      row.auth === "optional" && callers.get(request) === undefined ? strangersBody(body) : body,
    handler: async (request, reply) => {
      const caller = callers.get(request);
      const upload = row.sends === "multipart" ? await uploadOf(request) : undefined;
      const given = await relay.call(callOf(request, operation, upload), caller);
      if (given.ok && row.answers === "stream" && caller !== undefined) return stream(request, reply, caller);
      return answer(request, reply, { row, answer: given });
    },
  });
}

async function callerOf(request: FastifyRequest, row: Operation, relay: Relay): Promise<Caller | undefined> {
  if (row.auth === "none") return undefined;
  const header = headerOf(request, "authorization");
  if (header === undefined) {
    if (row.auth === "optional") return undefined;
    throw new RapportError("error.platform.unauthorized", "Log in first: the header Authorization is missing.");
  }
  const token = /^Bearer ([\w.~+/-]+=*)$/i.exec(header)?.[1];
  if (token === undefined) {
    throw new RapportError("error.platform.unauthorized", "The header Authorization must be a bearer token.");
  }
  const found = await relay.callerOf(token);
  if (found.ok) return found.value;
  throw new RapportError("error.platform.unauthorized", found.refusal.message);
}
