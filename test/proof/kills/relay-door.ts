// One address for a relay that listens somewhere else after each start, as a proxy gives it.
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** An address that stays. */
export interface Door {
  readonly url: string;
  close(): Promise<void>;
}

/** Passes on whatever comes to where the target is at that moment. A caller who comes in vain is cut off at once. */
export async function openDoor(target: () => string | undefined): Promise<Door> {
  const open = new Set<Socket>();
  const server = createServer((caller) => {
    const url = target();
    if (url === undefined) return void caller.resetAndDestroy();
    const { port, hostname } = new URL(url);
    const relay = connect(Number(port), hostname);
    for (const [one, other] of [
      [caller, relay],
      [relay, caller],
    ] as const) {
      open.add(one);
      one.setNoDelay(true);
      one.on("error", () => undefined);
      one.on("close", () => {
        open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
