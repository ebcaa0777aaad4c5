// The configuration of a Connector (spec/connector-api.md 4.2), with Rapport's own keys marked as such in the reference.
import { z } from "zod";
import { authenticationShape } from "./authentication-shape.ts";
import { type ModulesInput, modulesShape } from "./modules-shape.ts";
import { flag, logLevel, text, texts, whole } from "./values.ts";

const portMax = 65_535;
const timeoutMsDefault = 60_000;

const transportLibraryShape = z.strictObject({
  baseUrl: text.describe("Where the relay (Backbone) is."),
  platformClientId: text.describe("Which client of the relay this Connector is."),
  platformClientSecret: text.describe("The client's secret."),
  platformTimeout: whole(1, 600_000)
    .prefault(timeoutMsDefault)
    .describe("Milliseconds that an answer of the relay may take to begin, and to go on."),
  platformMaxRedirects: whole(0, 100)
    .prefault(0)
    .describe("Kept for older configurations: no relay redirects, and Rapport follows none."),
  platformAdditionalHeaders: z
    .record(z.string(), text)
    .optional()
    .describe("Headers that every call to the relay carries."),
  allowIdentityCreation: flag.prefault(true).describe("Whether an identity may be made when there is none."),
  addressGenerationHostnameOverride: text
    .optional()
    .describe("The host name in addresses, when it is not that of `baseUrl`."),
});

const replacementByDriver: Readonly<Record<string, string>> = {
  mongodb:
    'is "mongodb", which Rapport does not speak. Use "postgres" with a connectionString for several processes, or "sqlite" for one, which keeps everything in the folder `database.folder`. The data of a MongoDB is not taken over',
  lokijs:
    'is "lokijs", which Rapport does not have. Use "lowdb" for one readable JSON file in the folder `database.folder`, or "memory" to keep nothing. Files of LokiJS are not taken over',
};

const databaseShape = z.strictObject({
  driver: z
    .enum(["sqlite", "postgres", "lowdb", "memory"], {
      error: ({ input }) => replacementByDriver[String(input)] ?? "must be sqlite, postgres, lowdb or memory",
    })
    .default("sqlite")
    .describe(
      "Where everything is kept: sqlite (one file, one process), postgres (any number of processes), lowdb (one readable JSON file, small data), memory (nothing is kept). `mongodb` and `lokijs` of older configurations are refused with what replaces them.",
    ),
  folder: text.default("rapport-connector").describe("For sqlite and lowdb: the folder of the files."),
  connectionString: text.optional().describe("For postgres: postgres://user:password@host/database."),
  dbName: text
    .regex(/^[\w.-]+$/, { error: "must have letters, digits, dots, hyphens and underscores only" })
    .default("default")
    .describe(
      "Name of the file (sqlite, lowdb) or of the schema (postgres), and of the identity when no `accounts` are named.",
    ),
  dbNamePrefix: z.string().optional().describe("Kept for older configurations; it has no effect."),
  keyFile: text
    .optional()
    .describe(
      "File with the store key, made at the first start. RAPPORT_STORE_KEY is stronger; without both, sqlite and lowdb keep it beside their file. postgres needs one of the two.",
    ),
});

const httpServerShape = z.strictObject({
  enabled: flag.prefault(true).describe("Whether the Connector listens; without it only modules work."),
  port: whole(0, portMax).optional().describe("Default: 80 if this process may listen there, else 8080."),
  host: z
    .union([texts.min(1, { error: "must not be empty" }), text.transform((one) => [one])], {
      error: "must be a list of texts",
    })
    .prefault(["0.0.0.0", "::"])
    .describe("Rapport's own: addresses to listen on, as a list or a single one."),
  trustProxy: flag.prefault(false).describe("Rapport's own: believe one proxy in front about who asks, and over what."),
  cors: z.looseObject({}).default({ origin: false }).describe("Options of CORS; off by default."),
  helmetOptions: z.looseObject({}).default({}).describe("Options of the security headers, over strict defaults."),
  apiKey: text
    .optional()
    .describe(
      "The one key of older configurations, in X-API-KEY; it opens everything. A weak one only gives a warning.",
    ),
  authentication: authenticationShape.default({}).describe("Who may call."),
});

const accountShape = z.strictObject({
  prefix: z
    .string({ error: "must be a text" })
    .regex(/^\/[A-Za-z0-9-]+$/, { error: "must be like /acme: a slash, then letters, digits and hyphens" })
    .describe("In front of every route of this identity."),
  apiKeys: texts
    .optional()
    .describe("Names of the API keys that open it. Default: those that name no other `account`."),
});

const loggingShape = z
  .strictObject({
    level: logLevel.optional().describe("What is written, and everything graver: debug, info, warn, error or silent."),
    appenders: z.looseObject({}).optional().describe("Kept for older configurations; lines go to standard error."),
    categories: z
      .looseObject({ default: z.looseObject({ level: logLevel.optional().describe("As `level`.") }).optional() })
      .optional()
      .describe("Kept for older configurations; `categories.default.level` counts when `level` is absent."),
  })
  .transform(({ level, categories }) => ({ level: level ?? categories?.default?.level ?? "info" }));

const fingerprint = z
  .string({ error: "must be a text" })
  .regex(/^[0-9A-Fa-f]{2}(:?[0-9A-Fa-f]{2}){31}$/, { error: "must be a SHA-256 fingerprint: 64 hexadecimal digits" });

/** The shape of the whole configuration. */
export const configShape = z.strictObject({
  $schema: z.string().optional().describe("For editors."),
  debug: flag.prefault(false).describe("Error details, docs, debug routes, and no need for authentication."),
  transportLibrary: transportLibraryShape.describe("The way to the relay."),
  database: databaseShape.prefault({}).describe("Where everything is kept."),
  logging: loggingShape.prefault({}).describe("What is written to standard error, one JSON object for each line."),
  infrastructure: z
    .strictObject({ httpServer: httpServerShape.prefault({}).describe("The HTTP server.") })
    .prefault({})
    .describe("What modules use together."),
  pinnedTLSCertificateSHA256Fingerprints: z
    .record(z.string(), z.array(fingerprint))
    .optional()
    .describe("Certificates that a host may show, by host name; it is not spoken to when it shows another."),
  enforceCertificatePinning: flag
    .prefault(false)
    .describe("The relay is not spoken to unless certificates are pinned for its host."),
  modules: modulesShape.prefault({}).describe("What the Connector does. A name that is not here is your own module."),
  accounts: z
    .record(z.string(), accountShape)
    .optional()
    .describe("Rapport's own: several identities in one process, by name."),
  legacyRealm: text.default("id1").describe("Rapport's own: `peerIdentity.realm` for clients of the first generation."),
  referenceScheme: z
    .string({ error: "must be a text" })
    .regex(/^[a-z][a-z0-9+.-]*$/, { error: "must be a URL scheme such as nmshd" })
    .default("nmshd")
    .describe("Rapport's own: scheme of the links in QR codes of gen1 and gen2."),
  docsBaseUrl: text
    .default("https://enmeshed.eu")
    .describe("Rapport's own: base of the documentation links in errors."),
});

/** A checked configuration with its defaults. */
export type ConnectorConfig = z.output<typeof configShape>;

/** What may be written in a configuration; modules of one's own are read, too, but have no type here. */
export type ConnectorConfigInput = Omit<z.input<typeof configShape>, "modules"> & { readonly modules?: ModulesInput };
