/**
 * Events as messages of Google Cloud Pub/Sub, one for each event; the event's name is the attribute `namespace`.
 *
 * G1. An event counts as published when the service has given it an id; until then the engine keeps it.
 * G2. Messages of one account have one ordering key, so that a subscription with ordering gets them as they were published.
 */
import { createConnections, dataOf, type EventShape, fault, namesOf, type PublisherPort } from "rapport/core";
import { connectInstalledDriver, type PubSubLike, type PubSubMessage, type PubSubPlace } from "./driver.ts";
import { answerMsDefault } from "./limits.ts";

/** Options of a Pub/Sub publisher. */
export interface PubSubOptions extends PubSubPlace {
  readonly timeoutMs?: number;
  /** The publisher's name, under which the engine keeps what waits. Default "publisher-pubsub". */
  readonly name?: string;
  /** How events look outside; by default as the engine tells them. */
  readonly shape?: EventShape;
  /** Makes the client; that of @google-cloud/pubsub if nothing is given. */
  readonly connect?: (place: PubSubPlace) => Promise<PubSubLike>;
}

/** A publisher whose topic can be looked at before the first event. */
export interface PubSubPublisher extends PublisherPort, AsyncDisposable {
  /** Throws when the topic is not there. */
  open(): Promise<void>;
}

/** Makes the publisher; it connects when it is opened or has its first event. */
export function createPubSubPublisher(options: PubSubOptions): PubSubPublisher {
  const { name = "publisher-pubsub", shape, timeoutMs = answerMsDefault, connect = connectInstalledDriver } = options;
  const connections = createConnections<PubSubLike>({
    to: "Pub/Sub",
    timeoutMs,
    later: (run, ms) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    open: () => connect(options),
    close: (client) => client.close(),
  });

  return {
    name,
    subscribers: (event) => (namesOf(event, shape).length > 0 ? [name] : []),
    publish: async (event) => {
      const [namespace = event.name] = namesOf(event, shape);
      const data = Buffer.from(JSON.stringify(await dataOf(event, shape)));
      const caused = event.correlationId === undefined ? {} : { correlationId: event.correlationId };
      const attributes = { namespace, id: event.id, account: event.account, ...caused };
      await connections.use(({ topic }) => sent(topic, { data, attributes, orderingKey: event.account }));
    },
    open: () =>
      connections.use(async ({ topic }) => {
        const [isThere] = await topic.exists();
        if (isThere !== true)
          throw fault("publisher.invalid", `Pub/Sub has no topic "${options.topicName}"; make it first.`);
      }),
    [Symbol.asyncDispose]: () => connections[Symbol.asyncDispose](),
  };
}

async function sent(topic: PubSubLike["topic"], message: PubSubMessage): Promise<void> {
  try {
    await topic.publishMessage(message);
  } catch (problem) {
    topic.resumePublishing(message.orderingKey);
    throw problem;
  }
}
