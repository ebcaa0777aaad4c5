import { type Plugin, Transport } from "rapport/core";
import { createRelayTransport, type RelayTransportOptions } from "./transport.ts";

/** Provides the way to a relay over HTTP. */
export function relayTransport(options: RelayTransportOptions): Plugin {
  return {
    name: "transport-relay",
    register: ({ provide }) => provide(Transport, () => createRelayTransport(options)),
  };
}
