// What the relay counts, in the format of Prometheus.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { RelayOptions } from "rapport/relay";

type Store = RelayOptions["store"];

/** The counts of one process. */
export interface Metrics {
  /** Notes an answer. */
  answered(operation: string, status: number, elapsedMs: number): void;
  /** The store, with its commits counted. */
  watching(store: Store): Store;
  /** Says where the number of open streams comes from. */
  streamsFrom(count: () => number): void;
  readonly contentType: string;
  text(): Promise<string>;
}

const seconds = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];

/** Makes them, with those that Node has of its own. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: "rapport_relay_requests_total",
    help: "Answered requests by operation and status.",
    labelNames: ["operation", "status"],
    registers,
  });
  const durations = new Histogram({
    name: "rapport_relay_request_duration_seconds",
    help: "Time from the first byte of a request to the last of its answer, by operation.",
    labelNames: ["operation"],
    buckets: seconds,
    registers,
  });
  const commits = new Histogram({
    name: "rapport_relay_store_commit_duration_seconds",
    help: "Time until a commit was durable, by outcome: done, conflict, exhausted or failed.",
    labelNames: ["outcome"],
    buckets: seconds,
    registers,
  });
  return {
    answered: (operation, status, elapsedMs) => {
      requests.inc({ operation, status: String(status) });
      durations.observe({ operation }, elapsedMs / 1000);
    },
    watching: (store) => ({
      ...store,
      commit: async (batch) => {
        const stop = commits.startTimer();
        try {
          const result = await store.commit(batch);
          stop({ outcome: result.ok ? "done" : "conflict" in result ? "conflict" : "exhausted" });
          return result;
        } catch (error) {
          stop({ outcome: "failed" });
          throw error;
        }
      },
    }),
    streamsFrom: (count) => {
      const help = "Event streams that are open now.";
      new Gauge({
        name: "rapport_relay_open_streams",
        help,
        registers,
        collect() {
          this.set(count());
        },
      });
    },
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}
