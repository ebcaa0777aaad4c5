// Which port the Connector listens on when none is configured.
import { createServer } from "node:net";

const portWanted = 80;
const portElse = 8080;

/** The configured port; else 80 if this process may listen there, else 8080. */
export async function portFor(
  configured: number | undefined,
  mayListen: (port: number) => Promise<boolean> = canListen,
): Promise<number> {
  if (configured !== undefined) return configured;
  return (await mayListen(portWanted)) ? portWanted : portElse;
}

/** True when this process can listen on the port of any address. */
export function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
