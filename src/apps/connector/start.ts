// A Connector as a process: opened by its configuration, listening, and closed in order.
import { RapportError } from "rapport/core";
import { portFor } from "./config/port.ts";
import type { ConnectorConfig } from "./config/shape.ts";
import { type KeyEnvironment, pluginsFor } from "./opening.ts";
import { pinoLog } from "./pino-log.ts";
import { createConnector } from "./program.ts";
import type { Started } from "./start-lines.ts";

/** A Connector that runs. */
export interface StartedConnector extends Pick<Started, "urls" | "identities"> {
  /** Answers what has begun, then closes everything. */
  stop(): Promise<void>;
}

/** Starts one. Whatever was opened is closed again when something fails. */
export async function startConnector(config: ConnectorConfig, environment: KeyEnvironment): Promise<StartedConnector> {
  const log = pinoLog(config.logging);
  const plugins = await pluginsFor(config, { log, environment });
  const connector = await createConnector({ config, plugins, log });
  try {
    const identities = await Promise.all(
      connector.identities.map(async ({ name, prefix, account }) => {
        const { address } = await account.identityInfo();
        return { name, prefix, address };
      }),
    );
    const urls = config.infrastructure.httpServer.enabled ? await listen(connector, config) : [];
    return { urls, identities, stop: () => connector.close() };
  } catch (problem) {
    await connector.close().catch(() => undefined);
    throw problem;
  }
}

type Listening = Pick<Awaited<ReturnType<typeof createConnector>>, "listen">;

async function listen(connector: Listening, { infrastructure }: ConnectorConfig): Promise<readonly string[]> {
  const { port: configured, host } = infrastructure.httpServer;
  const port = await portFor(configured);
  try {
    return await connector.listen({ port, hosts: host });
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    const advice = code === "EADDRINUSE" ? " Somebody else listens there: choose another --port." : "";
    const message = `Cannot listen on ${host.join(", ")} with port ${port} (${code}).${advice}`;
    throw new RapportError("config.invalid", message, { cause });
  }
}
