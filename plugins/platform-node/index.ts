// The door "rapport/plugins/platform-node": the clock, randomness and log of a Node process.
export { systemClock } from "./clock.ts";
export { systemEntropy } from "./entropy.ts";
export type { LogLevel, LogOptions } from "./log.ts";
export { silentLog, standardErrorLog } from "./log.ts";
export type { PlatformNodeOptions } from "./plugin.ts";
export { platformNode } from "./plugin.ts";
