// The routes of the contract. What can be prepared for a route is prepared once.
import multipart from "@fastify/multipart";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { RapportError } from "rapport/core";
import type { Handler } from "../handler.ts";
import { type Method, type Mount, mountPaths, type Operation } from "../operation.ts";
import type { ConnectorParts } from "../parts.ts";
import { type Profile, type ProfileName, profileNames } from "../profiles/profile.ts";
import { profileOf } from "../profiles/profiles.ts";
import { answererOf } from "./answering.ts";
import { askerOf, type NamedOperation } from "./asking.ts";
import { formOptions } from "./forms.ts";
import { type Entry, type Guard, type GuardGround, guardOf, type Seen } from "./guard.ts";
import type { RenderedTexts } from "./rendered.ts";
import { createSchemas, type Schemas } from "./schemas.ts";

/** Operations and who carries them out. */
export interface Table {
  readonly contract: Readonly<Record<string, Operation>>;
  readonly handlers: Readonly<Record<string, Handler>>;
}

/** What routes are made with. */
export interface RoutesGround extends GuardGround {
  readonly table: Table;
  readonly connector: ConnectorParts;
  readonly texts: RenderedTexts;
}

interface RouteGround extends RoutesGround {
  readonly schemas: Schemas;
  readonly profiles: Readonly<Record<ProfileName, Profile>>;
}

/** Adds a route for every operation and mount, and refusals for the other methods of their paths. */
export function addRoutes(app: FastifyInstance, ground: RoutesGround): void {
  const { config } = ground.connector;
  const profiles = Object.fromEntries(profileNames.map((name) => [name, profileOf(name, config)]));
  const whole: RouteGround = {
    ...ground,
    schemas: createSchemas(),
    profiles: profiles as Readonly<Record<ProfileName, Profile>>,
  };
  const rows = Object.entries(ground.table.contract)
    .map(([name, operation]) => ({ name, operation }))
    .filter(({ operation }) => operation.isDebug !== true || config.debug);
  app.decorateRequest("seen");
  for (const row of rows) if (row.operation.form === undefined) addOperation(app, row, whole);
  // In a scope of their own, so that no other route reads forms.
  app.register(async (scope) => {
    await scope.register(multipart, formOptions);
    for (const row of rows) if (row.operation.form !== undefined) addOperation(scope, row, whole);
  });
  refuseOtherMethods(app, rows, ground);
}

function addOperation(app: FastifyInstance, row: NamedOperation, ground: RouteGround): void {
  for (const mount of row.operation.mounts) {
    app.route({
      method: row.operation.method,
      url: `${mountPaths[mount]}${row.operation.path}`,
      // A GET has no body that could be compressed.
      ...(row.operation.method === "GET" ? { decompress: false as const } : {}),
      // Before the body is read: strangers are turned away without it.
      onRequest: seeing(guardOf(entryOf(row.operation), ground)),
      handler: handlerOf(row, mount, ground),
    });
  }
}

function entryOf({ scopes }: Operation): Entry {
  return scopes.length === 0 ? "everybody" : scopes;
}

function seeing(guard: Guard) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const seen = await guard(request, reply);
    if (seen === undefined) return reply;
    request.setDecorator("seen", seen);
    return undefined;
  };
}

function handlerOf(row: NamedOperation, mount: Mount, ground: RouteGround) {
  const { table, connector, profiles, texts } = ground;
  const handle = table.handlers[row.name];
  if (handle === undefined) throw new RapportError("plugin.slotEmpty", `No handler carries out ${row.name}.`);
  const askOf = askerOf(row, ground);
  const answer = answererOf(row.operation);
  const usual = connector.config.modules.coreHttpApi.profile;
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const seen = request.getDecorator<Seen>("seen");
    const name = mount === "core" ? "gen3" : (seen.place.profile ?? seen.caller.profile ?? usual);
    const ask = await askOf(request, seen, profiles[name]);
    const { identity, prefix } = seen.place;
    return answer(reply, await handle(ask), {
      base: prefix + mountPaths[mount],
      shelfOf: ({ resource }) => texts.shelfOf(`${identity?.name}\n${name}\n${resource}`),
    });
  };
}

const methods: readonly Method[] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

// Only asked for across origins, where CORS answers it before; nobody has a handler for it.
const alwaysRefused = ["OPTIONS"] as const;

function refuseOtherMethods(app: FastifyInstance, rows: readonly NamedOperation[], ground: RoutesGround): void {
  const rowsByUrl = groupedByUrl(rows);
  for (const [url, { known, isOpen }] of rowsByUrl) {
    const others = [...methods.filter((method) => !known.has(method)), ...alwaysRefused];
    const allow = [...known, ...(known.has("GET") ? ["HEAD"] : [])].toSorted().join(", ");
    app.route({
      method: others,
      url,
      onRequest: seeing(guardOf(isOpen ? "everybody" : "anybody known", ground)),
      handler: (_request, reply) => {
        reply.header("allow", allow);
        throw new RapportError("error.connector.http.methodNotAllowed", `The route can be called with ${allow}.`);
      },
    });
  }
}

/** Paths that differ in the names of their parameters only are the same to the router. */
function groupedByUrl(rows: readonly NamedOperation[]) {
  const byUrl = new Map<string, { readonly known: Set<Method>; isOpen: boolean }>();
  for (const { operation } of rows) {
    for (const mount of operation.mounts) {
      const url = `${mountPaths[mount]}${operation.path}`.replace(/:\w+/g, ":id");
      const group = byUrl.get(url) ?? { known: new Set(), isOpen: true };
      group.known.add(operation.method);
      group.isOpen &&= operation.scopes.length === 0;
      byUrl.set(url, group);
    }
  }
  return byUrl;
}
