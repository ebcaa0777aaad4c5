// The door "rapport/relay/http": the relay as an HTTP server in one's own process, and as a command.

export type { ConnectionWaits } from "../serving/listeners.ts";
export { hashOfKey, type Operator } from "./admin-routes.ts";
export { type RelayTerminal, runRelayCommand } from "./command.ts";
export { createMetrics, type Metrics } from "./metrics.ts";
export type { RateLimits } from "./rates.ts";
export type { ListenOptions, RelayServer, RelayServerOptions } from "./server.ts";
export { createRelayServer } from "./server.ts";
