// The published client 6.7.0, watched: which methods were called, and whether what came has the shape that it ships.
import { createRequire } from "node:module";
import type { ConnectorClient } from "@nmshd/connector-sdk";
import { Ajv } from "ajv";
import { expect } from "vitest";

const require = createRequire(import.meta.url);
const { ConnectorClient: Client } = require("@nmshd/connector-sdk");
const schemas = require("@nmshd/connector-sdk/schemas.json");
const ajv = new Ajv({ strict: false, allErrors: true }).addSchema(schemas, "client");

/** The groups of methods. */
export const groups = [
  "account",
  "attributes",
  "challenges",
  "files",
  "identityMetadata",
  "incomingRequests",
  "messages",
  "monitoring",
  "outgoingRequests",
  "relationships",
  "relationshipTemplates",
  "tokens",
] as const;

/** Names of the methods that were called, as `group.method`. */
export type Called = Set<string>;

/** A client that notes what is called. */
export function clientFor(baseUrl: string, called: Called): ConnectorClient {
  const client = Client.create({ baseUrl, apiKey: "unused" });
  return Object.fromEntries(groups.map((group) => [group, watched(group, client[group], called)])) as never;
}

function watched(group: string, endpoint: object, called: Called): object {
  return new Proxy(endpoint, {
    get(target, name) {
      const value = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      return (...given: unknown[]) => {
        called.add(`${group}.${String(name)}`);
        return value.apply(target, given);
      };
    },
  });
}

/** Every method that the client has. */
export function everyMethod(): string[] {
  const client = Client.create({ baseUrl: "http://localhost", apiKey: "unused" });
  return groups.flatMap((group) =>
    Object.getOwnPropertyNames(Object.getPrototypeOf(client[group]))
      .filter((name) => name !== "constructor")
      .map((name) => `${group}.${name}`),
  );
}

/** What the client gives back. */
export interface Given<T> {
  readonly isSuccess: boolean;
  readonly result: T;
  // The client throws when there is none.
  readonly error: { readonly code: string; readonly message: string };
}

/** Takes the result out, and holds it against the shipped schema where the profile promises that. */
export type Check = <T>(answer: Promise<Given<T>>, definition?: string) => Promise<T>;

/** The check for a profile. */
export function checkFor(isClosed: boolean): Check {
  return async (answer, definition) => {
    const given = await answer;
    if (!given.isSuccess) expect.fail(`${given.error.code}: ${given.error.message}`);
    if (isClosed && definition !== undefined) expectShape(definition, given.result);
    return given.result;
  };
}

/** Fails with the first differences. */
export function expectShape(definition: string, value: unknown): void {
  const validate = ajv.getSchema(`client#/definitions/${definition}`);
  expect(validate, `no schema ${definition}`).toBeDefined();
  if (validate?.(value) === true) return;
  const wrong = (validate?.errors ?? []).slice(0, 6).map(({ instancePath, message, params }) => {
    return `${instancePath} ${message} ${JSON.stringify(params)}`;
  });
  expect.fail(`${definition}: ${wrong.join("; ")} in ${JSON.stringify(value).slice(0, 1500)}`);
}
