// The two calls of Pub/Sub that a publisher makes, answered here: gRPC over HTTP/2, as the service and its emulator speak it.
import { createServer, type ServerHttp2Session, type ServerHttp2Stream } from "node:http2";

/** A message as the service would keep it. */
export interface StoredMessage {
  readonly topic: string;
  readonly data: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly orderingKey: string;
}

/** A service with one topic. */
export interface PubSubStub extends AsyncDisposable {
  readonly host: string;
  readonly messages: readonly StoredMessage[];
  /** Refuses that many calls of Publish, with a status that is not repeated by the client. */
  refuse(count: number): void;
}

const notFound = "5";
const failedPrecondition = "9";

/** Starts one that knows the topic. */
export async function createPubSubStub(topic: string): Promise<PubSubStub> {
  const messages: StoredMessage[] = [];
  const sessions = new Set<ServerHttp2Session>();
  let refusals = 0;
  const answers: { readonly [path: string]: (request: Buffer) => Buffer | string } = {
    "/google.pubsub.v1.Publisher/GetTopic": (request) => {
      const [name = Buffer.alloc(0)] = fieldsOf(request, 1);
      return name.toString() === topic ? field(1, name) : notFound;
    },
    "/google.pubsub.v1.Publisher/Publish": (request) => {
      if (refusals > 0) {
        refusals -= 1;
        return failedPrecondition;
      }
      const [name = Buffer.alloc(0)] = fieldsOf(request, 1);
      const stored = fieldsOf(request, 2).map((message) => storedFrom(name.toString(), message));
      messages.push(...stored);
      return Buffer.concat(stored.map((_one, index) => field(1, Buffer.from(`${messages.length + index}`))));
    },
  };
  const server = createServer();
  server.on("session", (session) => sessions.add(session));
  server.on("stream", (stream, headers) => answer(stream, answers[String(headers[":path"])]));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    host: `127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`,
    messages,
    refuse: (count) => {
      refusals = count;
    },
    [Symbol.asyncDispose]: async () => {
      for (const session of sessions) session.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(stream: ServerHttp2Stream, method: ((request: Buffer) => Buffer | string) | undefined): void {
  const chunks: Buffer[] = [];
  stream.on("error", () => undefined);
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  stream.on("end", () => {
    // One byte says whether it is compressed, four how long it is.
    const said = method?.(Buffer.concat(chunks).subarray(5)) ?? "12";
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": typeof said === "string" ? said : "0" }));
    stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
    if (typeof said === "string") return stream.end();
    const head = Buffer.alloc(5);
    head.writeUInt32BE(said.length, 1);
    stream.end(Buffer.concat([head, said]));
  });
}

function storedFrom(topic: string, message: Buffer): StoredMessage {
  const text = (from: Buffer, number: number) => fieldsOf(from, number)[0]?.toString() ?? "";
  return {
    topic,
    data: text(message, 1),
    attributes: Object.fromEntries(fieldsOf(message, 2).map((entry) => [text(entry, 1), text(entry, 2)])),
    orderingKey: text(message, 5),
  };
}

/** The values of a field of protobuf that has a length; the messages here have no others. */
function fieldsOf(message: Buffer, number: number): readonly Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < message.length; ) {
    const [tag, afterTag] = varint(message, at);
    const [length, start] = varint(message, afterTag);
    if (tag >> 3 === number) found.push(message.subarray(start, start + length));
    at = start + length;
  }
  return found;
}

function varint(message: Buffer, from: number): readonly [number, number] {
  let value = 0;
  for (let at = from, shift = 0; ; at += 1, shift += 7) {
    const byte = message[at] ?? 0;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return [value, at + 1];
  }
}

function field(number: number, value: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 2, value.length]), value]);
}
