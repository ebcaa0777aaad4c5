import { type Plugin, Transport } from "rapport/core";
import type { Relay } from "rapport/relay";
import { createLoopbackTransport } from "./transport.ts";

/** Provides the way to a relay in the same process. Opening and closing the relay is its owner's matter. */
export function loopbackTransport(relay: Relay): Plugin {
  return {
    name: "transport-loopback",
    register: ({ provide }) => provide(Transport, () => createLoopbackTransport(relay)),
  };
}
