// The configuration of a Connector (spec/connector-api.md 4.2), with Rapport's own keys marked as such in the reference.
import { z } from "zod";
import { profileNames } from "../profiles/profile.ts";
import { authenticationShape } from "./authentication-shape.ts";
import { modulesShape } from "./modules-shape.ts";
import { flag, text, whole } from "./values.ts";

const portMax = 65_535;
const timeoutMsDefault = 60_000;

const transportLibraryShape = z.strictObject({
  baseUrl: text.describe("Where the relay (Backbone) is."),
  platformClientId: text.describe("Which client of the relay this Connector is."),
  platformClientSecret: text.describe("The client's secret."),
  platformTimeout: whole(1, 600_000)
    .default(timeoutMsDefault)
    .describe("Milliseconds that a call to the relay may take."),
  platformMaxRedirects: whole(0, 100).default(0).describe("Redirects that are followed; Rapport follows none."),
  platformAdditionalHeaders: z.record(z.string(), text).optional().describe("Headers that every call carries."),
  allowIdentityCreation: flag.default(true).describe("Whether an identity may be made when there is none."),
  addressGenerationHostnameOverride: text
    .optional()
    .describe("Kept for older configurations; the relay names the host."),
});

const databaseShape = z.strictObject({
  driver: z.enum(["sqlite", "postgres", "lowdb", "memory"]).default("sqlite").describe("Where everything is kept."),
  folder: text.default("rapport-connector").describe("For sqlite and lowdb: the folder of the files."),
  connectionString: text.optional().describe("For postgres: postgres://user:password@host/database."),
  dbName: text
    .default("default")
    .describe("Name of the database file, and of the identity when no accounts are named."),
  keyFile: text.optional().describe("File with the store key; RAPPORT_STORE_KEY is stronger."),
});

const httpServerShape = z.strictObject({
  enabled: flag.default(true),
  port: whole(0, portMax).optional().describe("Default 80 where that is allowed, else 8080."),
  host: z.array(text).default(["0.0.0.0", "::"]).describe("Addresses to listen on."),
  trustProxy: flag.default(false).describe("Whether one proxy in front says who asks."),
  cors: z.looseObject({}).default({ origin: false }).describe("Options of CORS; off by default."),
  helmetOptions: z.looseObject({}).default({}).describe("Options of the security headers."),
  apiKey: text.optional().describe("The one key of older configurations; weak ones only give a warning."),
  authentication: authenticationShape.default({}),
});

const accountShape = z.strictObject({
  prefix: z
    .string()
    .regex(/^\/[a-z0-9-]+$/i, { error: "must be like /acme: a slash, then letters, digits and hyphens" })
    .describe("In front of every route of this identity."),
  apiKeys: z.array(text).optional().describe("Names of the API keys that open it; default: those without `account`."),
});

/** The shape of the whole configuration. */
export const configShape = z.strictObject({
  $schema: z.string().optional(),
  debug: flag.default(false).describe("Error details, docs, debug routes, and no need for authentication."),
  transportLibrary: transportLibraryShape,
  database: databaseShape.prefault({}),
  logging: z
    .strictObject({
      level: z.enum(["debug", "info", "warn", "error", "silent"]).default("info").describe("What is written."),
    })
    .prefault({}),
  infrastructure: z.strictObject({ httpServer: httpServerShape.prefault({}) }).prefault({}),
  pinnedTLSCertificateSHA256Fingerprints: z.record(z.string(), z.array(text)).optional(),
  enforceCertificatePinning: flag.default(false),
  modules: modulesShape.prefault({}),
  accounts: z.record(z.string(), accountShape).optional().describe("Several identities in one process, by name."),
  legacyRealm: text.default("id1").describe("`peerIdentity.realm` for clients of the first generation."),
  referenceScheme: z
    .string()
    .regex(/^[a-z][a-z0-9+.-]*$/, { error: "must be a URL scheme such as nmshd" })
    .default("nmshd")
    .describe("Scheme of the links in QR codes of gen1 and gen2."),
  docsBaseUrl: text.default("https://enmeshed.eu").describe("Base of the documentation links in errors."),
});

/** A checked configuration with its defaults. */
export type ConnectorConfig = z.output<typeof configShape>;

/** What may be written in a configuration. */
export type ConnectorConfigInput = z.input<typeof configShape>;

/** Names of profiles, for those who only need the configuration. */
export const profileSetting = z.enum(profileNames);
