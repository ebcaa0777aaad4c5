// The door "rapport/plugins/transport-relay": a relay over HTTP, with server-sent events for news.
export { relayTransport } from "./plugin.ts";
export type { RelayTls } from "./tls.ts";
export { createRelayTransport, type RelayTransportOptions } from "./transport.ts";
