/**
 * A Connector: one engine, its identities, the routes and the modules, opened and closed together.
 */
import { type Account, createRapport, type Rapport, RapportError } from "rapport";
import type { ClockPort, LogPort, Plugin } from "rapport/core";
import { systemClock } from "rapport/plugins/platform-node";
import { createAccess } from "./access/access.ts";
import type { ConnectorConfig } from "./config/shape.ts";
import { shownConfig } from "./config/shown.ts";
import type { ConnectorModule } from "./modules/module.ts";
import { createModules, isListening } from "./modules/modules.ts";
import type { HostedIdentity } from "./parts.ts";
import { createServer, type Server } from "./server/server.ts";

/** What a Connector is made of. */
export interface ConnectorOptions {
  readonly config: ConnectorConfig;
  /** Storage and transport, and whatever else the engine takes. */
  readonly plugins: readonly Plugin[];
  readonly log: LogPort;
  readonly clock?: ClockPort;
  /** Modules besides those of the configuration. */
  readonly modules?: readonly ConnectorModule[];
  /** False: deadlines and open calls wait for somebody to ask; default true. */
  readonly background?: boolean;
  /** Before wrong credentials are answered; a random time unless told otherwise. */
  readonly unauthorizedDelayMs?: () => number;
}

/** A running Connector; it listens from `listen` until `close`. */
export interface Connector extends AsyncDisposable {
  readonly identities: readonly HostedIdentity[];
  /** Gives the base URLs, one for each host that this machine has. */
  listen(where?: { readonly port?: number; readonly hosts?: readonly string[] }): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Opens one: the engine, its identities (made when there are none), then the modules. */
export async function createConnector(options: ConnectorOptions): Promise<Connector> {
  const { config, log, clock = systemClock() } = options;
  const access = createAccess(config, { clock });
  const modules = [...(await createModules({ config, log, clock })), ...(options.modules ?? [])];
  const { platformClientId: id, platformClientSecret: secret } = config.transportLibrary;
  const rapport = await createRapport({
    plugins: [...options.plugins, ...modules.flatMap(({ plugins = [] }) => plugins)],
    client: { id, secret },
    listening: isListening(config),
    ...(options.background === undefined ? {} : { background: options.background }),
  });
  const identities = await hostedBy(rapport, config).catch(async (problem: unknown): Promise<never> => {
    await rapport.close();
    throw problem;
  });
  const parts = {
    config,
    identities,
    log,
    shownConfig: () => shownConfig(config),
    webhookDeliveries: (target?: string) => modules.flatMap((module) => module.deliveries?.(target) ?? []),
  };
  const server: Server = createServer({
    parts,
    clock,
    access,
    ...(config.modules.coreHttpApi.enabled ? {} : { table: { contract: {}, handlers: {} } }),
    ...(options.unauthorizedDelayMs === undefined ? {} : { unauthorizedDelayMs: options.unauthorizedDelayMs }),
  });
  const close = async () => {
    await server.close();
    for (const module of modules.toReversed()) await module.stop?.();
    await rapport.close();
  };
  try {
    for (const module of modules) await module.start?.(server.parts);
  } catch (problem) {
    await close();
    throw problem;
  }
  return Object.freeze({ identities, listen: server.listen, close, [Symbol.asyncDispose]: close });
}

async function hostedBy({ accounts }: Rapport, config: ConnectorConfig): Promise<HostedIdentity[]> {
  const wanted = Object.entries(config.accounts ?? { [config.database.dbName]: { prefix: "" } });
  const known = new Set((await accounts.list()).map(({ name }) => name));
  const hosted: HostedIdentity[] = [];
  for (const [name, { prefix }] of wanted) {
    if (!known.has(name) && !config.transportLibrary.allowIdentityCreation) throw notAllowed(name);
    hosted.push({ name, prefix, account: known.has(name) ? await accounts.get(name) : await made(accounts, name) });
  }
  return hosted;
}

// Of processes that start at the same moment one makes the identity, and the others have it as well.
async function made(accounts: Rapport["accounts"], name: string): Promise<Account> {
  try {
    return await accounts.create({ name });
  } catch (problem) {
    if (!(problem instanceof RapportError) || problem.code !== "account.nameTaken") throw problem;
    return accounts.get(name);
  }
}

function notAllowed(name: string): RapportError {
  const message = `There is no identity "${name}" in this database, and transportLibrary.allowIdentityCreation is false.`;
  return new RapportError("account.creationNotAllowed", message);
}
