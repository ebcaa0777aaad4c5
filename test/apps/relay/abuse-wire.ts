// Requests as no client would send them: nothing is tidied up on the way, unlike with `fetch`.
import { request } from "node:http";
import { connect } from "node:net";

/** What came back. */
export interface Heard {
  readonly status: number;
  readonly text: string;
  readonly type: string | undefined;
}

/** A request whose path and headers go out as they are. */
export interface Plain {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
}

/** Sends one. The answer counts even when the server stops reading before everything is sent. */
export function sendPlain(url: string, { method = "GET", path, headers = {}, body }: Plain): Promise<Heard> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let isAnswered = false;
    const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const sent = request({ hostname, port, method, path, agent: false, headers: { ...length, ...headers } as never });
    sent.on("response", (response) => {
      isAnswered = true;
      const chunks: Buffer[] = [];
      response.on("data", (chunk) => chunks.push(chunk));
      const done = () =>
        resolve({
          status: response.statusCode ?? 0,
          text: Buffer.concat(chunks).toString(),
          type: response.headers["content-type"],
        });
      response.on("end", done).on("error", done);
    });
    sent.on("error", (error) => {
      if (!isAnswered) reject(error);
    });
    sent.end(body);
  });
}

/** Writes these pieces to a socket and gives what the server says until it closes it. */
export function sendRaw(url: string, ...pieces: readonly (string | Uint8Array)[]): Promise<Heard> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    const chunks: Buffer[] = [];
    socket.on("data", (chunk) => chunks.push(chunk));
    // A reset after the answer is the server's right.
    socket.on("error", () => {});
    socket.on("close", () => resolve(heardIn(Buffer.concat(chunks).toString())));
    for (const piece of pieces) socket.write(piece);
  });
}

function heardIn(answer: string): Heard {
  const [head = "", ...rest] = answer.split("\r\n\r\n");
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0);
  return { status, text: rest.join("\r\n\r\n"), type: /content-type: (.*)/i.exec(head)?.[1] };
}
