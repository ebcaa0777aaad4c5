import { fault } from "rapport/core";
import { connectMs, reconnectPauseMs, signOfLifeMs } from "./limits.ts";

/** The methods this plugin needs of a connection; the clients of NATS have them. It connects again by itself. */
export interface NatsLike {
  publish(subject: string, payload: string): void;
  subscribe(subject: string, options: { callback: (problem: Error | null, message: NatsMessage) => void }): unknown;
  /** What becomes of the connection: "disconnect", "reconnect" and others. */
  status(): AsyncIterable<{ readonly type: string }>;
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** A message as it arrives. */
export interface NatsMessage {
  string(): string;
}

/** Connects with the package @nats-io/transport-node. */
export async function connectInstalledDriver(servers: string | readonly string[], load = loadNats): Promise<NatsLike> {
  const { connect } = await load();
  return connect({
    servers: typeof servers === "string" ? servers : [...servers],
    name: "rapport wake-ups",
    timeout: connectMs,
    maxReconnectAttempts: -1,
    reconnectTimeWait: reconnectPauseMs,
    pingInterval: signOfLifeMs,
    noEcho: true,
  });
}

/** The package as it is installed, or a fault that says how to install it. */
export async function loadNats(load = () => import("@nats-io/transport-node")) {
  try {
    return await load();
  } catch (cause) {
    const what = "The NATS plugin needs the package @nats-io/transport-node";
    throw fault("plugin.failed", `${what}: npm install @nats-io/transport-node.`, { cause });
  }
}
