// The door "rapport/plugins/wake-ups-nats": news between the processes of a relay, through NATS.
export type { NatsLike, NatsMessage } from "./driver.ts";
export { natsWakeUps } from "./plugin.ts";
export { createNatsWakeUps, type NatsWakeUpsOptions } from "./wake-ups.ts";
