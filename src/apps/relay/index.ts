// The door "rapport/relay/http": the relay as an HTTP server in one's own process.
export type { ConnectionWaits } from "./listeners.ts";
export type { ListenOptions, RelayServer, RelayServerOptions } from "./server.ts";
export { createRelayServer } from "./server.ts";
