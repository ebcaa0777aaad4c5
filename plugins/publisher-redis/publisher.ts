/**
 * Events as messages of Redis, one for each event; the channel is the event's name.
 *
 * S1. An event counts as published when Redis has answered. Redis keeps no messages: who does not listen then has missed it.
 */
import { createConnections, dataOf, type EventShape, namesOf, type PublisherPort } from "rapport/core";
import { connectInstalledDriver, type RedisLike } from "./driver.ts";
import { answerMsDefault } from "./limits.ts";

/** Options of a Redis publisher. */
export interface RedisOptions {
  /** `redis://user:password@host:6379`, or `rediss://...`. */
  readonly url: string;
  readonly timeoutMs?: number;
  /** The publisher's name, under which the engine keeps what waits. Default "publisher-redis". */
  readonly name?: string;
  /** How events look outside; by default as the engine tells them. */
  readonly shape?: EventShape;
  /** Connects; the package redis if nothing is given. It must not connect again by itself. */
  readonly connect?: (url: string, timeoutMs: number) => Promise<RedisLike>;
}

/** A publisher with a connection that can be opened before the first event. */
export interface RedisPublisher extends PublisherPort, AsyncDisposable {
  /** Throws when Redis is not there. */
  open(): Promise<void>;
}

/** Makes the publisher; it connects when it is opened or has its first event, and again after every break. */
export function createRedisPublisher(options: RedisOptions): RedisPublisher {
  const { name = "publisher-redis", shape, timeoutMs = answerMsDefault, connect = connectInstalledDriver } = options;
  const connections = createConnections<RedisLike>({
    to: "Redis",
    timeoutMs,
    later: (run, ms) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    open: async (lose) => {
      const client = await connect(options.url, timeoutMs);
      client.on("error", lose);
      client.on("end", () => lose("the connection was closed"));
      return client;
    },
    close: async (client) => client.destroy(),
  });

  return {
    name,
    subscribers: (event) => (namesOf(event, shape).length > 0 ? [name] : []),
    publish: async (event) => {
      const [channel = event.name] = namesOf(event, shape);
      const message = JSON.stringify(await dataOf(event, shape));
      await connections.use((client) => client.publish(channel, message));
    },
    open: () => connections.use(async () => undefined),
    [Symbol.asyncDispose]: () => connections[Symbol.asyncDispose](),
  };
}
