import { type Plugin, Publisher } from "rapport/core";
import { createPubSubPublisher, type PubSubOptions } from "./publisher.ts";

/** Tells every event to a topic of Google Cloud Pub/Sub. */
export function pubSubPublisher(options: PubSubOptions): Plugin {
  return {
    name: "publisher-pubsub",
    register: ({ contribute }) => contribute(Publisher, () => createPubSubPublisher(options)),
  };
}
