// The published clients, watched: which methods were called, and whether what came has the shape that they ship.
import { createRequire } from "node:module";
import type { ConnectorClient } from "@nmshd/connector-sdk";
import { Ajv } from "ajv";
import { expect } from "vitest";

const require = createRequire(import.meta.url);

/** Names of the methods that were called, as `group.method`. */
export type Called = Set<string>;

/** What the clients give back; they throw when an answer has neither result nor error. */
export interface Given<T> {
  readonly isSuccess: boolean;
  readonly result: T;
  readonly error: { readonly code: string; readonly message: string };
}

/** Takes the result out, and holds it against the shipped schema where the profile promises that. */
export type Check = <T>(answer: Promise<Given<T>>, definition?: string) => Promise<T>;

/** One version of the client. */
export interface PublishedClient {
  clientFor(baseUrl: string, called: Called): ConnectorClient;
  everyMethod(): string[];
  checkFor(isClosed: boolean): Check;
  /** Fails with the first differences. */
  expectShape(definition: string, value: unknown): void;
}

/** The version that is installed under this name. */
export function publishedClient(name: "@nmshd/connector-sdk" | "connector-sdk-4"): PublishedClient {
  const { ConnectorClient: Client } = require(name);
  const ajv = new Ajv({ strict: false, allErrors: true }).addSchema(require(`${name}/schemas.json`), "client");
  const create = (baseUrl: string): Readonly<Record<string, object>> => Client.create({ baseUrl, apiKey: "unused" });
  const expectShape = (definition: string, value: unknown) => {
    const validate = ajv.getSchema(`client#/definitions/${definition}`);
    if (validate === undefined) expect.fail(`There is no schema ${definition}.`);
    if (validate(value) === true) return;
    const wrong = (validate.errors ?? []).slice(0, 6).map(({ instancePath, message, params }) => {
      return `${instancePath} ${message} ${JSON.stringify(params)}`;
    });
    expect.fail(`${definition}: ${wrong.join("; ")} in ${JSON.stringify(value).slice(0, 1500)}`);
  };
  return {
    clientFor: (baseUrl, called) => {
      const groups = Object.entries(create(baseUrl));
      return Object.fromEntries(groups.map(([group, endpoint]) => [group, watched(group, endpoint, called)])) as never;
    },
    everyMethod: () =>
      Object.entries(create("http://localhost")).flatMap(([group, endpoint]) =>
        Object.getOwnPropertyNames(Object.getPrototypeOf(endpoint))
          .filter((method) => method !== "constructor")
          .map((method) => `${group}.${method}`),
      ),
    checkFor: (isClosed) => async (answer, definition) => {
      const given = await answer;
      if (!given.isSuccess) expect.fail(`${given.error.code}: ${given.error.message}`);
      if (isClosed && definition !== undefined) expectShape(definition, given.result);
      return given.result;
    },
    expectShape,
  };
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
