import { type Plugin, Publisher } from "rapport/core";
import { createMqttPublisher, type MqttOptions } from "./publisher.ts";

/** Tells every event to an MQTT broker. */
export function mqttPublisher(options: MqttOptions): Plugin {
  return {
    name: "publisher-mqtt",
    register: ({ contribute }) => contribute(Publisher, () => createMqttPublisher(options)),
  };
}
