import { connect, type Socket } from "node:net";
import { newPlace, startChild } from "./processes.ts";

const streams = 10_000;
const atOnce = 200;

/** Memory of a relay process for each waiting event stream, in KB of resident memory, among ten thousand. */
export async function streamsCase() {
  const { place } = await newPlace("memory");
  const relay = await startChild({ mode: "streams", place });
  const sockets: Socket[] = [];
  try {
    sockets.push(...(await openSome(relay.url, 100, 0)));
    const before = await relay.memory();
    for (let from = 100; from < streams; from += atOnce) {
      sockets.push(...(await openSome(relay.url, Math.min(atOnce, streams - from), from)));
    }
    const after = await relay.memory();
    const opened = streams - 100;
    const kb = (bytes: number) => bytes / opened / 1024;
    const resident = kb(after.rss - before.rss);
    return { streams, heapKb: kb(after.heapUsed - before.heapUsed), residentKb: resident, ratio: resident };
  } finally {
    for (const socket of sockets) socket.destroy();
    await relay.end();
  }
}

function openSome(url: string, count: number, from: number): Promise<Socket[]> {
  return Promise.all(Array.from({ length: count }, (_, at) => openOne(url, `stranger-${from + at}`)));
}

/** Resolves when the first event came. */
function openOne(url: string, token: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    socket.once("error", reject);
    let text = "";
    socket.on("data", (bytes) => {
      text += bytes;
      if (text.includes("ConnectionOpened")) resolve(socket);
      else if (/^HTTP\/1.1 [45]/.test(text)) reject(new Error(text));
    });
    socket.write(`GET /api/v1/sse HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${token}\r\n\r\n`);
  });
}
