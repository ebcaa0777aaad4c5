import { fault } from "rapport/core";
import { signOfLifeMs } from "./limits.ts";

/** The methods this plugin needs of a connection. */
export interface NatsLike {
  publish(subject: string, payload: string, headers: { readonly [name: string]: string }): void;
  /** Resolves when the server has had everything that was published before. */
  flush(): Promise<void>;
  /** Resolves when the connection has ended, with the reason if there is one. */
  closed(): Promise<unknown>;
  close(): Promise<void>;
}

/** Connects with the package @nats-io/transport-node, once: connecting again is our matter. */
export async function connectInstalledDriver(url: string, timeoutMs: number, load = loadNats): Promise<NatsLike> {
  const { connect, headers } = await load();
  const nats = await connect({
    ...serverOf(url),
    name: "rapport publisher",
    timeout: timeoutMs,
    reconnect: false,
    pingInterval: signOfLifeMs,
  });
  return {
    publish: (subject, payload, fields) => {
      const told = headers();
      for (const [name, value] of Object.entries(fields)) told.set(name, value);
      nats.publish(subject, payload, { headers: told });
    },
    flush: () => nats.flush(),
    closed: () => nats.closed(),
    close: () => nats.close(),
  };
}

// The client takes no credentials from an address.
function serverOf(url: string) {
  const parsed = new URL(/^[a-z]+:\/\//i.test(url) ? url : `nats://${url}`);
  const user = decodeURIComponent(parsed.username);
  const pass = decodeURIComponent(parsed.password);
  const servers = parsed.port === "" ? parsed.hostname : parsed.host;
  const tls = parsed.protocol === "tls:" ? { tls: {} } : {};
  if (user === "") return { servers, ...tls };
  return pass === "" ? { servers, token: user, ...tls } : { servers, user, pass, ...tls };
}

/** The package as it is installed, or a fault that says how to install it. */
export async function loadNats(load = () => import("@nats-io/transport-node")) {
  try {
    return await load();
  } catch (cause) {
    const what = "The NATS publisher needs the package @nats-io/transport-node";
    throw fault("plugin.failed", `${what}: npm install @nats-io/transport-node.`, { cause });
  }
}
