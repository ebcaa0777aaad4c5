// The door "rapport/plugins/publisher-pubsub": events as messages of Google Cloud Pub/Sub.
export type { PubSubLike, PubSubMessage, PubSubPlace, PubSubTopicLike } from "./driver.ts";
export { pubSubPublisher } from "./plugin.ts";
export { createPubSubPublisher, type PubSubOptions, type PubSubPublisher } from "./publisher.ts";
