// The answer to what is no request: bytes that are no HTTP, headers without end, requests that take too long.
import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { brokenWaitMs } from "./limits.ts";

/** What Node found wrong with the bytes of a connection. */
export type BrokenRequest = Error & { readonly code?: string };

/** The body that a server sends then, as JSON text, and headers of its own. */
export interface BrokenAnswer {
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const statusByCode: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

/** Answers, and closes the connection even when the other end never does. */
export function answerBroken(answer: () => BrokenAnswer): (error: BrokenRequest, socket: Socket) => void {
  return (error, socket) => {
    if (!socket.writable || error.code === "ECONNRESET") return void socket.destroy();
    const status = statusByCode[error.code ?? ""] ?? 400;
    const { text, headers = {} } = answer();
    const all = {
      ...headers,
      connection: "close",
      "content-type": "application/json; charset=utf-8",
      "content-length": String(Buffer.byteLength(text)),
    };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
    socket.end(`${[`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines].join("\r\n")}\r\n\r\n${text}`);
    // Whoever never closes its own end would keep the connection for ever.
    const cut = setTimeout(() => socket.destroy(), brokenWaitMs);
    socket.once("close", () => clearTimeout(cut));
  };
}
