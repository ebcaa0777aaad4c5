import { type Plugin, Publisher } from "rapport/core";
import { type AmqpOptions, createAmqpPublisher } from "./publisher.ts";

/** Tells every event to an AMQP broker. */
export function amqpPublisher(options: AmqpOptions): Plugin {
  return {
    name: "publisher-amqp",
    register: ({ contribute }) => contribute(Publisher, () => createAmqpPublisher(options)),
  };
}
