// The sockets of a server: one listener for each host, bounds for slow and for many clients, and an orderly end.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { closingSweepMs, closingWaitMs } from "./limits.ts";

/** How long a connection may take for what. */
export interface ConnectionWaits {
  readonly headersMs: number;
  readonly requestMs: number;
  readonly idleMs: number;
}

/** What a server takes from a connection, and how many it has. */
export interface ConnectionBounds extends ConnectionWaits {
  readonly headerBytesMax: number;
  readonly connectionsMax: number;
}

/** Listeners that share one handler. */
export interface Listeners {
  readonly isClosing: boolean;
  /** Gives the base URLs. Hosts after the first that this machine does not have are left out. */
  listen(port: number, hosts: readonly string[]): Promise<readonly string[]>;
  /** Resolves when every request that had begun is answered, or its time is over. */
  close(): Promise<void>;
}

/** What is done with requests, and with bytes that are none. */
export interface Handling {
  request(request: IncomingMessage, response: ServerResponse): void;
  broken(error: Error & { readonly code?: string }, socket: Socket): void;
}

/** Makes them; nothing listens yet. */
export function openListeners(handling: Handling, bounds: ConnectionBounds): Listeners {
  const servers: Server[] = [];
  let isClosing = false;
  return {
    get isClosing() {
      return isClosing;
    },
    listen: async (port, hosts) => {
      const urls: string[] = [];
      for (const host of hosts) {
        const server = serverOf(handling, bounds);
        // The others follow the first to the port that it was given.
        const shared = (servers[0]?.address() as AddressInfo | undefined)?.port ?? port;
        try {
          await listening(server, shared, host);
        } catch (error) {
          if (servers.length > 0 && isMissing(error)) continue;
          throw error;
        }
        servers.push(server);
        urls.push(urlOf(server.address() as AddressInfo));
      }
      return urls;
    },
    close: async () => {
      isClosing = true;
      await Promise.all(servers.map(closed));
    },
  };
}

function serverOf({ request, broken }: Handling, bounds: ConnectionBounds): Server {
  const { headersMs, requestMs, idleMs, headerBytesMax, connectionsMax } = bounds;
  const server = createServer(
    {
      maxHeaderSize: headerBytesMax,
      headersTimeout: headersMs,
      requestTimeout: requestMs,
      keepAliveTimeout: idleMs,
      connectionsCheckingInterval: headersMs / 4,
    },
    request,
  );
  server.maxConnections = connectionsMax;
  return server.on("clientError", broken);
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    // Else "::" would want the port of "0.0.0.0" as well.
    server.listen({ port, host, ipv6Only: host.includes(":") }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // A connection whose last answer was sent before the end began becomes idle after it.
    const sweep = setInterval(() => server.closeIdleConnections(), closingSweepMs);
    const cut = setTimeout(() => server.closeAllConnections(), closingWaitMs);
    server.close(() => {
      clearTimeout(cut);
      clearInterval(sweep);
      resolve();
    });
    server.closeIdleConnections();
  });
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "EADDRNOTAVAIL" || code === "EAFNOSUPPORT";
}

function urlOf({ address, family, port }: AddressInfo): string {
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}
