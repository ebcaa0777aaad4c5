// Where events leave the house: targets of webhooks, and brokers (spec/connector-api.md 4.3, 4.4).
import { z } from "zod";
import { text, texts, whole } from "./values.ts";

const signingSecretsMax = 2;
const amqpTimeoutMsMax = 600_000;
const amqpTimeoutMsDefault = 2_000;

const webhookAuthentication = z.discriminatedUnion(
  "type",
  [
    z.strictObject({
      type: z.literal("ApiKey").describe("A key in a header."),
      apiKey: text.describe("The key."),
      headerName: text.default("x-api-key").describe("The header that carries it."),
    }),
    z.strictObject({
      type: z.literal("OAuth2").describe("An access token by client credentials."),
      accessTokenUrl: text.describe("Where tokens are given out."),
      clientId: text.describe("Who asks for them."),
      clientSecret: text.describe("The client's secret."),
      scope: text.optional().describe("What they are asked for."),
    }),
  ],
  { error: "must have a type: ApiKey or OAuth2" },
);

/** Somebody who is called. */
export const webhookTargetShape = z.strictObject({
  url: text.describe("Where to; `{{trigger}}` becomes the name of the event."),
  headers: z.record(z.string(), z.string()).optional().describe("Headers of every call."),
  authentication: webhookAuthentication.optional().describe("How the target knows that it is us."),
  signingSecrets: texts
    .max(signingSecretsMax, { error: `must have at most ${signingSecretsMax} secrets` })
    .optional()
    .describe("Rapport's own: Standard Webhooks secrets, the newest first."),
});

/** A broker, by its kind. */
export const brokerShape = z.discriminatedUnion(
  "type",
  [
    z.strictObject({
      type: z.literal("AMQP").describe("RabbitMQ and its like."),
      configuration: z
        .strictObject({
          url: text.describe("amqp(s)://user:password@host."),
          exchange: z
            .string()
            .default("")
            .describe("The exchange; it must exist. The event's name is the routing key."),
          timeout: whole(1, amqpTimeoutMsMax)
            .prefault(amqpTimeoutMsDefault)
            .describe("Milliseconds that connecting may take."),
        })
        .describe("Where it is."),
    }),
    z.strictObject({
      type: z.literal("MQTT").describe("MQTT; the dots of an event's name become slashes of the topic."),
      configuration: z.strictObject({ url: text.describe("mqtt(s)://user:password@host.") }).describe("Where it is."),
    }),
    z.strictObject({
      type: z.literal("PubSub").describe("Google Pub/Sub."),
      configuration: z
        .strictObject({
          projectId: text.describe("The project."),
          topicName: text.describe("The topic."),
          keyFile: text.describe("The file with the service account's key."),
        })
        .describe("Where it is."),
    }),
    z.strictObject({
      type: z.literal("Redis").describe("Redis; the event's name is the channel."),
      configuration: z.strictObject({ url: text.describe("redis(s)://user:password@host.") }).describe("Where it is."),
    }),
    z.strictObject({
      type: z.literal("NATS").describe("Rapport's own: NATS; the event's name is the subject."),
      configuration: z.strictObject({ url: text.describe("nats://user:password@host.") }).describe("Where it is."),
    }),
  ],
  { error: "must have a type: AMQP, MQTT, PubSub, Redis or NATS" },
);
