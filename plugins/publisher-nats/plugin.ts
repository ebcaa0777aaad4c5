import { type Plugin, Publisher } from "rapport/core";
import { createNatsPublisher, type NatsOptions } from "./publisher.ts";

/** Tells every event to a subject of NATS. */
export function natsPublisher(options: NatsOptions): Plugin {
  return {
    name: "publisher-nats",
    register: ({ contribute }) => contribute(Publisher, () => createNatsPublisher(options)),
  };
}
