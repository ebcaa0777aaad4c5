/**
 * Events as messages of MQTT, one for each event; the topic is the event's name with slashes for dots.
 *
 * M1. An event counts as published when the broker has acknowledged it (QoS 1); until then the engine keeps it.
 */
import { createConnections, dataOf, type EventShape, namesOf, type PublisherPort } from "rapport/core";
import { connectInstalledDriver, type MqttLike } from "./driver.ts";
import { answerMsDefault } from "./limits.ts";

/** Options of an MQTT publisher. */
export interface MqttOptions {
  /** `mqtt://user:password@host:1883`, or `mqtts://`, `ws://`, `wss://`. */
  readonly url: string;
  readonly timeoutMs?: number;
  /** The publisher's name, under which the engine keeps what waits. Default "publisher-mqtt". */
  readonly name?: string;
  /** How events look outside; by default as the engine tells them. */
  readonly shape?: EventShape;
  /** Connects; the package mqtt if nothing is given. It must not connect again by itself. */
  readonly connect?: (url: string, timeoutMs: number) => Promise<MqttLike>;
}

/** A publisher with a connection that can be opened before the first event. */
export interface MqttPublisher extends PublisherPort, AsyncDisposable {
  /** Throws when the broker is not there. */
  open(): Promise<void>;
}

/** Makes the publisher; it connects when it is opened or has its first event, and again after every break. */
export function createMqttPublisher(options: MqttOptions): MqttPublisher {
  const { name = "publisher-mqtt", shape, timeoutMs = answerMsDefault, connect = connectInstalledDriver } = options;
  const connections = createConnections<MqttLike>({
    to: "the MQTT broker",
    timeoutMs,
    later: (run, ms) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    open: async (lose) => {
      const client = await connect(options.url, timeoutMs);
      client.on("error", lose);
      client.on("close", () => lose("the connection was closed"));
      return client;
    },
    close: (client) => client.endAsync(true),
  });

  return {
    name,
    subscribers: (event) => (namesOf(event, shape).length > 0 ? [name] : []),
    publish: async (event) => {
      const [told = event.name] = namesOf(event, shape);
      const payload = JSON.stringify(await dataOf(event, shape));
      await connections.use((client) => client.publishAsync(told.replaceAll(".", "/"), payload, { qos: 1 }));
    },
    open: () => connections.use(async () => undefined),
    [Symbol.asyncDispose]: () => connections[Symbol.asyncDispose](),
  };
}
