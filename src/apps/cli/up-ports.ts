// Ports that nobody listens on yet.
import { createServer } from "node:net";
import { RapportError } from "rapport";

/** Where everything listens: this machine alone, by either name of it. */
export const hosts = ["127.0.0.1", "::1"] as const;

/** How far a taken port is passed by before something else must be wrong. */
const triesMax = 100;

/** The wanted port, or the next one that is free on every host; 0 is any. Those in `taken` are somebody's already. */
export async function freePort(wanted: number, taken: readonly number[]): Promise<number> {
  if (wanted === 0) return await anyPort(taken);
  for (let port = wanted; port < wanted + triesMax; port += 1) {
    if (!taken.includes(port) && (await isFree(port))) return port;
  }
  throw new RapportError(
    "input.invalid",
    `Ports ${wanted} to ${wanted + triesMax - 1} are all taken: choose another --port.`,
  );
}

async function anyPort(taken: readonly number[]): Promise<number> {
  for (let tries = 0; tries < triesMax; tries += 1) {
    const port = await listened(0, hosts[0]);
    if (port !== undefined && !taken.includes(port) && (await isFree(port))) return port;
  }
  throw new RapportError("input.invalid", "No port is free on this machine.");
}

async function isFree(port: number): Promise<boolean> {
  for (const host of hosts) if ((await listened(port, host)) === undefined) return false;
  return true;
}

/** The port that was listened on for a moment; undefined when it is taken. A host that this machine lacks takes nothing. */
function listened(port: number, host: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: Error & { code?: string }) => {
      resolve(error.code === "EADDRNOTAVAIL" || error.code === "EAFNOSUPPORT" ? port : undefined);
    });
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      const given = typeof address === "object" && address !== null ? address.port : port;
      server.close(() => resolve(given));
    });
  });
}
