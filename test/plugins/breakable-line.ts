import { connect, createServer, type Socket } from "node:net";

/** A way to a service that can be broken. */
export interface BreakableLine {
  readonly port: number;
  /** Ends all connections that are open now, on both sides. */
  breakAll(): void;
  /** Ends all connections, and refuses new ones until `restore`. */
  cut(): Promise<void>;
  /** Listens again on the same port. */
  restore(): Promise<void>;
  close(): Promise<void>;
}

/** Listens on a free port and passes everything on. */
export async function breakableLineTo(host: string, port: number): Promise<BreakableLine> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
  };
  const server = createServer((near) => {
    const far = connect(port, host);
    keep(near);
    keep(far);
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const breakAll = () => {
    for (const socket of sockets) socket.destroy();
  };

  const ownPort = typeof address === "object" && address !== null ? address.port : 0;
  const close = async () => {
    if (!server.listening) return;
    const closing = new Promise((resolve) => server.close(resolve));
    breakAll();
    await closing;
  };

  return {
    port: ownPort,
    breakAll,
    cut: close,
    restore: () => new Promise<void>((resolve) => server.listen(ownPort, "127.0.0.1", resolve)),
    close,
  };
}
