import { describe, expect, test } from "vitest";
import { configShape } from "../../../../src/apps/connector/config/shape.ts";
import { shownConfig } from "../../../../src/apps/connector/config/shown.ts";
import { least, strongKey, withValues } from "./read.ts";

const secrets = {
  "transportLibrary.platformClientSecret": "hush-platform",
  "transportLibrary.platformAdditionalHeaders.X-Tenant-Token": "hush-header",
  "database.connectionString": "postgres://user:hush-database@db.example/main",
  "infrastructure.httpServer.apiKey": "hush-old-key",
  "infrastructure.httpServer.authentication": {
    apiKey: { keys: { main: { key: `${strongKey}-hush` } } },
    jwtBearer: { enabled: false, issuerBaseURL: "https://hush-issuer.example", audience: "hush-audience" },
    oidc: {
      issuerBaseURL: "https://i",
      baseURL: "https://b",
      clientID: "c",
      secret: "hush-oidc",
      clientSecret: "hush-client",
    },
  },
  "modules.webhooks.targets.a": {
    url: "https://me:hush-in-url@a.example/services/hush-path/{{trigger}}?token=hush-query",
    headers: { "X-Any": "hush-webhook-header" },
    authentication: { type: "OAuth2", accessTokenUrl: "https://t", clientId: "c", clientSecret: "hush-oauth" },
    signingSecrets: ["hush-signing"],
  },
  "modules.webhooks.webhooks": [
    {
      triggers: ["*"],
      target: { url: "https://b.example", authentication: { type: "ApiKey", apiKey: "hush-inline" } },
    },
  ],
  "modules.messageBrokerPublisher.brokers": [
    { type: "AMQP", configuration: { url: "amqp://guest:hush-p@ss@mq.example" } },
    { type: "NATS", configuration: { url: "nats://hush-nats-token@nats.example" } },
    { type: "NATS", configuration: { url: "me:hush-without-scheme@nats.example:4222" } },
  ],
  "modules.mine": { location: "./mine.js", password: "hush-mine", deep: { apiKey: "hush-deep" } },
};

describe("the configuration as it is shown", () => {
  const shown = shownConfig(configShape.parse(withValues(least, secrets))) as Record<string, never>;

  test("has none of its secrets", () => {
    expect(JSON.stringify(shown)).not.toMatch(/hush/);
  });

  test("still says what is switched on, and where things are", () => {
    expect(shown).toMatchObject({
      transportLibrary: { baseUrl: "http://relay.example", platformClientId: "id" },
      infrastructure: { httpServer: { authentication: { apiKey: "enabled", jwtBearer: "disabled", oidc: "enabled" } } },
      modules: {
        webhooks: { targets: { a: { url: "https://me:***@a.example/***", authentication: "enabled" } } },
        messageBrokerPublisher: {
          brokers: [
            { configuration: { url: "amqp://guest:***@mq.example" } },
            { configuration: { url: "nats://***@nats.example" } },
            { configuration: { url: "me:***@nats.example:4222" } },
          ],
        },
      },
    });
  });
});
