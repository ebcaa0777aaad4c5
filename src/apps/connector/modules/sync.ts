// Synchronises at the start, then again a while after each run has ended.
import { randomUUID } from "node:crypto";
import type { HostedIdentity } from "../parts.ts";
import type { ConnectorModule, ModuleGround } from "./module.ts";

/** The module `sync`, if it is on and `sse` is not: news make asking needless. */
export function syncModule({ config, log, clock }: ModuleGround): ConnectorModule[] {
  const { sync, sse } = config.modules;
  if (!sync.enabled) return [];
  if (sse.enabled) {
    log.write("warn", "The modules sync and sse are both on; sync is switched off, since sse does the same sooner.");
    return [];
  }
  const stop = new AbortController();
  let running: Promise<unknown> = Promise.resolve();
  const again = async ({ account, name }: HostedIdentity) => {
    while (!stop.signal.aborted) {
      await account
        .withCorrelationId(randomUUID())
        .sync()
        .catch((problem) => log.write("warn", "A sync failed.", { account: name, problem: String(problem) }));
      await clock.sleep(sync.interval * 1000, stop.signal);
    }
  };
  const module: ConnectorModule = {
    name: "sync",
    start: async ({ identities }) => {
      running = Promise.all(identities.map(again));
    },
    stop: async () => {
      stop.abort();
      await running;
    },
  };
  return [module];
}
