import { createRelayTransport } from "rapport/plugins/transport-relay";
import type { Relay } from "rapport/relay";
import { createRelayServer } from "rapport/relay/http";
import type { Wire } from "rapport/testkit";

/** A server and an HTTP client between the engines and their relay. References keep naming the relay as it names itself. */
export async function httpWire(relay: Relay): Promise<Wire> {
  const server = createRelayServer({ relay });
  const [baseUrl = ""] = await server.listen();
  const transport = createRelayTransport({ baseUrl, hostName: relay.hostName });
  return {
    transport: { ...transport, baseUrl: relay.baseUrl },
    [Symbol.asyncDispose]: async () => {
      await transport[Symbol.asyncDispose]();
      await server.close();
    },
  };
}
