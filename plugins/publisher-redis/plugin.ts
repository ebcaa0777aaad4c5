import { type Plugin, Publisher } from "rapport/core";
import { createRedisPublisher, type RedisOptions } from "./publisher.ts";

/** Tells every event to a channel of Redis. */
export function redisPublisher(options: RedisOptions): Plugin {
  return {
    name: "publisher-redis",
    register: ({ contribute }) => contribute(Publisher, () => createRedisPublisher(options)),
  };
}
