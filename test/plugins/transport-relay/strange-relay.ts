// A relay written by hand for one test: it answers what the test says, and remembers what it was asked.
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { createRelayTransport, type RelayTransportOptions } from "rapport/plugins/transport-relay";
import { onTestFinished } from "vitest";

/** What came in. */
export interface Heard {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** How one request is answered. */
export type Reply = (response: ServerResponse, heard: Heard) => void;

/** The session of whoever calls. */
export const session = { username: "USR00000000000000001", password: "secret" };

/** A success in the envelope. */
export const result =
  (value: unknown, headers: { readonly [name: string]: string } = {}): Reply =>
  (response) => {
    response.writeHead(200, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify({ result: value }));
  };

/** Any status with any body. */
export const raw =
  (status: number, body: string, type = "application/json"): Reply =>
  (response) => {
    response.writeHead(status, { "content-type": type });
    response.end(body);
  };

/** A token that lives for so many seconds. */
export const token =
  (access_token: string, expires_in: number | string = 300): Reply =>
  (response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ access_token, token_type: "Bearer", expires_in }));
  };

/** Starts one, and a transport to it; both end with the test. Logging in works unless `logIn` says otherwise. */
export async function openStrange(
  reply: Reply,
  { logIn = token("t"), ...options }: Partial<RelayTransportOptions> & { logIn?: Reply } = {},
) {
  const heard: Heard[] = [];
  const server = createServer(answering(heard, { reply, logIn }));
  const baseUrl = `http://127.0.0.1:${await listening(server)}`;
  const transport = createRelayTransport({ baseUrl, ...options });
  onTestFinished(async () => {
    await transport[Symbol.asyncDispose]();
    server.closeAllConnections();
    server.close();
  });
  const calls = () => heard.filter(({ url }) => !url.endsWith("/connect/token"));
  return { transport, server, heard, calls, logins: () => heard.length - calls().length };
}

/** The same over TLS, with a certificate of its own; gives its base URL. */
export async function openSecure(reply: Reply, certificate: { readonly key: string; readonly cert: string }) {
  const server = createSecureServer(certificate, answering([], { reply, logIn: token("t") }));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `https://localhost:${await listening(server)}`;
}

function answering(
  heard: Heard[],
  { reply, logIn }: { readonly reply: Reply; readonly logIn: Reply },
): RequestListener {
  return (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      const one = { method, url, headers, body: Buffer.concat(chunks).toString() };
      heard.push(one);
      (url.endsWith("/connect/token") ? logIn : reply)(response, one);
    });
  };
}

function listening(server: ReturnType<typeof createServer>): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}
