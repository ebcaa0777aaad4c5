/**
 * Events as messages of AMQP 0-9-1, one for each event, with the event's name as routing key.
 *
 * A1. An event counts as published when the broker has confirmed it; until then the engine keeps it.
 */
import {
  createConnections,
  dataOf,
  type EventShape,
  fault,
  namesOf,
  type PublishedEvent,
  type PublisherPort,
} from "rapport/core";
import { type AmqpChannelLike, type AmqpLike, connectInstalledDriver } from "./driver.ts";
import { answerMsDefault, publishRestMs } from "./limits.ts";

/** Options of an AMQP publisher. */
export interface AmqpOptions {
  /** `amqp://user:password@host:5672/vhost`, or `amqps://...`. */
  readonly url: string;
  /** An exchange that exists; the default one, which delivers to the queue of the event's name, if nothing is given. */
  readonly exchange?: string;
  readonly timeoutMs?: number;
  /** The publisher's name, under which the engine keeps what waits. Default "publisher-amqp". */
  readonly name?: string;
  /** How events look outside; by default as the engine tells them. */
  readonly shape?: EventShape;
  /** Connects; amqplib if nothing is given. */
  readonly connect?: (url: string, timeoutMs: number) => Promise<AmqpLike>;
}

/** A publisher with a connection that can be opened before the first event. */
export interface AmqpPublisher extends PublisherPort, AsyncDisposable {
  /** Throws when the broker or the exchange is not there. */
  open(): Promise<void>;
}

interface Line {
  readonly connection: AmqpLike;
  readonly channel: AmqpChannelLike;
}

/** Makes the publisher; it connects when it is opened or has its first event, and again after every break. */
export function createAmqpPublisher(options: AmqpOptions): AmqpPublisher {
  const { name = "publisher-amqp", shape, exchange = "", timeoutMs = answerMsDefault } = options;
  const connections = createConnections<Line>({
    to: "the AMQP broker",
    timeoutMs,
    later: (run, ms) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    open: (lose) => lineTo(options, { exchange, timeoutMs, lose }),
    close: ({ connection }) => connection.close(),
  });

  return {
    name,
    publishMaxMs: 2 * timeoutMs + publishRestMs,
    subscribers: (event) => (namesOf(event, shape).length > 0 ? [name] : []),
    publish: async (event) => {
      const [routingKey = event.name] = namesOf(event, shape);
      const content = Buffer.from(JSON.stringify(await dataOf(event, shape)));
      await connections.use(({ channel }) => confirmed(channel, { exchange, routingKey, content, event }));
    },
    open: () => connections.use(async () => undefined),
    [Symbol.asyncDispose]: () => connections[Symbol.asyncDispose](),
  };
}

async function lineTo(
  options: AmqpOptions,
  given: { exchange: string; timeoutMs: number; lose: (problem: unknown) => void },
): Promise<Line> {
  const { connect = connectInstalledDriver } = options;
  const connection = await connect(options.url, given.timeoutMs);
  connection.on("error", given.lose);
  connection.on("close", () => given.lose("the connection was closed"));
  try {
    const channel = await channelOn(connection, given.exchange);
    channel.on("close", () => given.lose("the broker closed the channel"));
    return { connection, channel };
  } catch (problem) {
    // Not waited for: hearing that it is closed must not come before the reason.
    connection.close().catch(() => undefined);
    throw problem;
  }
}

async function channelOn(connection: AmqpLike, exchange: string): Promise<AmqpChannelLike> {
  const channel = await connection.createConfirmChannel();
  // Unheard, an error would end the process; the channel is closed after it.
  channel.on("error", () => undefined);
  // The default exchange always exists, and brokers do not let anybody ask for it.
  if (exchange !== "") await checked(channel, exchange);
  return channel;
}

async function checked(channel: AmqpChannelLike, exchange: string): Promise<void> {
  try {
    await channel.checkExchange(exchange);
  } catch (cause) {
    throw fault("publisher.invalid", `The AMQP broker has no exchange "${exchange}"; declare it first.`, { cause });
  }
}

function confirmed(channel: AmqpChannelLike, { exchange, routingKey, content, event }: Message): Promise<void> {
  const properties = {
    messageId: event.id,
    persistent: true,
    contentType: "application/json",
    timestamp: Math.floor(Date.parse(event.at) / 1000),
    type: routingKey,
    ...(event.correlationId === undefined ? {} : { correlationId: event.correlationId }),
    headers: { account: event.account },
  } as const;
  return new Promise((resolve, reject) => {
    channel.publish(exchange, routingKey, content, properties, (problem) => {
      if (problem === null || problem === undefined) resolve();
      else reject(problem instanceof Error ? problem : new Error("the broker did not take it"));
    });
  });
}

interface Message {
  readonly exchange: string;
  readonly routingKey: string;
  readonly content: Buffer;
  readonly event: PublishedEvent;
}
