// The door "rapport/plugins/publisher-redis": events as messages on channels of Redis.
export type { RedisLike } from "./driver.ts";
export { redisPublisher } from "./plugin.ts";
export { createRedisPublisher, type RedisOptions, type RedisPublisher } from "./publisher.ts";
