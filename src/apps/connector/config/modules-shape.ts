// Modules and their settings (spec/connector-api.md 4.3, 4.4).
import { z } from "zod";
import { profileNames } from "../profiles/profile.ts";
import { flag, text, whole } from "./values.ts";

const common = {
  displayName: z.string().optional(),
  location: z.string().optional(),
  requiredInfrastructure: z.array(z.string()).optional(),
};
const intervalSecondsMax = 86_400;

/** A module without settings. */
function plain(isOn: boolean) {
  return z.strictObject({ ...common, enabled: flag.default(isOn) }).prefault({});
}

const coreHttpApi = z.strictObject({
  ...common,
  enabled: flag.default(true),
  docs: z
    .strictObject({
      enabled: flag.default(false),
      rapidoc: z.strictObject({ persistAuth: flag.default(false) }).prefault({}),
    })
    .prefault({}),
  profile: z.enum(profileNames).default("union").describe("Rapport's own: the profile of /api/v2."),
  syncResponse: z.enum(["auto", "result", "none"]).default("auto").describe("Rapport's own: the answer of Sync."),
  app: flag.default(true).describe("Rapport's own: whether /app is served."),
});

const webhookAuthentication = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("ApiKey"), apiKey: text, headerName: text.default("x-api-key") }),
  z.strictObject({
    type: z.literal("OAuth2"),
    accessTokenUrl: text,
    clientId: text,
    clientSecret: text,
    scope: text.optional(),
  }),
]);

const webhookTarget = z.strictObject({
  url: text,
  headers: z.record(z.string(), z.string()).optional(),
  authentication: webhookAuthentication.optional(),
  signingSecrets: z
    .array(text)
    .max(2)
    .optional()
    .describe("Rapport's own: Standard Webhooks secrets, the newest first."),
});

const webhooks = z.strictObject({
  ...common,
  enabled: flag.default(false),
  targets: z.record(z.string(), webhookTarget).default({}),
  webhooks: z.array(z.strictObject({ triggers: z.array(text), target: z.union([text, webhookTarget]) })).default([]),
  skipTlsCheck: flag.default(false),
});

const broker = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("AMQP"),
    configuration: z.strictObject({
      url: text,
      exchange: z.string().default(""),
      timeout: whole(1, 600_000).default(2_000),
    }),
  }),
  z.strictObject({ type: z.literal("MQTT"), configuration: z.strictObject({ url: text }) }),
  z.strictObject({
    type: z.literal("PubSub"),
    configuration: z.strictObject({ projectId: text, topicName: text, keyFile: text }),
  }),
  z.strictObject({ type: z.literal("Redis"), configuration: z.strictObject({ url: text }) }),
  z.strictObject({ type: z.literal("NATS"), configuration: z.strictObject({ url: text }) }),
]);

/** All modules. Unknown names are modules of the user's own, loaded from `location`. */
export const modulesShape = z
  .object({
    request: plain(true),
    decider: z
      .strictObject({
        ...common,
        enabled: flag.default(true),
        automationConfig: z.array(z.looseObject({})).default([]),
        neverAutomatic: z.array(text).optional(),
      })
      .prefault({}),
    notification: plain(true),
    attributeListener: plain(true),
    coreHttpApi: coreHttpApi.prefault({}),
    sync: z
      .strictObject({ ...common, enabled: flag.default(false), interval: whole(1, intervalSecondsMax).default(60) })
      .prefault({}),
    sse: z.strictObject({ ...common, enabled: flag.default(false), baseUrlOverride: text.optional() }).prefault({}),
    autoAcceptPendingRelationships: plain(false),
    autoAcceptRelationshipCreationChanges: z
      .strictObject({ ...common, enabled: flag.default(false), responseContent: z.looseObject({}).optional() })
      .prefault({}),
    autoDecomposeDeletionProposedRelationships: plain(false),
    webhooks: webhooks.prefault({}),
    webhooksV2: webhooks.optional(),
    messageBrokerPublisher: z
      .strictObject({ ...common, enabled: flag.default(false), brokers: z.array(broker).default([]) })
      .prefault({}),
  })
  .catchall(z.looseObject({ enabled: flag.default(true), location: text }));

/** The checked settings of all modules. */
export type ModulesConfig = z.output<typeof modulesShape>;
