/**
 * Events as messages of NATS, one for each event; the subject is the event's name.
 *
 * T1. An event counts as published when the server has answered after it. A server without a stream for the subject keeps no
 *     messages: who does not listen then has missed it. A stream drops repeats by the header Nats-Msg-Id.
 */
import { createConnections, dataOf, type EventShape, namesOf, type PublisherPort } from "rapport/core";
import { connectInstalledDriver, type NatsLike } from "./driver.ts";
import { answerMsDefault } from "./limits.ts";

/** Options of a NATS publisher. */
export interface NatsOptions {
  /** `nats://user:password@host:4222`, or `tls://...`. */
  readonly url: string;
  readonly timeoutMs?: number;
  /** The publisher's name, under which the engine keeps what waits. Default "publisher-nats". */
  readonly name?: string;
  /** How events look outside; by default as the engine tells them. */
  readonly shape?: EventShape;
  /** Connects; @nats-io/transport-node if nothing is given. It must not connect again by itself. */
  readonly connect?: (url: string, timeoutMs: number) => Promise<NatsLike>;
}

/** A publisher with a connection that can be opened before the first event. */
export interface NatsPublisher extends PublisherPort, AsyncDisposable {
  /** Throws when the server is not there. */
  open(): Promise<void>;
}

/** Makes the publisher; it connects when it is opened or has its first event, and again after every break. */
export function createNatsPublisher(options: NatsOptions): NatsPublisher {
  const { name = "publisher-nats", shape, timeoutMs = answerMsDefault, connect = connectInstalledDriver } = options;
  const connections = createConnections<NatsLike>({
    to: "NATS",
    timeoutMs,
    later: (run, ms) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    open: async (lose) => {
      const nats = await connect(options.url, timeoutMs);
      nats.closed().then(
        (why) => lose(why ?? "the connection was closed"),
        (problem) => lose(problem),
      );
      return nats;
    },
    close: (nats) => nats.close(),
  });

  return {
    name,
    subscribers: (event) => (namesOf(event, shape).length > 0 ? [name] : []),
    publish: async (event) => {
      const [subject = event.name] = namesOf(event, shape);
      const payload = JSON.stringify(await dataOf(event, shape));
      const caused = event.correlationId === undefined ? {} : { "x-correlation-id": event.correlationId };
      const headers = { "Nats-Msg-Id": event.id, account: event.account, ...caused };
      await connections.use(async (nats) => {
        nats.publish(subject, payload, headers);
        await nats.flush();
      });
    },
    open: () => connections.use(async () => undefined),
    [Symbol.asyncDispose]: () => connections[Symbol.asyncDispose](),
  };
}
