// A server with routes of the test's own, over an identity that is only looked at.
import type { Account } from "rapport";
import { configShape } from "rapport/connector";
import type { LogPort } from "rapport/core";
import { systemClock } from "rapport/plugins/platform-node";
import type { Handler } from "../../../src/apps/connector/handler.ts";
import { result } from "../../../src/apps/connector/handler.ts";
import type { Operation } from "../../../src/apps/connector/operation.ts";
import type { HostedIdentity } from "../../../src/apps/connector/parts.ts";
import { createServer, type Server, type ServerOptions } from "../../../src/apps/connector/server/server.ts";
import { type Answer, callerOf } from "./stage.ts";

/** Routes with their handlers. */
export interface TestRoutes {
  readonly [name: string]: { readonly operation: Operation; readonly handle: Handler };
}

/** What a test may set. */
export interface ServerStageOptions extends Omit<Partial<ServerOptions>, "table" | "parts"> {
  readonly config?: Readonly<Record<string, unknown>>;
  readonly identities?: readonly HostedIdentity[];
  readonly log?: LogPort;
}

/** A listening server. */
export interface ServerStage extends AsyncDisposable {
  readonly server: Server;
  readonly url: string;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

/** An identity whose account is never asked. */
export function identityCalled(name: string, prefix = ""): HostedIdentity {
  const account: { readonly name: string; withCorrelationId(): unknown } = { name, withCorrelationId: () => account };
  return { name, prefix, account: account as unknown as Account };
}

/** Opens one. */
export async function openServer(routes: TestRoutes, options: ServerStageOptions = {}): Promise<ServerStage> {
  const { config = {}, identities = [identityCalled("alice")], log = { write: () => undefined }, ...more } = options;
  const parsed = configShape.parse({
    transportLibrary: { baseUrl: "http://localhost", platformClientId: "test", platformClientSecret: "test" },
    ...config,
  });
  const rows = Object.entries(routes);
  const server = createServer({
    parts: { config: parsed, identities, log },
    clock: systemClock(),
    unauthorizedDelayMs: () => 0,
    ...more,
    table: {
      contract: Object.fromEntries(rows.map(([name, { operation }]) => [name, operation])),
      handlers: Object.fromEntries(rows.map(([name, { handle }]) => [name, handle])),
    },
  });
  const [url = ""] = await server.listen();
  return { server, url, call: callerOf(url), [Symbol.asyncDispose]: () => server.close() };
}

/** A route that answers what it was asked. */
export function echo(more: Partial<Operation>): TestRoutes[string] {
  const operation: Operation = {
    method: "GET",
    path: "/Things",
    mounts: ["v2", "core"],
    scopes: ["core:things"],
    tag: "Things",
    summary: "Answers what it was asked.",
    success: 200,
    ...more,
  };
  return {
    operation,
    handle: async ({ params, query, filter, page, body, file, wants, profile, command, correlationId, account }) =>
      result({
        params: { ...params },
        query: { ...query } as never,
        filter: { ...filter } as never,
        page: { ...page },
        body: { ...body },
        file: file === undefined ? null : { ...file, content: file.content.length },
        wants,
        profile: profile.name,
        command: { ...command },
        correlationId,
        account: account.name,
      }),
  };
}
