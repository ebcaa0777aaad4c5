// The door "rapport/plugins/transport-loopback": a relay in the same process.
export { loopbackTransport } from "./plugin.ts";
export { createLoopbackTransport } from "./transport.ts";
