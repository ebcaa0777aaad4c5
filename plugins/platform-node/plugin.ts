import { Clock, Entropy, Log, type Plugin } from "rapport/core";
import { systemClock } from "./clock.ts";
import { systemEntropy } from "./entropy.ts";
import { type LogOptions, standardErrorLog } from "./log.ts";

/** What `platformNode` can be told. */
export type PlatformNodeOptions = LogOptions;

/** The system clock, the system's randomness, and a log of one JSON line per entry on standard error. */
export function platformNode(options: PlatformNodeOptions = {}): Plugin {
  return {
    name: "platform-node",
    register: ({ provide }) => {
      provide(Clock, () => systemClock());
      provide(Entropy, () => systemEntropy());
      provide(Log, () => standardErrorLog(options));
    },
  };
}
