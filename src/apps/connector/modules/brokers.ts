// Tells every event to message brokers (spec/connector-api.md 4.3).
import { type EventShape, fault, type PublisherPort } from "rapport/core";
import { createAmqpPublisher } from "rapport/plugins/publisher-amqp";
import { createMqttPublisher } from "rapport/plugins/publisher-mqtt";
import { createNatsPublisher } from "rapport/plugins/publisher-nats";
import { createPubSubPublisher } from "rapport/plugins/publisher-pubsub";
import { createRedisPublisher } from "rapport/plugins/publisher-redis";
import type { ModulesConfig } from "../config/modules-shape.ts";
import { contributed } from "./contributed.ts";
import { createProfileShape } from "./event-shape.ts";
import type { ConnectorModule, ModuleGround } from "./module.ts";

type Broker = ModulesConfig["messageBrokerPublisher"]["brokers"][number];

type Opened = PublisherPort & AsyncDisposable & { open(): Promise<void> };

/** The module `messageBrokerPublisher`, if it is on. A broker that is not there fails the start. */
export function brokersModule({ config }: ModuleGround): ConnectorModule[] {
  const { enabled, brokers } = config.modules.messageBrokerPublisher;
  if (!enabled) return [];
  if (brokers.length === 0)
    throw fault("publisher.invalid", "The module messageBrokerPublisher needs at least one broker in `brokers`.");
  const names = new Set<string>();
  const { shape, start } = createProfileShape(config);
  const publishers = brokers.map((broker) => publisherOf(broker, { name: uniqueName(placeOf(broker), names), shape }));
  const module: ConnectorModule = {
    name: "messageBrokerPublisher",
    plugins: publishers.map((publisher) => contributed(publisher.name, publisher)),
    start: async ({ identities }) => {
      start(identities);
      for (const publisher of publishers) await publisher.open();
    },
    stop: async () => start([]),
  };
  return [module];
}

function publisherOf(broker: Broker, given: { name: string; shape: EventShape }): Opened {
  switch (broker.type) {
    case "AMQP": {
      const { url, exchange, timeout: timeoutMs } = broker.configuration;
      return createAmqpPublisher({ ...given, url, exchange, timeoutMs });
    }
    case "MQTT":
      return createMqttPublisher({ ...given, url: broker.configuration.url });
    case "Redis":
      return createRedisPublisher({ ...given, url: broker.configuration.url });
    case "NATS":
      return createNatsPublisher({ ...given, url: broker.configuration.url });
    case "PubSub":
      return createPubSubPublisher({ ...given, ...broker.configuration });
  }
}

// What waits is kept under the publisher's name: it must not change with the order of the list or a password.
function placeOf(broker: Broker): string {
  if (broker.type === "PubSub") return `PubSub:${broker.configuration.projectId}/${broker.configuration.topicName}`;
  const { url } = broker.configuration;
  // Without a scheme, the user's name would be read as one and the password as a path.
  const isAddress = /^[a-z][a-z0-9+.-]*:\/\//i.test(url) && URL.canParse(url);
  const place = isAddress ? `${new URL(url).host}${new URL(url).pathname}` : url.replace(/^.*@/, "");
  return broker.type === "AMQP" ? `AMQP:${place}#${broker.configuration.exchange}` : `${broker.type}:${place}`;
}

function uniqueName(name: string, taken: Set<string>): string {
  let unique = name;
  for (let count = 2; taken.has(unique); count += 1) unique = `${name}-${count}`;
  taken.add(unique);
  return unique;
}
