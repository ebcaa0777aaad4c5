// The door "rapport/plugins/publisher-mqtt": events as messages of an MQTT broker such as Mosquitto.
export type { MqttLike } from "./driver.ts";
export { mqttPublisher } from "./plugin.ts";
export { createMqttPublisher, type MqttOptions, type MqttPublisher } from "./publisher.ts";
