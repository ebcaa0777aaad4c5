// A Connector as strangers meet it: in production mode, behind API keys.
import type { ConnectorConfigInput } from "rapport/connector";
import { contract } from "../../../src/apps/connector/contract.ts";
import { mountPaths, type Operation } from "../../../src/apps/connector/operation.ts";
import { strongKey } from "./config/read.ts";
import type { Actor, ActorOptions, Stage } from "./stage.ts";

/** The key that opens everything. */
export const mainKey = `${strongKey}-main`;

/** Settings of a Connector in production with these keys besides the main one. */
export function inProduction(more: Partial<ConnectorConfigInput> = {}, keys: object = {}): ActorOptions {
  const apiKey = { keys: { main: { key: mainKey }, ...keys } };
  const config = { debug: false, infrastructure: { httpServer: { authentication: { apiKey } } }, ...more } as never;
  return { unauthorizedDelayMs: () => 0, config };
}

/** One in production, called with the main key. */
export async function openGuarded(stage: Stage, name: string, options: ActorOptions = inProduction()): Promise<Actor> {
  return calledWith(await stage.actor(name, options), mainKey);
}

/** The same actor, called with this key. */
export function calledWith(actor: Actor, key: string): Actor {
  return {
    ...actor,
    call: (method, path, body, headers) => actor.call(method, path, body, { "x-api-key": key, ...headers }),
    [Symbol.asyncDispose]: () => actor.connector.close(),
  };
}

/** One way to call one route of the contract. */
export interface RouteCall {
  readonly name: string;
  readonly operation: Operation;
  /** With `:id` and the like as in the contract. */
  readonly path: string;
}

/** Every route of the contract under every mount. */
export const routeCalls: readonly RouteCall[] = Object.entries<Operation>(contract).flatMap(([name, operation]) =>
  operation.mounts.map((mount) => ({ name, operation, path: `${mountPaths[mount]}${operation.path}` })),
);

/** The path with this text for every parameter. */
export function pathWith(path: string, text: string): string {
  return path.replaceAll(/:\w+/g, () => text);
}
