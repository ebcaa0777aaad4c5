// The door "rapport/plugins/publisher-nats": events as messages on subjects of NATS.
export type { NatsLike } from "./driver.ts";
export { natsPublisher } from "./plugin.ts";
export { createNatsPublisher, type NatsOptions, type NatsPublisher } from "./publisher.ts";
