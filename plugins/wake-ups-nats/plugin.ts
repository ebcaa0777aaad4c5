import { type Plugin, WakeUps } from "rapport/core";
import { createNatsWakeUps, type NatsWakeUpsOptions } from "./wake-ups.ts";

/** Carries news between processes through NATS. */
export function natsWakeUps(options: NatsWakeUpsOptions): Plugin {
  return { name: "wake-ups-nats", register: ({ provide }) => provide(WakeUps, () => createNatsWakeUps(options)) };
}
