import { fault } from "rapport/core";

/** The methods this plugin needs of a client; redis has them. */
export interface RedisLike {
  /** Resolves when the server has passed the message on. */
  publish(channel: string, message: string): Promise<unknown>;
  on(event: "error" | "end", hear: (problem?: unknown) => void): unknown;
  /** Ends the connection at once. */
  destroy(): void;
}

/** Connects with the package redis, once: connecting again is our matter, so that nothing piles up in the client. */
export async function connectInstalledDriver(url: string, timeoutMs: number, load = loadRedis): Promise<RedisLike> {
  const { createClient } = await load();
  const client = createClient({ url, socket: { reconnectStrategy: false, connectTimeout: timeoutMs } });
  // Unheard, an error would end the process; whoever waits for the connection is told by its promise.
  client.on("error", () => undefined);
  try {
    await client.connect();
  } catch (problem) {
    if (client.isOpen) client.destroy();
    throw problem;
  }
  return {
    publish: (channel, message) => client.publish(channel, message),
    on: (event, hear) => client.on(event, hear),
    destroy: () => {
      if (client.isOpen) client.destroy();
    },
  };
}

/** The package as it is installed, or a fault that says how to install it. */
export async function loadRedis(load = () => import("redis")) {
  try {
    return await load();
  } catch (cause) {
    throw fault("plugin.failed", "The Redis publisher needs the package redis: npm install redis.", { cause });
  }
}
