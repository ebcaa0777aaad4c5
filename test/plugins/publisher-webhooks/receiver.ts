// A receiver of webhooks that answers as a test wants it to, and keeps what it was told.
import { createServer, type IncomingHttpHeaders, type RequestListener } from "node:http";
import { Webhook } from "standardwebhooks";
import { vi } from "vitest";

/** One call as it came. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look wherever they like.
  readonly json: any;
}

/** What the receiver does with a call: a status, no answer at all, the end of the connection, or whatever the test does. */
export type Behaviour =
  | number
  | "silent"
  | "gone"
  | { readonly status: number; readonly headers?: object; readonly body?: string };

/** A receiver on a port of its own. */
export interface Receiver extends AsyncDisposable {
  readonly url: string;
  readonly received: readonly Received[];
  /** Takes no connections any more. */
  stop(): Promise<void>;
  /** Takes them again, on the same port. */
  start(): Promise<void>;
}

/** Starts one. `gone` calls are not kept: the receiver never saw them whole. */
export async function createReceiver(
  behave: (call: Received) => Behaviour | Promise<Behaviour> = () => 204,
): Promise<Receiver> {
  const received: Received[] = [];
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("error", () => undefined);
    request.on("end", async () => {
      const text = Buffer.concat(chunks).toString();
      const json = text.startsWith("{") ? JSON.parse(text) : undefined;
      const call = { path: request.url ?? "", headers: request.headers, text, json };
      const behaviour = await behave(call);
      if (behaviour === "gone") return request.socket.destroy();
      received.push(call);
      if (behaviour === "silent") return;
      const { status, headers = {}, body = "" } = typeof behaviour === "number" ? { status: behaviour } : behaviour;
      response.writeHead(status, { ...headers }).end(body);
    });
  };
  const server = createServer(listener);
  const start = (port: number) => new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  await start(0);
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const stop = async () => {
    if (!server.listening) return;
    const stopping = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await stopping;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    stop,
    start: () => start(port),
    [Symbol.asyncDispose]: stop,
  };
}

/** True when the package for receivers believes the call, at the time that it was made. */
export function isSigned({ headers, text }: Received, secret: string): boolean {
  vi.useFakeTimers({ toFake: ["Date"], now: Number(headers["webhook-timestamp"]) * 1000 });
  try {
    new Webhook(secret).verify(text, headers as Record<string, string>);
    return true;
  } catch {
    return false;
  } finally {
    vi.useRealTimers();
  }
}

/** A new secret, as an operator would make it. */
export function secretOf(seed: number): string {
  return `whsec_${Buffer.alloc(32, seed).toString("base64")}`;
}
