// The door "rapport/plugins/publisher-amqp": events as messages of an AMQP broker such as RabbitMQ.
export type { AmqpChannelLike, AmqpLike, AmqpProperties, AmqpPublish } from "./driver.ts";
export { amqpPublisher } from "./plugin.ts";
export { type AmqpOptions, type AmqpPublisher, createAmqpPublisher } from "./publisher.ts";
