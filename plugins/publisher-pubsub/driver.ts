import { fault } from "rapport/core";

/** The methods this plugin needs of a topic; @google-cloud/pubsub has them. */
export interface PubSubTopicLike {
  exists(): Promise<readonly boolean[]>;
  /** Resolves with the message's id when the service has it. */
  publishMessage(message: PubSubMessage): Promise<string>;
  /** After a failure nothing more goes out under an ordering key until this is called. */
  resumePublishing(orderingKey: string): void;
}

/** One message. */
export interface PubSubMessage {
  readonly data: Buffer;
  readonly attributes: { [name: string]: string };
  readonly orderingKey: string;
}

/** A topic, and a way to end its connections. */
export interface PubSubLike {
  readonly topic: PubSubTopicLike;
  close(): Promise<void>;
}

/** Where the topic is. */
export interface PubSubPlace {
  readonly projectId: string;
  readonly topicName: string;
  /** File with the key of a service account. */
  readonly keyFile?: string;
}

/** Uses the package @google-cloud/pubsub, which connects and repeats by itself. */
export async function connectInstalledDriver(place: PubSubPlace, load = loadPubSub): Promise<PubSubLike> {
  const { PubSub } = await load();
  const key = place.keyFile === undefined ? {} : { keyFilename: place.keyFile };
  const client = new PubSub({ projectId: place.projectId, ...key });
  // One message a call: each event is waited for anyway, and a batch would only be late.
  const topic = client.topic(place.topicName, { messageOrdering: true, batching: { maxMessages: 1 } });
  return {
    topic: {
      exists: () => topic.exists(),
      publishMessage: (message) => topic.publishMessage(message),
      resumePublishing: (orderingKey) => topic.resumePublishing(orderingKey),
    },
    close: () => client.close(),
  };
}

/** The package as it is installed, or a fault that says how to install it. */
export async function loadPubSub(load = () => import("@google-cloud/pubsub")) {
  try {
    return await load();
  } catch (cause) {
    const what = "The Pub/Sub publisher needs the package @google-cloud/pubsub";
    throw fault("plugin.failed", `${what}: npm install @google-cloud/pubsub.`, { cause });
  }
}
