import Ajv from "ajv";
import { describe, expect, test } from "vitest";
import { configJsonSchema } from "../../../../src/apps/connector/config/schema.ts";
import { configShape } from "../../../../src/apps/connector/config/shape.ts";
import { least, strongKey, withValues } from "./read.ts";

const ajv = new Ajv.default({ strict: false, validateFormats: false });
const fits = ajv.compile(configJsonSchema());

const server = "infrastructure.httpServer";
const good: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "the least": {},
  "a stock configuration of the second generation": {
    "infrastructure.httpServer": { enabled: true, port: 80, apiKey: "key", cors: { origin: false }, helmetOptions: {} },
    logging: {
      appenders: { console: { type: "stdout" } },
      categories: { default: { appenders: ["console"], level: "INFO" } },
    },
    "modules.sync": { enabled: true, interval: 30, location: "sync/SyncModule", displayName: "Sync" },
    "modules.decider": {
      enabled: true,
      location: "x",
      requiredInfrastructure: [],
      automationConfig: [{ requestConfig: {} }],
    },
    "modules.webhooksV2": {
      enabled: true,
      targets: { a: { url: "https://a.example" } },
      webhooks: [{ triggers: ["*"], target: "a" }],
    },
    "modules.autoAcceptRelationshipCreationChanges": { enabled: true, responseContent: { a: 1 } },
    "transportLibrary.platformMaxRedirects": 5,
    database: { driver: "sqlite", dbName: "default", dbNamePrefix: "acc-" },
  },
  "a stock configuration of the third generation": {
    [`${server}.authentication`]: {
      apiKey: {
        headerName: "X-API-KEY",
        keys: { main: { key: strongKey, expiresAt: "2030-01-01T00:00:00Z", scopes: ["core:*"] } },
      },
      jwtBearer: { issuerBaseURL: "https://i.example", audience: "us" },
      oidc: {
        issuerBaseURL: "https://i.example",
        baseURL: "https://c.example",
        clientID: "c",
        secret: "s",
        rolesPath: "r.a",
      },
    },
    "modules.messageBrokerPublisher": {
      enabled: true,
      brokers: [
        { type: "AMQP", configuration: { url: "amqp://h", exchange: "e" } },
        { type: "MQTT", configuration: { url: "mqtt://h" } },
        { type: "PubSub", configuration: { projectId: "p", topicName: "t", keyFile: "k" } },
        { type: "Redis", configuration: { url: "redis://h" } },
      ],
    },
    "modules.mine": { enabled: true, location: "./mine.js", anything: 1 },
  },
  "texts for numbers and switches": {
    "modules.sync.interval": "5",
    "modules.sync.enabled": "true",
    [`${server}.port`]: "8080",
  },
  "one host": { [`${server}.host`]: "::1" },
  "several identities": { "accounts.a": { prefix: "/a", apiKeys: [] } },
};

const bad: Readonly<Record<string, unknown>> = {
  colour: "red",
  debug: "maybe",
  "transportLibrary.baseUrl": "",
  "transportLibrary.platformTimeout": 0,
  "transportLibrary.platformAdditionalHeaders": { a: 1 },
  "database.driver": "mongodb",
  "database.dbName": "../x",
  "logging.level": "loud",
  [`${server}.port`]: 70_000,
  [`${server}.host`]: [],
  [`${server}.authentication.apiKey.keys.a`]: {},
  [`${server}.authentication.jwtBearer`]: { issuerBaseURL: "https://i.example" },
  "modules.sync.interval": 1.5,
  "modules.sync.extra": 1,
  "modules.mine": { enabled: true },
  "modules.webhooks.targets.a": { url: "https://a.example", authentication: { type: "Basic" } },
  "modules.messageBrokerPublisher.brokers": [{ type: "Kafka", configuration: {} }],
  "accounts.a": { prefix: "a" },
  referenceScheme: "Not A Scheme",
  pinnedTLSCertificateSHA256Fingerprints: { "a.example": ["abc"] },
};

describe("the published schema and the shape agree", () => {
  test.for(Object.entries(good))("both take %s", ([, values]) => {
    const config = withValues(least, values);

    expect(fits(config), JSON.stringify(fits.errors)).toBe(true);
    expect(configShape.safeParse(config).error?.issues ?? []).toEqual([]);
  });

  test.for(Object.entries(bad))("both refuse %s: %j", ([path, value]) => {
    const config = withValues(least, { [path]: value });

    expect(fits(config)).toBe(false);
    expect(configShape.safeParse(config).success).toBe(false);
  });
});
